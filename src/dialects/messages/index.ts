import type { Dialect } from '../contract/dialect.ts'
import { betasOf } from './native/prepare-betas.ts'
import { decodeAnswer } from './answer/decode-answer.ts'
import { createDecoder } from './answer/decode-stream.ts'
import { decodeInSteps, decodeRequest } from './request/decode-request.ts'
import { encodeAnswer } from './answer/encode-answer.ts'
import { encodeInSteps, encodeRequest } from './request/encode-request.ts'
import { createEncoder } from './answer/encode-stream.ts'
import { failStream, renderAnthropicError } from './errors.ts'
import { inspect } from './inspect.ts'
import { prepare, prepareInSteps } from './native/prepare.ts'
import { visitToolNames } from './native/repair-names.ts'
import { repairAnswer } from './native/repair-answer.ts'
import { createRepair } from './native/repair-stream.ts'
import { thinkingInMessages } from './native/prepare-reasoning.ts'
import { writeEvent } from './wire.ts'

export { betasOf } from './native/prepare-betas.ts'

/** Anthropic Messages. Its streams have their own event for silence. */
export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  path: '/v1/messages',
  preferredUpstreams: ['/v1/messages', '/responses', '/chat/completions'],
  stopField: 'stop_sequences',
  // Claude on Bedrock refuses longer names, and a request may reach any of Copilot's backends.
  maxToolNameLength: 64,
  nativeStops: true,
  nativeFiles: true,
  renderError: renderAnthropicError,
  ping: writeEvent('ping'),
  failStream,
  inspect,
  reasoningOf: thinkingInMessages,
  // Only Anthropic's own service warms its cache with such a request.
  answersLocally: body => body['max_tokens'] === 0,
  replyHeaders: requestId => ({ 'request-id': requestId }),
  prepare,
  prepareInSteps,
  createRepair,
  repairAnswer,
  visitToolNames,
  upstreamHeaders (received, body, target) {
    const betas = betasOf(received['anthropic-beta'], body, target)
    return { 'anthropic-version': '2023-06-01', ...(betas === null ? {} : { 'anthropic-beta': betas }) }
  },
  decodeRequest,
  decodeInSteps,
  encodeRequest,
  encodeInSteps,
  decodeAnswer,
  createDecoder,
  encodeAnswer,
  createEncoder,
}
