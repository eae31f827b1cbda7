// Errors of Chat Completions, our own and upstream's, before and during a stream.
import { GatewayError } from '../../errors.ts'
import { isObject } from '../../json.ts'
import { readFailure } from '../shared/failure-kinds.ts'
import { toOpenAiError } from '../shared/openai-error.ts'

export { cutOff } from '../shared/cut-off.ts'
export { renderOpenAiError as renderError } from '../shared/openai-error.ts'

/** SDKs throw on a chunk with an `error`. No `[DONE]` follows it, so that no client takes the answer for complete. */
export function failStream (error: GatewayError): string {
  return `data: ${JSON.stringify(toOpenAiError(error))}\n\n`
}

/** Upstream's error in the middle of a stream or inside a 200. @param error its `error` member */
export function readError (error: unknown): GatewayError {
  return readFailure(isObject(error) ? error : { message: error })
}

/** For the finish reason `error`, which gives no details. */
export function brokenOff (): GatewayError {
  return new GatewayError('upstream_error', 'Copilot broke the answer off with an error.')
}
