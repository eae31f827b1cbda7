// Schemas of the vendors' dialects: what this proxy reads of their requests, and what its answers always have. The rest is
// the vendors' to describe.
import { fieldTable, type Field } from '../dialects/field-table.ts'
import type { DialectName } from '../dialects/dialect.ts'
import { ref, shape, text } from './shape.ts'
import type { Json } from './types.ts'

const count = { type: 'integer', minimum: 0 }
const list = { type: 'array', minItems: 1 }
const amount = { type: ['number', 'null'] }
const orNull = (of: string) => ({ type: [of, 'null'] })
const titles: Readonly<Record<DialectName, string>> = { 'openai-chat': 'Chat', 'openai-responses': 'Responses', 'anthropic-messages': 'Messages' }

/** What is checked before anything is asked of Copilot. */
const checked: Json = {
  model: { type: ['string', 'null'], pattern: '^[\\x21-\\x7e][\\x20-\\x7e]{0,255}$', description: 'As listed at `/v1/models`, or one of the other names that are understood; `gpt-4o` where there is none.' },
  stream: { type: ['boolean', 'null'] },
}

/**
 * Every field that the proxy looks at, with what becomes of it by the endpoint that Copilot serves the model on.
 * @param oneOf fields of which there must be one
 */
function request (dialect: DialectName, more: Json, oneOf: readonly string[]): Json {
  const known: Json = { ...checked, ...more }
  const properties = Object.fromEntries(fieldTable[dialect].map(field => {
    const own = known[field.name] as Json | undefined
    return [field.name, { ...own, description: [own?.['description'], outcome(field)].filter(Boolean).join(' ') }]
  }))
  return { ...shape(properties, []), anyOf: oneOf.map(name => ({ required: [name] })), additionalProperties: true }
}

function outcome ({ to }: Field): string {
  const by = (Object.keys(titles) as DialectName[]).map(name => [titles[name], to[name].filter(Boolean).join(': ')] as const)
  return by.every(([, word]) => word === by[0]?.[1]) ? `On each: ${by[0]?.[1]}.` : `${by.map(each => each.join(' – ')).join('; ')}.`
}

const usage = { type: ['object', 'null'] }

export const apiSchemas = {
  ChatRequest: request('openai-chat', { messages: list }, ['messages', 'input']),
  ResponseRequest: request('openai-responses', { input: { type: ['string', 'array'], minLength: 1, minItems: 1 } }, ['input', 'previous_response_id']),
  MessageRequest: request('anthropic-messages', { messages: list, max_tokens: { type: 'integer' } }, ['messages']),
  EmbeddingRequest: { ...shape({ model: { type: 'string', minLength: 1 }, input: { anyOf: [text, { ...list, items: text }] }, encoding_format: { enum: ['float', 'base64', null], description: 'Base64 holds little-endian 32-bit floats.' }, dimensions: { type: 'integer' } }, ['model', 'input']), additionalProperties: true },
  ChatCompletion: shape({
    id: text, object: { const: 'chat.completion' }, created: count, model: text, usage,
    choices: { type: 'array', items: shape({ index: count, finish_reason: orNull('string'), message: shape({ role: { const: 'assistant' }, content: orNull('string') }, ['role']) }, ['message']) },
  }, ['id', 'object', 'created', 'model', 'choices']),
  Response: shape({ id: text, object: { const: 'response' }, created_at: count, status: text, model: text, output: { type: 'array', items: shape({ type: text }) }, usage }, ['id', 'object', 'status', 'model', 'output']),
  Message: shape({
    id: text, type: { const: 'message' }, role: { const: 'assistant' }, model: text, content: { type: 'array', items: shape({ type: text }) },
    stop_reason: orNull('string'), stop_sequence: orNull('string'), usage: shape({ input_tokens: count, output_tokens: count }),
  }),
  TokenCount: shape({ input_tokens: count }),
  EmbeddingList: shape({
    object: { const: 'list' }, model: text, usage: shape({ prompt_tokens: count, total_tokens: count }),
    data: { type: 'array', items: shape({ object: { const: 'embedding' }, index: count, embedding: { anyOf: [{ type: 'array', items: { type: 'number' } }, text] } }) },
  }),
  Model: shape({
    id: text, object: { const: 'model' }, type: { const: 'model' }, created: count, created_at: { type: 'string', format: 'date-time' }, owned_by: text, display_name: text,
    free: { type: 'boolean', description: 'Whether the plan\'s quota is left alone.' }, context_length: count, max_input_tokens: count, max_output_tokens: count,
  }, ['id', 'object', 'type', 'created', 'created_at', 'owned_by', 'display_name', 'free']),
  ModelList: shape({ object: { const: 'list' }, data: { type: 'array', items: ref('schemas', 'Model') }, has_more: { const: false }, first_id: orNull('string'), last_id: orNull('string') }, ['object', 'data']),
  Usage: shape({
    object: { const: 'usage' }, plan: orNull('string'), sku: orNull('string'), login: orNull('string'), resets_at: orNull('string'),
    buckets: {
      type: 'array', items: shape({
        id: text, kind: { enum: ['metered', 'unlimited', 'not_applicable', 'extra', 'free_plan'] }, entitlement: amount, used: amount, remaining: amount,
        percent_remaining: amount, overage_count: { type: 'number' }, overage_permitted: { type: 'boolean' }, resets_at: orNull('string'),
      }),
    },
    proxy: shape({
      since_start: { const: true }, ai_credits: { type: 'number' },
      models: { type: 'array', items: shape({ model: text, requests: count, input_tokens: count, cached_tokens: count, output_tokens: count, ai_credits: { type: 'number' } }) },
    }),
  }),
} as const
