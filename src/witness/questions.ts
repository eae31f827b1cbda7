// The witness's questions, in order. Each question is small, and `max_tokens` bounds its answer.
import { isObject, type JsonObject } from '../json.ts'
import type { Model } from '../model-entry.ts'
import { scrub } from '../scrub.ts'
import type { Fact, Observation, Question, Request, Seat } from './question.ts'
import { reasons } from './seat.ts'
import { compareShape, type Shape } from './shape.ts'
import * as known from './shapes.ts'

const spec = (anchor: string) => `docs/spec/copilot.md#${anchor}`
const words = 'Reply with the single word: ready'
const asUser = [{ role: 'user', content: words }]
const maxTokens = 256

const status = (id: string, wanted: number, anchor: string): Fact => ({
  id: `${id}-status`,
  says: `The answer's status is ${wanted}.`,
  spec: spec(anchor),
  check: seen => seen.status === wanted ? null : refusalOf(seen),
})

/** The fields that the spec names exist with the types that it names. New fields are news, not differences. */
const fields = (id: string, shape: Shape, anchor: string, of: (seen: Observation) => readonly unknown[]): Fact => ({
  id: `${id}-fields`,
  says: 'The fields that the spec names have the types it names, and none that is always there is missing.',
  spec: spec(anchor),
  check (seen) {
    if (seen.status !== 200) return refusalOf(seen)
    const found = of(seen).map(value => compareShape(value, shape))
    const missing = found.flatMap(each => each.missing.map(path => `${path} is missing`))
    const all = new Set([...missing, ...found.flatMap(each => each.mistyped)])
    return all.size === 0 ? null : [...all].slice(0, 12).join('; ')
  },
})

const newFields = (shape: Shape, of: (seen: Observation) => readonly unknown[]) => (seen: Observation) => ({
  fields: seen.status === 200 ? [...new Set(of(seen).flatMap(value => compareShape(value, shape).unknown))] : [],
})

/** Copilot's refusal: status, code and the beginning of the message. */
const refusal = (id: string, says: string, anchor: string, wanted: { code: string, message: RegExp }): Fact => ({
  id,
  says,
  spec: spec(anchor),
  check (seen) {
    const { code, message } = errorOf(seen)
    return seen.status === 400 && code === wanted.code && wanted.message.test(message) ? null : refusalOf(seen)
  },
})

const whole = (seen: Observation): readonly unknown[] => [seen.json ?? {}]
const chunks = (seen: Observation): readonly unknown[] => seen.events ?? []
const responses = (seen: Observation): readonly unknown[] =>
  (seen.events ?? []).map(event => event['response']).filter(isObject)

export const questions: readonly Question[] = [{
  id: 'models',
  asks: 'the list of models',
  cost: 'nothing',
  request: () => ({ method: 'GET', path: '/models', body: null }),
  facts: [status('models', 200, 'models'), fields('models', known.modelList, 'model-fields', whole), {
    id: 'models-endpoints',
    says: 'Each endpoint of a model is one that the spec names.',
    spec: spec('endpoints'),
    check: seen =>
      listed(
        entriesOf(seen).flatMap(entry =>
          Array.isArray(entry['supported_endpoints']) ? entry['supported_endpoints'] as unknown[] : []
        ).filter(name => !known.endpointNames.has(String(name))),
      ),
  }, {
    id: 'models-types',
    says: 'A model chats, embeds or completes.',
    spec: spec('model-fields'),
    check: seen =>
      listed(
        entriesOf(seen).map(entry => isObject(entry['capabilities']) ? entry['capabilities']['type'] : undefined)
          .filter(type => !['chat', 'embeddings', 'completion'].includes(String(type))),
      ),
  }],
  news: seen => ({ ...newFields(known.modelList, whole)(seen),
    models: entriesOf(seen).map(({ id }) => String(id)).filter(isNewModel) }),
}, {
  id: 'chat',
  asks: 'one word of a free model on /chat/completions',
  cost: 'free',
  request: seat => ask(seat, '/chat/completions', false),
  facts: [status('chat', 200, 'chat-answer'), fields('chat', known.chatAnswer, 'chat-answer', whole)],
  news: newFields(known.chatAnswer, whole),
}, {
  id: 'chat-stream',
  asks: 'the same, streamed',
  cost: 'free',
  request: seat => ask(seat, '/chat/completions', true),
  facts: [status('chat-stream', 200, 'chat-stream'), fields('chat-stream', known.chatChunk, 'chat-stream', chunks), {
    id: 'chat-stream-finish',
    says: 'A chunk says why the answer ends.',
    spec: spec('chat-endings'),
    check: seen =>
      choicesOf(seen).some(choice => typeof choice['finish_reason'] === 'string')
        ? null
        : 'no chunk has a finish_reason',
  }, {
    id: 'chat-stream-usage',
    says: 'A chunk holds the usage.',
    spec: spec('chat-stream'),
    check: seen => (seen.events ?? []).some(chunk => isObject(chunk['usage'])) ? null : 'no chunk has usage',
  }],
  news: newFields(known.chatChunk, chunks),
}, {
  id: 'chat-tool',
  asks: 'a call of one tool',
  cost: 'free',
  request: seat =>
    ask(seat, '/chat/completions', false, {
      messages: [{ role: 'user', content: 'Call witness_tool with the word "ready".' }],
      tools: [tool('witness_tool')],
      tool_choice: 'required',
    }),
  facts: [status('chat-tool', 200, 'chat-answer'), {
    id: 'chat-tool-call',
    says: 'The answer calls the tool, with an id, a name and arguments as text.',
    spec: spec('chat-request'),
    check: seen => callOf(seen) ? null : 'no complete tool call',
  }],
  news: newFields(known.chatAnswer, whole),
}, {
  id: 'responses',
  asks: 'one word of a free model on /responses',
  cost: 'free',
  request: seat => ask(seat, '/responses', false),
  facts: [status('responses', 200, 'responses-answer'), fields('responses', known.response, 'responses-answer', whole)],
  news: newFields(known.response, whole),
}, {
  id: 'responses-stream',
  asks: 'the same, streamed',
  cost: 'free',
  request: seat => ask(seat, '/responses', true),
  facts: [status('responses-stream', 200, 'responses-stream'),
    fields('responses-stream', known.responseEvent, 'responses-stream', chunks), {
    id: 'responses-stream-events',
    says: 'Each event of a plain answer is one that the spec names.',
    spec: spec('responses-stream'),
    check: seen =>
      listed(
        (seen.events ?? []).map(event => event['type']).filter(type => !known.responseEventTypes.has(String(type))),
      ),
  }, {
    id: 'responses-stream-end',
    says: 'The stream ends with response.completed or response.incomplete.',
    spec: spec('responses-stream'),
    check: ({ events }) =>
      ['response.completed', 'response.incomplete'].includes(String(events?.at(-1)?.['type']))
        ? null
        : `the last event is ${name(events?.at(-1)?.['type'])}`,
  }],
  news: seen => ({
    fields: [...newFields(known.responseEvent, chunks)(seen).fields,
      ...newFields(known.response, responses)(seen).fields],
  }),
}, {
  id: 'embeddings',
  asks: 'the embedding of one word',
  cost: 'free',
  request: ({ embedding }) =>
    embedding === null
      ? { skip: 'no free embeddings model' }
      : post('/embeddings', { model: embedding.id, input: ['ready'] }),
  facts: [status('embeddings', 200, 'embeddings'), fields('embeddings', known.embeddingList, 'embeddings', whole)],
  news: newFields(known.embeddingList, whole),
}, {
  id: 'embeddings-text',
  asks: 'an embedding in a form that Copilot refuses',
  cost: 'nothing',
  request: ({ embedding }) =>
    embedding === null
      ? { skip: 'no free embeddings model' }
      : post('/embeddings', { model: embedding.id, input: 'ready' }),
  facts: [status('embeddings-text', 400, 'embeddings')],
}, {
  id: 'unknown-model',
  asks: 'a model that does not exist',
  cost: 'nothing',
  request: () => post('/chat/completions', { model: 'witness-unknown-model', messages: asUser, max_tokens: 1 }),
  facts: [refusal('unknown-model', 'A model that does not exist is refused as model_not_supported.', 'error-bodies', {
    code: 'model_not_supported',
    message: /^The requested model is not supported/,
  })],
}, {
  id: 'wrong-endpoint',
  asks: 'a free model on an endpoint that it does not list',
  cost: 'nothing',
  request: ({ notOnMessages: model }) =>
    model === null
      ? { skip: 'every free model lists /v1/messages' }
      : post('/v1/messages', { model: model.id, messages: asUser, max_tokens: 1 }),
  facts: [
    refusal('wrong-endpoint', 'An endpoint that a model does not list is refused as unsupported_api_for_model.',
      'endpoints', { code: 'unsupported_api_for_model', message: /is not accessible via the \/v1\/messages endpoint/ }),
  ],
}, {
  id: 'many-tools',
  asks: '129 tools',
  cost: 'nothing',
  request: seat =>
    ask(seat, '/chat/completions', false, { tools: Array.from({ length: 129 }, (_, at) => tool(`t${at}`)) }),
  facts: [
    refusal('many-tools', 'More than 128 tools are refused.', 'chat-request', { code: 'invalid_request_body',
      message: /^Invalid 'tools': array too long/ }),
  ],
}, {
  id: 'tool-name',
  asks: 'a tool whose name has a space',
  cost: 'nothing',
  request: seat => ask(seat, '/chat/completions', false, { tools: [tool('witness tool')] }),
  facts: [{
    id: 'tool-name',
    says: 'A tool name of other characters is refused.',
    spec: spec('rules'),
    check: seen =>
      seen.status === 400 && /string does not match pattern/.test(errorOf(seen).message) ? null : refusalOf(seen),
  }],
}, {
  id: 'seat',
  asks: 'GitHub for the quota of the seat',
  cost: 'nothing',
  request: () => ({ method: 'GET', path: seatPath, body: null }),
  facts: [fields('seat', known.seat, 'user', whole)],
  news: newFields(known.seat, whole),
}]

/** The only question that goes to GitHub instead of Copilot. */
export const seatPath = '/copilot_internal/user'

function ask (
  seat: Seat,
  path: '/chat/completions' | '/responses',
  stream: boolean,
  more: JsonObject = {},
): Request | { skip: string } {
  const model = seat.freeOn(path)
  if (model === null) return { skip: `no free model on ${path}` }
  if (path === '/responses') {
    return post(path, { model: model.id, input: words, store: false, stream, max_output_tokens: maxTokens })
  }
  return post(path, { model: model.id, messages: asUser, stream, ...capOf(model), ...more })
}

/** Reasoning models take the newer name of the cap: docs/spec/copilot.md#chat-request. */
function capOf (model: Model): JsonObject {
  return reasons(model) ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }
}

function post (path: string, body: JsonObject): Request {
  return { method: 'POST', path, body }
}

function tool (name: string): JsonObject {
  const parameters = { type: 'object', properties: { word: { type: 'string', description: 'The word.' } },
    required: ['word'] }
  return { type: 'function', function: { name, description: 'Notes a word.', parameters } }
}

function entriesOf ({ json }: Observation): JsonObject[] {
  return Array.isArray(json?.['data']) ? json['data'].filter(isObject) : []
}

function choicesOf ({ events }: Observation): JsonObject[] {
  return (events ?? []).flatMap(chunk => Array.isArray(chunk['choices']) ? chunk['choices'].filter(isObject) : [])
}

function callOf ({ json }: Observation): boolean {
  const choices = Array.isArray(json?.['choices']) ? json['choices'].filter(isObject) : []
  const calls = choices.flatMap(({ message }) =>
    isObject(message) && Array.isArray(message['tool_calls']) ? message['tool_calls'] as unknown[] : []
  )
  return calls.some(call =>
    isObject(call) && typeof call['id'] === 'string' && isObject(call['function'])
    && typeof call['function']['name'] === 'string' && typeof call['function']['arguments'] === 'string'
  )
}

/** A dated copy, a preview or another size of a known model is not new. */
function isNewModel (id: string): boolean {
  const bare = id.replace(/-\d{4}-\d{2}-\d{2}$|-\d{4}$|-\d{4}-preview$|-preview$/, '')
  return !known.knownModels.has(id) && !known.knownModels.has(bare)
}

function errorOf ({ json }: Observation): { code: string, message: string } {
  const error = isObject(json?.['error']) ? json['error'] : json ?? {}
  return { code: typeof error['code'] === 'string' ? error['code'] : '',
    message: typeof error['message'] === 'string' ? error['message'] : '' }
}

function refusalOf (seen: Observation): string {
  const { code, message } = errorOf(seen)
  return `status ${seen.status}${code === '' ? '' : `, code ${name(code)}`}${
    message === '' ? '' : `, "${withoutIds(message)}"`
  }`
}

/** Copilot's message about our own question, without names of accounts, addresses, ids and tokens. */
function withoutIds (message: string): string {
  const identifying = /logged in as \S+|\S+@\S+|[\w-]{24,}|\d{5,}|\p{Cc}+/gu
  return scrub(message.slice(0, 1_000)).replaceAll(identifying, '…').slice(0, 160)
}

function listed (values: readonly unknown[]): string | null {
  return values.length === 0 ? null : [...new Set(values.map(name))].slice(0, 12).join(', ')
}

/** Shows only words of the protocol; anything else may be content. */
function name (value: unknown): string {
  return typeof value === 'string' && /^[\w./:-]{1,64}$/.test(value) ? value : '…'
}
