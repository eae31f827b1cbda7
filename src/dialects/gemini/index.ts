import type { ClientDialect } from '../contract/dialect.ts'
import { encodeAnswer } from './answer/encode-answer.ts'
import { failArray, failEvents } from './answer/encode-frame.ts'
import { createArrayEncoder, createEncoder } from './answer/encode-stream.ts'
import { renderGoogleError } from './errors.ts'
import { inspect } from './inspect.ts'
import { decodeInSteps, decodeRequest } from './request/decode-request.ts'
import { addressed, readAddress } from './wire-address.ts'
import { readCount, writeCount } from './wire-count.ts'
import { readEmbedding, readEmbeddings, writeEmbedding, writeEmbeddings } from './wire-embeddings.ts'
import { noModels, writeModel, writeModels } from './wire-models.ts'

/**
 * Google's Gemini API, for clients only: Copilot has no such endpoint. Comments break its clients' parsers, so that a
 * silent stream gets empty lines.
 */
export const googleGemini: ClientDialect = {
  name: 'google-gemini',
  // Messages keeps the order of blocks and the state of reasoning, and takes results with media.
  preferredUpstreams: ['/v1/messages', '/responses', '/chat/completions'],
  stopField: 'generationConfig.stopSequences',
  ping: '\n',
  renderError: renderGoogleError,
  failStream: failEvents,
  addressed,
  inspect,
  decodeRequest,
  decodeInSteps,
  encodeAnswer: (answer, options) => ({ ...encodeAnswer(answer, options) }),
  createEncoder,
}

/** The same, with a stream that is one JSON array. */
export const googleGeminiArray: ClientDialect = {
  ...googleGemini,
  failStream: failArray,
  replyHeaders: () => ({ 'content-type': 'application/json; charset=utf-8' }),
  createEncoder: createArrayEncoder,
}

/** What else Google's API serves. */
export const googleForms = {
  models: { none: noModels, list: writeModels, one: writeModel },
  count: { read: readCount, write: writeCount },
  embedding: { read: readEmbedding, write: writeEmbedding },
  embeddings: { read: readEmbeddings, write: writeEmbeddings },
  modelOf: (segment: string) => readAddress(segment).model,
  verbOf: (segment: string) => readAddress(segment).verb,
}
