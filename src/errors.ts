// One error type and one table of codes. Code throws the error where it knows the cause, the runtime's edge catches it,
// and the route's renderer shapes it for the client.

/**
 * Every error code of this proxy that a client can get, with its HTTP status. docs/api.md lists the same rows; a test
 * compares them.
 */
export const statusOf = {
  invalid_request: 400,
  unsupported_parameter: 400,
  previous_response_not_found: 400,
  item_not_found: 400,
  invalid_api_key: 401,
  key_budget_exceeded: 402,
  github_token_rejected: 403,
  origin_not_allowed: 403,
  key_not_allowed: 403,
  model_not_allowed: 403,
  seat_not_allowed: 403,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  invite_limit: 409,
  key_limit: 409,
  seat_limit: 409,
  request_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  expectation_failed: 417,
  host_not_allowed: 421,
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
  copilot_token_unstable: 503,
  upstream_timeout: 504,
} as const

/** Our codes for upstream's refusals that have no name or several names. Upstream's other codes pass unchanged. */
export const upstreamStatusOf = {
  context_length_exceeded: 400,
  insufficient_quota: 402,
  upstream_forbidden: 403,
  misdirected_request: 421,
  upstream_rate_limited: 429,
  upstream_overloaded: 503,
} as const

/**
 * The refusals of the account routes, as states, which `/?status=` shows too. Any other code becomes a state by writing
 * it with hyphens.
 */
export const statusOfState = {
  'invalid': 400,
  'invalid-username': 400,
  'invalid-password': 400,
  'auth-failed': 403,
  'cross-site': 403,
  'github-rejected': 422,
  'rate-limited': 429,
  'kv-missing': 500,
  'store-unavailable': 503,
} as const

export type ErrorCode = keyof typeof statusOf
export type UpstreamCode = keyof typeof upstreamStatusOf
export type AccountState = keyof typeof statusOfState

export function isErrorCode (value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(statusOf, value)
}

const allStatuses: Readonly<Record<ErrorCode | AccountState, number>> = { ...statusOf, ...statusOfState }

export interface ErrorDetails {
  /** The faulty field, as a dotted path into the request. */
  readonly param?:
    | string
    | undefined
  /** Seconds; sent as `retry-after`. */
  readonly retryAfterSeconds?:
    | number
    | undefined
  /** Further fields of the error object that clients act on. Only Anthropic's form has a place for them. */
  readonly details?:
    | Readonly<Record<string, unknown>>
    | undefined
  /** Further reply headers, such as `allow`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly cause?: unknown
}

/** The only error that code throws on purpose. Clients may see its message; the cause stays in `cause`. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: string
  readonly status: number
  readonly param: string | null
  readonly details: Readonly<Record<string, unknown>> | null
  readonly headers: Readonly<Record<string, string>>

  constructor (code: ErrorCode | AccountState, message: string, details?: ErrorDetails)
  /** For upstream's own errors: keeps their status and code. */
  constructor (code: { readonly code: string, readonly status: number }, message: string, details?: ErrorDetails)
  constructor (
    code: ErrorCode | AccountState | { readonly code: string, readonly status: number },
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = typeof code === 'string' ? code : code.code
    this.status = typeof code === 'string' ? allStatuses[code] : code.status
    this.param = details.param ?? null
    this.details = details.details ?? null
    const retryAfter = details.retryAfterSeconds
    this.headers = { ...(isFinal(this.status) ? { 'x-should-retry': 'false' } : {}), ...details.headers,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }) }
  }
}

/**
 * Wrong credentials, a used-up quota or a refused account: a retry gives the same result. Without this, Claude Code
 * repeats a 401 eleven times.
 */
function isFinal (status: number): boolean {
  return status === 401 || status === 402 || status === 403
}

/** Any other error is a bug: the runtime logs all of it, and the client sees nothing of it. */
export function toGatewayError (thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  if (thrown instanceof ClientGone) {
    return new GatewayError({ code: 'client_gone', status: 499 }, thrown.message, { cause: thrown })
  }
  // `AbortSignal.timeout` causes this error. Only calls to upstream use it.
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') {
    return new GatewayError('upstream_timeout', 'Upstream did not answer in time.', { cause: thrown })
  }
  return new GatewayError('internal',
    'The gateway failed to handle this request. It is not your fault. The operator finds the cause in the log '
      + 'under this request id.', { cause: thrown })
}

export function tooLarge (maxBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The body is larger than ${maxBytes} bytes, the limit of this route.`)
}

/** The abort reason when a client leaves. That is no error, and no answer is sent. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
  constructor () {
    super('The client closed the connection')
  }
}
