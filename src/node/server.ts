// The process: settings, store, sockets and signals.
import { createHmac, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import dotenv from 'dotenv'
import type { DestinationStream } from 'pino'
import { lengthPrefixed } from '../bytes.ts'
import { ConfigError, isLoopback, readConfig, type Config } from '../config.ts'
import type { Clock } from '../contract.ts'
import { createGateway } from '../gateway.ts'
import type { Store } from '../store/store.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { createLogger, toLog } from './log.ts'
import { openStore } from './open-store.ts'
import { createNodeSend } from './send.ts'
import { countTokens } from './tokenizer.ts'

export interface RunningServer { readonly origin: string, readonly close: () => Promise<void> }
export interface ServerOptions {
  readonly clock?: Clock
  /** Where log lines go instead of standard output. */
  readonly logTo?: DestinationStream
  /** Used instead of the one that the settings choose; closing it is the caller's business. */
  readonly store?: Store
  readonly staticRoot?: string
}

const systemClock: Clock = { now: Date.now, monotonic: () => performance.now() }

/** Serves until it is closed. @throws {Error} when the store cannot be opened or the address is taken */
export async function startServer (config: Config, { clock = systemClock, logTo, store: given, staticRoot = fileURLToPath(new URL('../../static/', import.meta.url)) }: ServerOptions = {}): Promise<RunningServer> {
  const log = toLog(createLogger(config.logLevel, logTo))
  const store = given ?? await openStore(config, clock)
  const upstream = createNodeSend(config)
  let isDraining = false
  const key = randomBytes(32)
  const gateway = createGateway(config, {
    store, clock, log,
    send: upstream.send,
    version: packageJson.version,
    tokenizer: countTokens,
    isDraining: () => isDraining,
    fingerprint: (username, password) => createHmac('sha256', key).update(lengthPrefixed(username, password)).digest('base64'),
  })
  const app = await buildApp({ gateway, log, staticRoot })
  await app.listen({ port: config.port, host: config.host })
  const origin = originOf(app.server.address() as AddressInfo, config.host)
  for (const warning of warningsOf(config)) log.warn({ event: 'config' }, warning)
  log.info({ event: 'listening', detail: origin }, `listening on ${origin}, store: ${store?.kind ?? `${config.store.kind}, not configured`}, registration: ${config.registration}`)

  return {
    origin,
    async close () {
      isDraining = true
      // Streams may end by themselves for so long; then their connections are cut, which no client takes for a good end.
      const limit = setTimeout(() => { app.server.closeAllConnections() }, config.shutdownSeconds * 1_000)
      await app.close()
      clearTimeout(limit)
      await upstream.close()
      if (given === undefined) await store?.close()
    },
  }
}

/** `npm start`: settings from the environment and `.env`, and an end in order on SIGTERM and SIGINT. */
export async function serve (): Promise<void> {
  dotenv.config({ quiet: true })
  const server = await startServer(readConfigOrExit(process.env)).catch(exitWith)
  let isClosing = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isClosing) process.exit(1)
      isClosing = true
      server.close().then(() => process.exit(0), exitWith)
    })
  }
}

function readConfigOrExit (env: NodeJS.ProcessEnv): Config {
  try { return readConfig(env) } catch (thrown) {
    if (thrown instanceof ConfigError) exitWith(thrown)
    throw thrown
  }
}

function exitWith (thrown: unknown): never {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exit(1)
}

function warningsOf (config: Config): readonly string[] {
  const isOpen = config.registration === 'open' && !isLoopback(config.host)
  return isOpen ? [...config.warnings, 'REGISTRATION is open on an address beyond loopback: anyone who reaches it can make a user. Set REGISTRATION=code or closed.'] : config.warnings
}

function originOf ({ port, family, address }: AddressInfo, host: string): string {
  const name = isLoopback(host) ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return `http://${name}:${port}`
}
