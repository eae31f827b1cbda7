// The process: settings, store, sockets and signals.
import { hash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { DestinationStream } from 'pino'
import type { Config } from '../config.ts'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { createGateway } from '../gateway.ts'
import { createRecentErrors, newestOf } from '../recent-errors.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { systemClock } from '../system-clock.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { announce, originOf } from './announce.ts'
import { buildApp } from './app.ts'
import { bannerOf } from './banner.ts'
import { readEnvironment } from './environment.ts'
import { createInFlight } from './in-flight.ts'
import { nodeLimits, type NodeLimits } from './limits.ts'
import { listenProblem } from './listen-problem.ts'
import { createLog, pipeAtomic } from './log.ts'
import { createMemoryGuard, type MemoryOptions } from './memory-guard.ts'
import { meteredSend, meteredStore } from './metered.ts'
import { createMetrics } from './metrics.ts'
import { openStore } from './open-store.ts'
import type { Peers } from './peers.ts'
import type { RunningServer } from './running-server.ts'
import { createNodeSend } from './send.ts'
import { createSockets } from './sockets.ts'
import { exitWith, readConfigOrExit } from './start-or-exit.ts'
import { createTokenizer } from './tokenizer.ts'
import { superviseProcess } from './supervise.ts'
import { createTerminalLog } from './terminal-log.ts'
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
  /** If this process is one of several that serve together. */
  readonly peers?: Peers
}

/** How long the last error may take on its way to a client. */
const lastWordsMs = 1_000

/** Serves until it is closed. @throws {Error} when the store cannot be opened or the address is taken */
export async function startServer (config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  const { clock = systemClock, logTo, store: given, peers = null, staticRoot = findPages() } = options
  const limits = { ...nodeLimits, ...options.limits }
  const recentErrors = createRecentErrors(clock.now)
  const log = recentErrors.watch(createLog(config.logLevel, logTo, peers === null ? undefined : pipeAtomic))
  const store = given ?? await openStore(config, clock)
  const upstream = createNodeSend(config)
  // Without the token no client could read the counters, so nothing is counted.
  const metrics = config.adminToken === null ? null : await createMetrics(peers)
  const inFlight = createInFlight()
  const sockets = createSockets()
  const tokenizer = createTokenizer()
  const memory = createMemoryGuard({ share: peers?.count ?? 1, ...options.memory, onExhausted: () => {
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
    recentErrors: peers === null ? recentErrors : { list: async () => newestOf(await peers.ask('errors')) },
    version: packageJson.version,
    tokenizer: tokenizer.count,
    isLeaving: () => isLeaving,
    isFlushed: true,
    // Neither a name nor a password contains a line end. One digest with the secret in front is enough: no client sees
    // it, so no client can extend it.
    fingerprint: (username, password) => hash('sha256', `${secret}\n${username}\n${password}`, 'base64'),
    digest: text => hash('sha256', text, 'base64url'),
  })
  const app = await buildApp({ gateway, log, staticRoot, limits, inFlight, sockets, isLeaving: () => isLeaving,
    isDraining: () => isDraining, isTight: memory.isTight, meter: metrics?.meter ?? null })
  const stopWatching = watchWriteStalls(app.server, limits.writeStallMs)
  const sweeping = setInterval(() => {
    gateway.sweep()
  }, limits.checkMs).unref()
  const flushing = setInterval(() => void gateway.flush(), limits.flushMs).unref()
  await gateway.join()
  const origin = peers === null ? await listen(app, config) : await attach(app, peers)
  if (peers === null) announce(log, config, { origin, store: store?.kind ?? null })
  if (store?.kind === 'valkey') {
    void store.get(keys.probe).catch((err: unknown) => {
      log.warn({ event: 'store-probe', err }, 'the store does not answer')
    })
  }
  peers?.onQuestion(async question =>
    question === 'errors' ? JSON.stringify(recentErrors.list()) : await metrics?.snapshot() ?? '[]'
  )

  return {
    origin,
    store: store?.kind ?? null,
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
 * terminal it shows a banner and readable lines, otherwise JSON. `pages`: their folder, instead of the built pages.
 */
export async function serve ({ pages }: { readonly pages?: string | undefined } = {}): Promise<void> {
  const config = readConfigOrExit(readEnvironment())
  const life = superviseProcess()
  const { stdout } = process
  const server = await startServer(config, { ...(stdout.isTTY ? { logTo: createTerminalLog(stdout) } : {}),
    ...(pages === undefined ? {} : { staticRoot: resolve(pages) }), onExhausted: () => {
      life.end(1)
    } }).catch(exitWith)
  if (stdout.isTTY) stdout.write(bannerOf(config, server.origin, packageJson.version))
  life.run(server)
}

async function listen (app: FastifyInstance, config: Config): Promise<string> {
  await app.listen({ port: config.port, host: config.host }).catch((thrown: unknown) => {
    throw listenProblem(thrown, config)
  })
  return originOf(app.server.address() as AddressInfo, config.host)
}

async function attach (app: FastifyInstance, peers: Peers): Promise<string> {
  await app.ready()
  return peers.attach(app.server)
}

/** The built pages. A clone without them serves the sources, which work too, in many requests. */
function findPages (): string {
  const [built = '', sources = ''] = ['../../dist/pages/', '../../static/'].map(folder =>
    fileURLToPath(new URL(folder, import.meta.url))
  )
  return existsSync(built) ? built : sources
}
