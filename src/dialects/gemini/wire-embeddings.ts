// Requests for embeddings, one or many, and their answers. `docs/spec/gemini.md#models-counts-embeddings`.
import { isObject, type JsonObject } from '../../json.ts'
import { given, mustBe, numberOf, objectsOf, partsOf, text } from './wire.ts'

export interface EmbeddingCall {
  readonly input: readonly string[]
  readonly dimensions: number | null
}

/** @throws {GatewayError} */
export function readEmbedding (body: JsonObject): EmbeddingCall {
  return { input: [textOf(body, 'content')], dimensions: numberOf(body, 'outputDimensionality') }
}

/** @throws {GatewayError} */
export function readEmbeddings (body: JsonObject): EmbeddingCall {
  const requests = objectsOf(body['requests'])
  const [first] = requests
  if (first === undefined) throw mustBe('requests', 'a non-empty array')
  return { input: requests.map((request, at) => textOf(request, `requests[${at}].content`)),
    dimensions: numberOf(first, 'outputDimensionality') }
}

function textOf (request: JsonObject, path: string): string {
  const { content } = request
  const words = typeof content === 'string'
    ? content
    : isObject(content)
    ? partsOf(content).map(part => text(part['text'])).join('')
    : ''
  const others = isObject(content) && partsOf(content).some(part => given(part, 'text') === undefined)
  if (words === '' || others) throw mustBe(path, 'text: Copilot embeds nothing else')
  return words
}

/** @param data upstream's, in order */
export function writeEmbedding (data: readonly JsonObject[]): JsonObject {
  return { embedding: toValues(data[0]) }
}

export function writeEmbeddings (data: readonly JsonObject[]): JsonObject {
  return { embeddings: data.map(toValues) }
}

function toValues (entry: JsonObject | undefined): JsonObject {
  return { values: entry?.['embedding'] ?? [] }
}
