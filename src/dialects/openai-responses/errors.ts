// Failures of Responses: told by upstream in the middle of an answer, and told to clients in the form they understand.
// `translation.md` 1.4.3, 2.9.1, 4.2.
import { randomBytes } from '../../bytes.ts'
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { readOverflow } from '../overflow.ts'
import { fields, text, writeEvent } from './wire.ts'

export { renderOpenAiError as renderError } from '../openai-error.ts'

const maxMessageLength = 4_096

/** @param value an `error` event, the `error` of a failed response, or the body of an error that came as a stream */
export function toFailure (value: unknown): GatewayError {
  const outer = fields(value)
  const inner = isObject(outer['error']) ? outer['error'] : outer
  const code = text(inner['code']).split(':')[0] || 'upstream_error'
  const message = text(inner['message']) || (typeof outer['error'] === 'string' ? outer['error'] : '') || 'Copilot broke the answer off with an error.'
  return new GatewayError({ code, status: statusOf(code) }, message.slice(0, maxMessageLength), { param: text(inner['param']) || undefined })
}

export function cutOff (): GatewayError {
  return new GatewayError('upstream_error', 'upstream stream ended before completion')
}

/** The `error` of a failed response: Codex acts on these codes, and reads from the message when to try again. */
export function toResponseError (error: GatewayError): { readonly code: string, readonly message: string } {
  const retryAfter = /^\d+$/.exec(error.headers['retry-after'] ?? '')?.[0]
  const hint = error.status === 429 && retryAfter !== undefined && !error.message.includes('try again in') ? ` Please try again in ${retryAfter}s.` : ''
  return { code: responseCode(error), message: error.message + hint }
}

/** When nothing was begun: an answer that exists only to fail, because clients take no failure before `response.created`. */
export function failStream (error: GatewayError): string {
  const id = `resp_${Array.from(randomBytes(16), byte => byte.toString(16).padStart(2, '0')).join('')}`
  const response: JsonObject = { id, object: 'response', created_at: Math.floor(Date.now() / 1_000), status: 'in_progress', error: null, incomplete_details: null, model: '', output: [], usage: null }
  return writeEvent({ type: 'response.created', sequence_number: 0, response }) +
    writeEvent({ type: 'response.failed', sequence_number: 1, response: { ...response, status: 'failed', error: toResponseError(error) } })
}

function responseCode (error: GatewayError): string {
  const { code, status } = error
  if (readOverflow(error) !== null) return 'context_length_exceeded'
  if (status === 429) return 'rate_limit_exceeded'
  if (status === 402) return 'insufficient_quota'
  if (status === 503) return 'server_is_overloaded'
  return code === 'upstream_error' || code === 'upstream_timeout' || code === 'internal' ? 'server_error' : code
}

/** The status that the failure would have had, had it come in time. */
function statusOf (code: string): number {
  if (/rate_limit|_limited$|_limit_exceeded$/.test(code)) return 429
  if (/quota/.test(code)) return 402
  if (/overloaded|service_unavailable/.test(code)) return 503
  if (/^(?:invalid_|image_|context_length_exceeded|model_max_prompt_tokens_exceeded|content_filter|bad_request|unsupported_)/.test(code)) return 400
  return 502
}
