// What the log says once the server listens: the warnings about its settings, and where it is.
import type { AddressInfo } from 'node:net'
import { isLoopback, type Config } from '../config.ts'
import type { Log } from '../contract.ts'
import { warningsOf } from './warnings.ts'

export interface Announced {
  readonly origin: string
  /** The kind of the store in use; null if none is configured. */
  readonly store:
    | string
    | null
  /** Worker processes. */
  readonly workers?: number
}

export function announce (log: Log, config: Config, { origin, store, workers }: Announced): void {
  for (const warning of warningsOf(config)) log.warn({ event: 'config' }, warning)
  log.info({ event: 'listening', detail: origin },
    `listening on ${origin}, store: ${
      store ?? `${config.store.kind}, not configured`
    }, registration: ${config.registration}${workers === undefined ? '' : `, workers: ${workers}`}`)
}

export function originOf ({ port, family, address }: AddressInfo, host: string): string {
  const name = isLoopback(host) ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return `http://${name}:${port}`
}
