// Errors of Chat Completions, before and inside a stream.
import type { GatewayError } from '../../errors.ts'
import { toOpenAiError } from '../openai-error.ts'

export { renderOpenAiError as renderError } from '../openai-error.ts'

/** SDKs throw on a chunk with an `error`; no `[DONE]` follows it, so that nobody takes the answer for complete. */
export function failStream (error: GatewayError): string {
  return `data: ${JSON.stringify(toOpenAiError(error))}\n\n`
}
