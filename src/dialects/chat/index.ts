// OpenAI Chat Completions.
import type { JsonObject } from '../../json.ts'
import type { Dialect } from '../contract/dialect.ts'
import { decodeAnswer } from './answer/decode-answer.ts'
import { decodeInSteps, decodeRequest } from './request/decode-request.ts'
import { createDecoder } from './answer/decode-stream.ts'
import { encodeAnswer } from './answer/encode-answer.ts'
import { encodeInSteps, encodeRequest } from './request/encode-request.ts'
import { createEncoder } from './answer/encode-stream.ts'
import { failStream, renderError } from './errors.ts'
import { toChatShapes } from './request/normalise.ts'
import { inspect } from './inspect.ts'
import { prepare, prepareInSteps } from './native/prepare.ts'
import { recallReasoning, stateInMessages } from './native/prepare-reasoning.ts'
import { visitToolNames } from './native/repair-names.ts'
import { toChunks } from './native/repair-message.ts'
import { createChatRepair } from './native/repair-stream.ts'
import { repairAnswer } from './native/repair-answer.ts'
import type { WireAnswer, WireChoice } from './wire.ts'

export const openAiChat: Dialect = {
  name: 'openai-chat',
  path: '/chat/completions',
  preferredUpstreams: ['/chat/completions', '/responses', '/v1/messages'],
  stopField: 'stop',
  maxToolNameLength: 64,
  nativeStops: true,
  nativeFiles: false,
  renderError,
  failStream,
  // Only a comment may be sent in a silent stream.
  ping: ': keep-alive\n\n',
  normalise: toChatShapes,
  inspect,
  reasoningOf: stateInMessages,
  // Cursor sends a Responses body to the Chat route, and expects a Chat answer.
  foreignPath: ({ input, messages }) => input !== undefined && messages === undefined ? '/responses' : null,
  recallReasoning,
  prepare,
  prepareInSteps,
  createRepair: ({ facts, ...rest }) => createChatRepair({ includeUsage: facts.includeUsage, n: facts.n, ...rest }),
  toStream: (answer: JsonObject, { facts }) =>
    toChunks(answer as WireAnswer & { choices: WireChoice[] }, facts.includeUsage),
  repairAnswer,
  visitToolNames,
  decodeRequest,
  decodeInSteps,
  encodeRequest,
  encodeInSteps,
  decodeAnswer,
  createDecoder,
  encodeAnswer,
  createEncoder,
}
