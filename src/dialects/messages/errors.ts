// Errors in the form that Anthropic's SDK and Claude Code expect, and upstream's own errors inside an answer.
import type { ErrorRenderer } from '../../contract.ts'
import { statusOf, type GatewayError } from '../../errors.ts'
import { isObject } from '../../json.ts'
import { readFailure } from '../shared/failure-kinds.ts'
import { readOverflow } from '../shared/overflow.ts'

export function toAnthropicError (error: GatewayError, requestId?: string) {
  const overflow = overflowMessage(error)
  const { type, message } = overflow === null
    ? { type: anthropicType(error.status), message: error.message }
    : { type: 'invalid_request_error', message: overflow }
  const details = error.details === null ? {} : { details: error.details }
  return { type: 'error', error: { type, message, ...details },
    ...(requestId === undefined ? {} : { request_id: requestId }) } as const
}

/**
 * Upstream's 503 becomes 529, on which Anthropic's clients back off. The proxy's own 503 (store, draining) stays 503.
 */
export const renderAnthropicError: ErrorRenderer = (error, { id }) => ({
  status: error.status === 503 && !Object.hasOwn(statusOf, error.code)
    ? 529
    : readOverflow(error) === null
    ? error.status
    : 400,
  headers: { 'content-type': 'application/json; charset=utf-8', 'request-id': id, ...error.headers },
  body: JSON.stringify(toAnthropicError(error, id)),
})

/** Leaves open blocks open: a client must not take the partial answer for complete. */
export function failStream (error: GatewayError): string {
  return `event: error\ndata: ${JSON.stringify(toAnthropicError(error))}\n\n`
}

/**
 * Reads upstream's error event, or an error instead of an answer: Anthropic's envelope, a gateway's, or only
 * `{"message"}`.
 */
export function toAnswerError (value: Record<string, unknown>): GatewayError {
  const inner = isObject(value['error']) ? value['error'] : value
  const found = [inner['message'], value['message'], value['error']].find(text =>
    typeof text === 'string' && text !== ''
  )
  return readFailure({ ...inner, message: found })
}

/** The exact wording on which Claude Code compacts its history; null for any other error. */
function overflowMessage (error: GatewayError): string | null {
  const overflow = readOverflow(error)
  if (overflow === null) return null
  const { tokens, limit, answerTokens } = overflow
  if (tokens === null || limit === null) return 'prompt is too long'
  if (answerTokens !== null) {
    return `input length and \`max_tokens\` exceed context limit: ${tokens} + ${answerTokens} > ${limit}`
  }
  return `prompt is too long: ${tokens} tokens > ${limit} maximum`
}

function anthropicType (status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error'
    case 402:
      return 'billing_error'
    case 403:
      return 'permission_error'
    case 404:
      return 'not_found_error'
    case 408:
    case 504:
      return 'timeout_error'
    case 409:
      return 'conflict_error'
    case 413:
      return 'request_too_large'
    case 429:
      return 'rate_limit_error'
    case 503:
    case 529:
      return 'overloaded_error'
    default:
      return status >= 500 ? 'api_error' : 'invalid_request_error'
  }
}
