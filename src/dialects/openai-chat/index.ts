// OpenAI Chat Completions.
import type { JsonObject } from '../../json.ts'
import type { Dialect } from '../dialect.ts'
import { decodeAnswer } from './decode-answer.ts'
import { decodeRequest } from './decode-request.ts'
import { createDecoder } from './decode-stream.ts'
import { encodeAnswer } from './encode-answer.ts'
import { encodeRequest } from './encode-request.ts'
import { createEncoder } from './encode-stream.ts'
import { failStream, renderError } from './errors.ts'
import { inspect } from './inspect.ts'
import { prepare } from './prepare.ts'
import { toChunks } from './response.ts'
import { createChatTidy } from './stream.ts'
import { tidyAnswer } from './tidy-answer.ts'
import type { WireAnswer, WireChoice } from './wire.ts'

export const openAiChat: Dialect = {
  name: 'openai-chat',
  path: '/chat/completions',
  renderError,
  failStream,
  // A comment is the only thing that may be said in a silent stream.
  ping: ': keep-alive\n\n',
  inspect,
  prepare,
  createTidy: ({ facts, model, now, newId }) => createChatTidy({ includeUsage: facts.includeUsage, n: facts.n, model, now, newId }),
  toStream: (answer: JsonObject, { facts }) => toChunks(answer as WireAnswer & { choices: WireChoice[] }, facts.includeUsage),
  tidyAnswer,
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  createDecoder,
  encodeAnswer,
  createEncoder,
}
