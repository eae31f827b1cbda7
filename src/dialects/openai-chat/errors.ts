// Errors of Chat Completions, before and inside a stream, ours and upstream's.
import { GatewayError } from '../../errors.ts'
import { isObject } from '../../json.ts'
import { toOpenAiError } from '../openai-error.ts'

export { renderOpenAiError as renderError } from '../openai-error.ts'

/** SDKs throw on a chunk with an `error`; no `[DONE]` follows it, so that nobody takes the answer for complete. */
export function failStream (error: GatewayError): string {
  return `data: ${JSON.stringify(toOpenAiError(error))}\n\n`
}

/** What upstream said went wrong, in the middle of a stream or inside a 200. @param said its `error` member */
export function readError (said: unknown): GatewayError {
  const error = isObject(said) ? said : { message: said }
  const text = (name: string) => typeof error[name] === 'string' && error[name] !== '' ? error[name].slice(0, 4_096) : null
  return new GatewayError({ code: text('code') ?? 'upstream_error', status: 502 }, text('message') ?? 'Copilot broke the answer off with an error.')
}

/** For a finish reason of `error`, which says no more than that. */
export function brokenOff (): GatewayError {
  return new GatewayError('upstream_error', 'Copilot broke the answer off with an error.')
}

/** In the words of `translation.md` 3.2, rule 5. */
export function cutOff (): GatewayError {
  return new GatewayError('upstream_error', 'upstream stream ended before completion')
}
