import type { Dialect } from '../contract/dialect.ts'
import { decodeAnswer } from './answer/decode-answer.ts'
import { createDecoder } from './answer/decode-stream.ts'
import { decodeInSteps, decodeRequest } from './request/decode-request.ts'
import { encodeAnswer } from './answer/encode-answer.ts'
import { encodeInSteps, encodeRequest } from './request/encode-request.ts'
import { listInput, referencesOf, rememberResponse, resolveReferences } from './request/normalise-references.ts'
import { createEncoder } from './answer/encode-stream.ts'
import { compactions } from './compactions.ts'
import { failStream, renderError } from './errors.ts'
import { inspect } from './inspect.ts'
import { prepare, prepareInSteps } from './native/prepare.ts'
import { reasoningInInput, recallReasoning } from './native/prepare-reasoning.ts'
import { socket } from './socket.ts'
import { searchQuestion } from './search-question.ts'
import { visitToolNames } from './native/repair-names.ts'
import { createRepair } from './native/repair-stream.ts'
import { repairAnswer, toStream } from './native/repair-answer.ts'
import { warmUp } from './warm-up.ts'

/** OpenAI Responses. Only a comment may be sent in a silent stream, because its SDKs throw on unknown events. */
export const openAiResponses: Dialect = {
  name: 'openai-responses',
  path: '/responses',
  // Chat preserves neither the order of blocks nor the reasoning state.
  preferredUpstreams: ['/responses', '/v1/messages', '/chat/completions'],
  stopField: 'stop',
  maxToolNameLength: 64,
  nativeStops: false,
  nativeFiles: true,
  ping: ': keep-alive\n\n',
  renderError,
  failStream,
  inspect,
  referencesOf,
  reasoningOf: reasoningInInput,
  listInput,
  resolveReferences,
  rememberResponse,
  compactions,
  warmUp,
  socket,
  searchQuestion,
  recallReasoning,
  prepare,
  prepareInSteps,
  createRepair,
  toStream,
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
