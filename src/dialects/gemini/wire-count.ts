// Requests for a count of tokens, and their answers. `docs/spec/gemini.md#models-counts-embeddings`.
import { isObject, type JsonObject } from '../../json.ts'
import { given } from './wire.ts'

/** Clients send the contents alone, or a whole request. */
export function readCount (body: JsonObject): JsonObject {
  const request = given(body, 'generateContentRequest')
  return isObject(request) ? request : body
}

export function writeCount (tokens: number): JsonObject {
  return { totalTokens: tokens }
}
