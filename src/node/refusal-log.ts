// Logs refusals that happen before there is a request: malformed HTTP, an unreadable address, an unknown expectation.
// The log contains nothing that the client sent, and a flood of refusals causes only a few lines.
import { addressPrefix } from '../audit.ts'
import type { Log } from '../contract.ts'
import { createLimiter } from '../limiter.ts'

export interface Refusal {
  readonly reqId: string
  readonly status: number
  /** Node's or Fastify's name of the fault. */
  readonly fault: string | undefined
  readonly address: string | undefined
}
export type RefusalLog = (refusal: Refusal) => void

const linesPerMinute = 30

export function createRefusalLog (log: Log, monotonic: () => number = () => performance.now()): RefusalLog {
  const lines = createLimiter({ perWindow: linesPerMinute, windowMs: 60_000, monotonic, keys: 1 })
  let unlogged = 0
  return ({ reqId, status, fault = 'unknown', address = '' }) => {
    if (lines.take('') > 0) return void unlogged++
    const detail = unlogged > 0 ? { detail: `${unlogged} more since the last line` } : {}
    unlogged = 0
    log.warn({ reqId, event: 'malformed-request', status, code: fault, address: addressPrefix(address), ...detail },
      'a request was refused that is not well-formed')
  }
}
