import type { Dialect } from '../dialect.ts'
import { createDecoder, decodeAnswer } from './decode-stream.ts'
import { decodeRequest } from './decode-request.ts'
import { encodeAnswer } from './encode-answer.ts'
import { encodeRequest } from './encode-request.ts'
import { createEncoder } from './encode-stream.ts'
import { failStream, renderError } from './errors.ts'
import { inspect } from './inspect.ts'
import { prepare } from './prepare.ts'
import { createTidy } from './tidy.ts'
import { tidyAnswer, toStream } from './tidy-answer.ts'

/** OpenAI Responses. A comment is the only thing that may be said in a silent stream: its SDKs throw at unknown events. */
export const openAiResponses: Dialect = {
  name: 'openai-responses',
  path: '/responses',
  ping: ': keep-alive\n\n',
  renderError,
  failStream,
  inspect,
  prepare,
  createTidy,
  toStream,
  tidyAnswer,
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  createDecoder,
  encodeAnswer,
  createEncoder,
}
