// The core's HTTP client: a `Send` function that the runtime provides (undici on Node, fetch on Workers).
import type { Bytes, Headers, ReceivedHeaders } from '../contract.ts'
import type { UpstreamBody } from '../body.ts'
import { GatewayError } from '../errors.ts'

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  /** All headers, built from scratch: none comes from the client. */
  readonly headers: Headers
  readonly body:
    | Bytes
    | string
    | null
  /** Aborts the request and the reading of its body. */
  readonly signal: AbortSignal
  /** Milliseconds until the status line must arrive. */
  readonly headersMs: number
}

export interface UpstreamResponse {
  readonly status: number
  /** Lower-case names. Of a repeated header, the first value counts. */
  readonly headers: ReceivedHeaders
  readonly body: UpstreamBody
}

/** No byte of the request was sent. Another request to the same host would fail in the same way, and as slowly. */
export class UpstreamUnreachable extends GatewayError {
  constructor (cause: unknown) {
    super('upstream_error', 'Upstream cannot be reached.', { cause })
  }
}

/**
 * Sends one request and follows no redirect. Tries once more if it cannot connect, but repeats nothing once a byte of
 * the request may have been sent.
 * @throws {UpstreamUnreachable} when no connection could be made
 * @throws {GatewayError} `upstream_error` when the connection broke, `upstream_timeout` after `headersMs`
 * @throws {ClientGone} or the signal's own reason, when the signal aborts
 */
export type Send = (request: UpstreamRequest) => Promise<UpstreamResponse>
