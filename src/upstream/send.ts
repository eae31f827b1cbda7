// How the core speaks HTTP: through a `Send` that the runtime gives it (undici on Node, fetch on Workers).
import type { Bytes, Headers, ReceivedHeaders } from '../contract.ts'
import type { UpstreamBody } from '../body.ts'

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** The whole set: built from scratch, nothing of a client's is in it. */
  readonly headers: Headers
  readonly body: Bytes | string | null
  /** Aborts the request and the body that follows. */
  readonly signal: AbortSignal
  /** Milliseconds until the status line must have come. */
  readonly headersMs: number
}

export interface UpstreamResponse {
  readonly status: number
  /** Lower-case names; of a repeated header the first. */
  readonly headers: ReceivedHeaders
  readonly body: UpstreamBody
}

/**
 * Sends one request and follows no redirect. A connection that could not be made is tried once more; nothing is ever
 * repeated once a byte of the request may have left.
 * @throws {GatewayError} `upstream_error` when upstream cannot be reached or broke, `upstream_timeout` after `headersMs`
 * @throws {ClientGone} or the signal's own reason, when it was aborted
 */
export type Send = (request: UpstreamRequest) => Promise<UpstreamResponse>
