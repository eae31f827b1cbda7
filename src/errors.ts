// One error type and one table of codes. Thrown where the cause is known, caught at a runtime's edge, shaped for the
// client by the route's own renderer.

/** Every code of this proxy's own that a client can meet, with its HTTP status. The README lists the same rows; a test compares them. */
export const statusOf = {
  invalid_request: 400,
  unsupported_parameter: 400,
  previous_response_not_found: 400,
  item_not_found: 400,
  invalid_api_key: 401,
  github_token_rejected: 403,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  request_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  expectation_failed: 417,
  websocket_unsupported: 426,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  upstream_error: 502,
  store_unavailable: 503,
  pepper_missing: 503,
  record_unreadable: 503,
  overloaded: 503,
  draining: 503,
  upstream_timeout: 504,
} as const

/** What upstream's refusals are called here where upstream gives them no name, or too many. Its own names pass as they are. */
export const upstreamStatusOf = {
  context_length_exceeded: 400,
  insufficient_quota: 402,
  upstream_forbidden: 403,
  misdirected_request: 421,
  upstream_rate_limited: 429,
  upstream_overloaded: 503,
} as const

/** What the account routes refuse, as states: those that `/?status=` shows too. Of every other code they make a state, with hyphens. */
export const statusOfState = {
  'invalid': 400,
  'invalid-username': 400,
  'invalid-password': 400,
  'auth-failed': 403,
  'registration-closed': 403,
  'invalid-code': 403,
  'cross-site': 403,
  'github-rejected': 422,
  'rate-limited': 429,
  'kv-missing': 500,
  'store-unavailable': 503,
} as const

export type ErrorCode = keyof typeof statusOf
export type UpstreamCode = keyof typeof upstreamStatusOf
export type AccountState = keyof typeof statusOfState

const allStatuses: Readonly<Record<ErrorCode | AccountState, number>> = { ...statusOf, ...statusOfState }

export interface ErrorDetails {
  /** What the client did wrong, as a dotted path into its request. */
  readonly param?: string | undefined
  /** Seconds; sent as `retry-after`. */
  readonly retryAfterSeconds?: number | undefined
  /** Further reply headers, such as `allow`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly cause?: unknown
}

/** The one error thrown on purpose. Its message is safe to show; what caused it stays in `cause`. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: string
  readonly status: number
  readonly param: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor (code: ErrorCode | AccountState, message: string, details?: ErrorDetails)
  /** For what upstream says in words of its own: status and code are given. */
  constructor (code: { readonly code: string, readonly status: number }, message: string, details?: ErrorDetails)
  constructor (code: ErrorCode | AccountState | { readonly code: string, readonly status: number }, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = typeof code === 'string' ? code : code.code
    this.status = typeof code === 'string' ? allStatuses[code] : code.status
    this.param = details.param ?? null
    const retryAfter = details.retryAfterSeconds
    this.headers = { ...details.headers, ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }) }
  }
}

/** Anything but a GatewayError is a bug: the runtime logs it whole, the client is shown nothing of it. */
export function toGatewayError (thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  if (thrown instanceof ClientGone) return new GatewayError({ code: 'client_gone', status: 499 }, thrown.message, { cause: thrown })
  // From `AbortSignal.timeout`, which bounds calls to upstream and nothing else.
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return new GatewayError('upstream_timeout', 'Upstream did not answer in time.', { cause: thrown })
  return new GatewayError('internal', 'The gateway failed to handle this request. It is not your fault; the operator finds the cause in the log under this request id.', { cause: thrown })
}

export function tooLarge (maxBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The body is larger than ${maxBytes} bytes, the most this route takes.`)
}

/** The reason that stands behind an abort: a client that left is no error, and nobody is told. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
  constructor () { super('The client closed the connection') }
}
