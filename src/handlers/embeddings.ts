// POST /v1/embeddings. Upstream accepts a list of strings and returns floats. Clients may send one string and ask for
// base64.
import { toBase64 } from '../bytes.ts'
import type { Call, Handler, Headers } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { passedHeaders } from '../relay/headers.ts'
import { byKind } from '../dialects/shared/failure-kinds.ts'
import { toUpstreamError } from '../upstream/errors.ts'
import { parseObject, readExcerpt, readText } from '../upstream/read-body.ts'
import { nothingUsed } from './answer-locally.ts'
import { accountOf, readApiBodyInTurns, seatRequest } from './api-body.ts'
import { createCallCount } from './count-call.ts'
import { assertModelAllowed } from './key-rights.ts'
import { json } from './reply.ts'
import { createSettle } from './settle.ts'

const path = '/embeddings'
export const maxEmbeddingsBytes = 4 * 1_048_576
const maxAnswerBytes = 32 * 1_048_576

export function embeddings (core: Core): Handler {
  const embed = createEmbed(core)
  return async call => {
    const body = await readApiBodyInTurns(call, maxEmbeddingsBytes)
    const model = readModel(body['model'])
    const { encoding_format: format = null, stream: _stream, user: _user, ...rest } = body
    if (format !== null && format !== 'float' && format !== 'base64') {
      throw invalid('encoding_format', 'must be float or base64.')
    }
    const { answer, headers } = await embed(call, { ...rest, model, input: readInput(body['input']) })
    return json(200, toOpenAi(answer, model, format === 'base64'), headers)
  }
}

export interface EmbeddingRequest extends JsonObject {
  readonly model: string
  readonly input: readonly string[]
}
export interface EmbeddingAnswer {
  /** Upstream's, with a list in `data`. */
  readonly answer: JsonObject
  readonly headers: Headers
}

/** Asks Copilot, for clients of any form. */
export function createEmbed (
  core: Pick<Core, 'config' | 'copilot' | 'tally' | 'spending' | 'history' | 'hot'>,
): (call: Call, request: EmbeddingRequest) => Promise<EmbeddingAnswer> {
  const { config, copilot, spending } = core
  const count = createCallCount(core)
  const settle = createSettle(core)
  return async (call, request) => {
    assertModelAllowed(accountOf(call), request.model)
    await spending.assertWithin(accountOf(call))
    const model = { name: request.model, id: request.model, endpoint: path, isListed: false, premium: null }
    try {
      const embedded = await ask(call, request)
      const { usage } = embedded.answer
      const input = isObject(usage) && typeof usage['prompt_tokens'] === 'number' ? usage['prompt_tokens'] : 0
      count.answered(call, model, { ...nothingUsed, input })
      return embedded
    } catch (thrown) {
      count.failed(call, model)
      throw thrown
    } finally {
      await settle(call)
    }
  }

  async function ask (call: Call, request: EmbeddingRequest): Promise<EmbeddingAnswer> {
    const response = await copilot({
      ...seatRequest(call, config),
      method: 'POST',
      path,
      body: JSON.stringify(request),
      intent: 'conversation-panel',
      initiator: 'agent',
      vision: false,
      signal: call.signal,
      headersMs: config.upstreamFirstByteSeconds * 1_000,
    })
    if (response.status !== 200) throw byKind(toUpstreamError(response, await readExcerpt(response, 65_536)))
    const answer = parseObject(await readText(response, maxAnswerBytes))
    if (answer === null || !Array.isArray(answer['data'])) {
      throw new GatewayError('upstream_error', "Copilot's answer is not a list of embeddings.")
    }
    return { answer, headers: { 'x-copilot-upstream': path, ...passedHeaders(response.headers) } }
  }
}

function readModel (value: unknown): string {
  const model = typeof value === 'string' ? value.trim().replace(/^github_copilot\//, '') : ''
  if (model === '' || model.length > 256) throw invalid('model', 'Embeddings request requires `model` (string).')
  return model
}

function readInput (value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid('input', 'Embeddings request requires `input` (string or array of strings).')
  }
  if (value.every(item => typeof item === 'string')) return value
  throw invalid('input',
    'Copilot embeds text, not token numbers: send `input` as strings (in LangChain: check_embedding_ctx_length=False).')
}

function toOpenAi (answer: JsonObject, model: string, asBase64: boolean): JsonObject {
  const data = (answer['data'] as unknown[]).filter(isObject).map((entry, index) => ({
    ...entry,
    object: 'embedding',
    index: typeof entry['index'] === 'number' ? entry['index'] : index,
    embedding: asBase64 && Array.isArray(entry['embedding']) ? toFloats(entry['embedding']) : entry['embedding'],
  }))
  return { model, usage: { prompt_tokens: 0, total_tokens: 0 }, ...answer, object: 'list', data }
}

/** Little-endian 32-bit floats, the form that OpenAI's SDKs unpack. */
function toFloats (values: readonly unknown[]): string {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  values.forEach((value, at) => {
    view.setFloat32(4 * at, Number(value), true)
  })
  return toBase64(new Uint8Array(view.buffer))
}

function invalid (param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', message, { param })
}
