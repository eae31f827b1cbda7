// Errors as Anthropic's SDK and Claude Code expect them.
import type { ErrorRenderer } from '../../contract.ts'
import type { GatewayError } from '../../errors.ts'

export function toAnthropicError ({ message, status }: GatewayError, requestId?: string) {
  return { type: 'error', error: { type: anthropicType(status), message }, ...(requestId === undefined ? {} : { request_id: requestId }) } as const
}

/** 503 becomes 529, which Anthropic's clients back off on; the proxy's own 503 (store, drain) say so too. */
export const renderAnthropicError: ErrorRenderer = (error, { id }) => ({
  status: error.code === 'upstream_overloaded' ? 529 : error.status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'request-id': id, ...error.headers },
  body: JSON.stringify(toAnthropicError(error, id)),
})

function anthropicType (status: number): string {
  switch (status) {
    case 401: return 'authentication_error'
    case 402: return 'billing_error'
    case 403: return 'permission_error'
    case 404: return 'not_found_error'
    case 408: case 504: return 'timeout_error'
    case 409: return 'conflict_error'
    case 413: return 'request_too_large'
    case 429: return 'rate_limit_error'
    case 503: case 529: return 'overloaded_error'
    default: return status >= 500 ? 'api_error' : 'invalid_request_error'
  }
}
