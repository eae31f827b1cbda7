// Errors as Anthropic's SDK and Claude Code expect them, and upstream's own as they come inside an answer.
import type { ErrorRenderer } from '../../contract.ts'
import { GatewayError, type ErrorCode, type UpstreamCode } from '../../errors.ts'
import { isObject } from '../../json.ts'
import { readOverflow } from '../overflow.ts'

export function toAnthropicError (error: GatewayError, requestId?: string) {
  const overflow = overflowMessage(error)
  const { type, message } = overflow === null ? { type: anthropicType(error.status), message: error.message } : { type: 'invalid_request_error', message: overflow }
  return { type: 'error', error: { type, message }, ...(requestId === undefined ? {} : { request_id: requestId }) } as const
}

/** 503 becomes 529, which Anthropic's clients back off on; the proxy's own 503 (store, drain) say so too. */
export const renderAnthropicError: ErrorRenderer = (error, { id }) => ({
  status: error.code === 'upstream_overloaded' ? 529 : readOverflow(error) === null ? error.status : 400,
  headers: { 'content-type': 'application/json; charset=utf-8', 'request-id': id, ...error.headers },
  body: JSON.stringify(toAnthropicError(error, id)),
})

/** Open blocks stay open: a client must not take what it has for the whole. */
export function failStream (error: GatewayError): string {
  return `event: error\ndata: ${JSON.stringify(toAnthropicError(error))}\n\n`
}

/** Upstream's error event, or an error in place of an answer: Anthropic's envelope, a gateway's, or `{"message"}` alone. */
export function toAnswerError (value: Record<string, unknown>): GatewayError {
  const inner = isObject(value['error']) ? value['error'] : value
  const said = [inner['message'], value['message'], value['error']].find(text => typeof text === 'string' && text !== '')
  const message = typeof said === 'string' ? said.slice(0, 4_096) : 'Copilot broke the answer off with an error.'
  const type = typeof inner['type'] === 'string' ? inner['type'] : ''
  const { status, code } = kinds[type] ?? { status: 502, code: 'upstream_error' }
  const said402 = status === 402 ? { headers: { 'x-should-retry': 'false' } } : {}
  return new GatewayError({ status, code: typeof inner['code'] === 'string' && inner['code'] !== '' ? inner['code'].slice(0, 128) : code }, message, said402)
}

/** `authentication_error` is not among them: it is about this proxy's credentials, not the client's. */
const kinds: Readonly<Record<string, { readonly status: number, readonly code: ErrorCode | UpstreamCode }>> = Object.assign(Object.create(null) as object, {
  invalid_request_error: { status: 400, code: 'invalid_request' },
  billing_error: { status: 402, code: 'insufficient_quota' },
  permission_error: { status: 403, code: 'upstream_forbidden' },
  not_found_error: { status: 404, code: 'not_found' },
  request_too_large: { status: 413, code: 'request_too_large' },
  rate_limit_error: { status: 429, code: 'upstream_rate_limited' },
  overloaded_error: { status: 503, code: 'upstream_overloaded' },
  timeout_error: { status: 504, code: 'upstream_timeout' },
} as const)

/** The very words on which Claude Code compacts; null for any other error. */
function overflowMessage (error: GatewayError): string | null {
  const overflow = readOverflow(error)
  if (overflow === null) return null
  const { tokens, limit, answerTokens } = overflow
  if (tokens === null || limit === null) return 'prompt is too long'
  if (answerTokens !== null) return `input length and \`max_tokens\` exceed context limit: ${tokens} + ${answerTokens} > ${limit}`
  return `prompt is too long: ${tokens} tokens > ${limit} maximum`
}

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
