// Failures in Responses: reads upstream's in the middle of an answer, and writes them in a form that clients
// understand. `docs/spec/translation.md#stream-errors`, `docs/spec/translation.md#codex`.
import { randomBytes } from '../../bytes.ts'
import type { ErrorRenderer } from '../../contract.ts'
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { cutOff } from '../shared/cut-off.ts'
import { codexCode, readFailure } from '../shared/failure-kinds.ts'
import { readOverflow } from '../shared/overflow.ts'
import { renderOpenAiError } from '../shared/openai-error.ts'
import { completeResponse } from './wire-response.ts'
import { fields, text, writeEvent } from './wire.ts'

export { cutOff } from '../shared/cut-off.ts'

/**
 * A used-up quota becomes 429: Codex stops at that code, but repeats a 402 five times. With `retry-after` it would wait
 * and repeat that too. Any other 429 needs the header, because Codex gives up without, and a 502 gets one to spread
 * Codex's thirty repetitions.
 */
export const renderError: ErrorRenderer = (error, request) => {
  if (error.status === 402) {
    const { 'retry-after': _after, 'retry-after-ms': _afterMs, ...headers } = error.headers
    const code = error.code === 'key_budget_exceeded' ? error.code : 'insufficient_quota'
    return renderOpenAiError(as({ code, status: 429 }, error, headers), request)
  }
  const wait = defaultWaits[error.status]
  if (wait === undefined || error.headers['x-should-retry'] === 'false' || readOverflow(error) !== null) {
    return renderOpenAiError(error, request)
  }
  return renderOpenAiError(as(error, error, { 'retry-after': wait, ...error.headers }), request)
}

/** Seconds. */
const defaultWaits: Readonly<Record<number, string>> = { 429: '5', 502: '2' }

function as (
  code: { readonly code: string, readonly status: number },
  { message, param }: GatewayError,
  headers: GatewayError['headers'],
): GatewayError {
  return new GatewayError({ code: code.code, status: code.status }, message, { param: param ?? undefined, headers })
}

/** @param value an `error` event, the `error` of a failed response, or an error body that arrived as a stream */
export function toFailure (value: unknown): GatewayError {
  const outer = fields(value)
  const inner = isObject(outer['error']) ? outer['error'] : outer
  const message = text(inner['message']) || (typeof outer['error'] === 'string' ? outer['error'] : '')
  return readFailure({ ...inner, message })
}

/** The `error` of a failed response. Codex acts on its code, and reads the retry time from its message. */
export function toResponseError (error: GatewayError): { readonly code: string, readonly message: string } {
  const retryAfter = /^\d+$/.exec(error.headers['retry-after'] ?? '')?.[0]
  const hint = error.status === 429 && retryAfter !== undefined && !error.message.includes('try again in')
    ? ` Please try again in ${retryAfter}s.`
    : ''
  return { code: codexCode(error), message: error.message + hint }
}

/** If no answer has begun, starts one only to fail it, because clients accept no failure before `response.created`. */
export function failStream (error: GatewayError): string {
  const id = `resp_${Array.from(randomBytes(16), byte => byte.toString(16).padStart(2, '0')).join('')}`
  const response = completeResponse({ id, object: 'response', created_at: Math.floor(Date.now() / 1_000),
    status: 'in_progress', model: '' })
  return writeEvent({ type: 'response.created', sequence_number: 0, response })
    + writeEvent({ type: 'response.failed', sequence_number: 1,
      response: { ...response, status: 'failed', error: toResponseError(error) } })
}

/** @throws {GatewayError} */
export function refuseFailure (answer: JsonObject): void {
  const { status, error, output } = answer
  if (status === 'failed' || (isObject(error) && !Array.isArray(output))) throw toFailure(answer)
  if (status === 'cancelled') throw new GatewayError('upstream_error', 'Copilot cancelled the answer.')
  if (!Array.isArray(output)) {
    throw new GatewayError('upstream_error', "Copilot's answer is not a response.")
  }
  if (status !== 'completed' && status !== 'incomplete') {
    throw new GatewayError('upstream_error', "Copilot's answer has no final status.")
  }
}

/** Refuses an event that ends the stream with an unfinished response. @throws {GatewayError} */
export function refuseUnended (response: JsonObject): void {
  const { status } = response
  if (status === 'failed') throw toFailure(response)
  if (status === 'in_progress' || status === 'queued' || status === 'cancelled') throw cutOff()
}
