import type { Dialect } from '../dialect.ts'
import { betasOf } from './betas.ts'
import { createDecoder, decodeAnswer } from './decode-answer.ts'
import { decodeRequest } from './decode-request.ts'
import { encodeAnswer } from './encode-answer.ts'
import { encodeRequest } from './encode-request.ts'
import { createEncoder } from './encode-stream.ts'
import { failStream, renderAnthropicError } from './errors.ts'
import { inspect } from './inspect.ts'
import { prepare } from './prepare.ts'
import { createTidy, tidyAnswer } from './tidy.ts'
import { writeEvent } from './wire.ts'

export { betasOf } from './betas.ts'

/** Anthropic Messages. Its streams have an event of their own for silence. */
export const anthropicMessages: Dialect = {
  name: 'anthropic-messages', path: '/v1/messages', renderError: renderAnthropicError, ping: writeEvent('ping'), failStream,
  inspect, prepare, createTidy, tidyAnswer,
  upstreamHeaders (received, body, target) {
    const betas = betasOf(received['anthropic-beta'], body, target)
    return { 'anthropic-version': '2023-06-01', ...(betas === null ? {} : { 'anthropic-beta': betas }) }
  },
  decodeRequest, encodeRequest, decodeAnswer, createDecoder, encodeAnswer, createEncoder,
}
