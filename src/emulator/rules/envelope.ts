// The forms of a refusal. Copilot wraps most errors of its providers, and forwards some unchanged.
import { alphanumeric } from '../random.ts'
import { json, plain, refuse, refuseFlat } from '../reply.ts'
import type { ErrorResponse } from '@anthropic-ai/sdk/resources/shared'
import type { Reply } from '../reply.ts'

export type Envelope =
  /** `{"error":{"message","code":"invalid_request_body"}}`, JSON with the content type of plain text. */
  | 'wrapped'
  /** The same with another code. */
  | { readonly code: string }
  /** `{"message"}`, on the messages endpoint. */
  | 'flat'
  /** Anthropic's own error. */
  | 'provider'
  /** `Bad Request\n`, without any detail. */
  | 'blank'
  /** The 413 of Copilot's edge, and that of its parser. */
  | 'too-large'
  | 'unparsed'

export function wrap (envelope: Envelope, words: string): Reply {
  switch (envelope) {
    case 'wrapped':
      return refuse(400, words, 'invalid_request_body')
    case 'flat':
      return refuseFlat(words)
    case 'provider':
      return json(400, providerError(words))
    case 'blank':
      return plain(400, 'Bad Request')
    case 'too-large':
      return plain(413, 'Request Entity Too Large')
    case 'unparsed':
      return refuse(413, 'failed to parse request')
    default:
      return refuse(400, words, envelope.code)
  }
}

function providerError (message: string): ErrorResponse {
  return { type: 'error', error: { type: 'invalid_request_error', message }, request_id: `req_${alphanumeric(24)}` }
}
