// The process: settings, store, sockets and signals.
import { hash, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { DestinationStream } from 'pino'
import { ConfigError, isLoopback, readConfig, type Config } from '../config.ts'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { createGateway } from '../gateway.ts'
import { createRecentErrors } from '../recent-errors.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { systemClock } from '../system-clock.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { bannerOf } from './banner.ts'
import { readEnvironment, type Environment } from './environment.ts'
import { createInFlight } from './in-flight.ts'
import { nodeLimits, type NodeLimits } from './limits.ts'
import { listenProblem } from './listen-problem.ts'
import { createLog } from './log.ts'
import { createMemoryGuard, type MemoryOptions } from './memory-guard.ts'
import { meteredSend, meteredStore } from './metered.ts'
import { createMetrics } from './metrics.ts'
import { openStore } from './open-store.ts'
import type { RunningServer } from './running-server.ts'
import { createNodeSend } from './send.ts'
import { createSockets } from './sockets.ts'
import { createTokenizer } from './tokenizer.ts'
import { superviseProcess } from './supervise.ts'
import { createTerminalLog } from './terminal-log.ts'
import { warningsOf } from './warnings.ts'
import { watchWriteStalls } from './write-stall.ts'

export interface ServerOptions {
  readonly clock?: Clock
  /** Where log lines go instead of standard output. */
  readonly logTo?: DestinationStream
  /** Replaces the store that the settings choose. The caller closes it. */
  readonly store?: Store
  readonly staticRoot?: string
  readonly limits?: Partial<NodeLimits>
  readonly memory?: Omit<MemoryOptions, 'onExhausted'>
  /** Called when only a restart helps. */
  readonly onExhausted?: () => void
}

/** How long the last error may take on its way to a client. */
const lastWordsMs = 1_000

/** Serves until it is closed. @throws {Error} when the store cannot be opened or the address is taken */
export async function startServer (config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  const { clock = systemClock, logTo, store: given,
    staticRoot = fileURLToPath(new URL('../../static/', import.meta.url)) } = options
  const limits = { ...nodeLimits, ...options.limits }
  const recentErrors = createRecentErrors(clock.now)
  const log = recentErrors.watch(createLog(config.logLevel, logTo))
  const store = given ?? await openStore(config, clock)
  const upstream = createNodeSend(config)
  // Without the token no client could read the counters, so nothing is counted.
  const metrics = config.adminToken === null ? null : await createMetrics()
  const inFlight = createInFlight()
  const sockets = createSockets()
  const tokenizer = createTokenizer()
  const memory = createMemoryGuard({ ...options.memory, onExhausted: () => {
    log.error({ event: 'memory' }, 'memory is nearly used up')
    options.onExhausted?.()
  } })
  const hurried = new AbortController()
  let isLeaving = false
  let isDraining = false
  const secret = randomBytes(32).toString('base64')
  const gateway = createGateway(config, {
    clock,
    log,
    store: metrics === null || store === null ? store : meteredStore(store, metrics.meter),
    send: metrics === null
      ? upstream.send
      : meteredSend(upstream.send, metrics.meter, [config.githubApiBaseUrl, config.githubBaseUrl]),
    ...metrics,
    recentErrors,
    version: packageJson.version,
    tokenizer: tokenizer.count,
    isLeaving: () => isLeaving,
    isFlushed: true,
    // Neither a name nor a password contains a line end. One digest with the secret in front is enough: no client sees
    // it, so no client can extend it.
    fingerprint: (username, password) => hash('sha256', `${secret}\n${username}\n${password}`, 'base64'),
  })
  const app = await buildApp({ gateway, log, staticRoot, limits, inFlight, sockets, isLeaving: () => isLeaving,
    isDraining: () => isDraining, isTight: memory.isTight, meter: metrics?.meter ?? null })
  const stopWatching = watchWriteStalls(app.server, limits.writeStallMs)
  const sweeping = setInterval(() => {
    gateway.sweep()
  }, limits.checkMs).unref()
  const flushing = setInterval(() => void gateway.flush(), limits.flushMs).unref()
  await gateway.join()
  await app.listen({ port: config.port, host: config.host }).catch((thrown: unknown) => {
    throw listenProblem(thrown, config)
  })
  const origin = originOf(app.server.address() as AddressInfo, config.host)
  for (const warning of warningsOf(config)) log.warn({ event: 'config' }, warning)
  if (store?.kind === 'valkey') {
    void store.get(keys.probe).catch((err: unknown) => {
      log.warn({ event: 'store-probe', err }, 'the store does not answer')
    })
  }
  log.info({ event: 'listening', detail: origin },
    `listening on ${origin}, store: ${
      store?.kind ?? `${config.store.kind}, not configured`
    }, registration: ${config.registration}`)

  return {
    origin,
    log,
    hurry: () => {
      hurried.abort()
    },
    leave () {
      isLeaving = true
    },
    async close () {
      isLeaving = isDraining = true
      app.server.closeIdleConnections()
      sockets.drain()
      if (!await inFlight.idle(config.shutdownSeconds * 1_000, hurried.signal)) {
        inFlight.abortAll(
          new GatewayError('draining', 'This proxy is about to end. Try again in a moment.', { retryAfterSeconds: 1 }),
        )
        await inFlight.idle(lastWordsMs)
      }
      await sockets.cut(hurried.signal.aborted ? 0 : lastWordsMs)
      memory.stop()
      stopWatching()
      clearInterval(sweeping)
      clearInterval(flushing)
      app.server.closeAllConnections()
      await app.close()
      await gateway.flush(true)
      await upstream.close()
      await tokenizer.close()
      if (given === undefined) await store?.close()
    },
  }
}

/**
 * `npm start`: reads the environment and `.env`, and shuts down in order on SIGTERM, on SIGINT and after a bug. On a
 * terminal it shows a banner and readable lines, otherwise JSON.
 */
export async function serve (): Promise<void> {
  const config = readConfigOrExit(readEnvironment())
  const life = superviseProcess()
  const { stdout } = process
  const server = await startServer(config, { ...(stdout.isTTY ? { logTo: createTerminalLog(stdout) } : {}),
    onExhausted: () => {
      life.end(1)
    } }).catch(exitWith)
  if (stdout.isTTY) stdout.write(bannerOf(config, server.origin, packageJson.version))
  life.run(server)
}

function readConfigOrExit (env: Environment): Config {
  try {
    return readConfig(env)
  } catch (thrown) {
    if (thrown instanceof ConfigError) exitWith(thrown)
    throw thrown
  }
}

function exitWith (thrown: unknown): never {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exit(1)
}

function originOf ({ port, family, address }: AddressInfo, host: string): string {
  const name = isLoopback(host) ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return `http://${name}:${port}`
}
