// Schemas for the vendors' dialects: the fields that this proxy reads of their requests, and those that its answers
// always have. The vendors describe the rest.
import type { Field } from '../dialects/contract/field.ts'
import { fieldTable } from '../dialects/contract/field-table.ts'
import type { DialectName } from '../dialects/contract/dialect.ts'
import { keySchemas } from './schemas-keys.ts'
import { ref, shape, textSchema, type Json } from './shape.ts'

const count = { type: 'integer', minimum: 0 }
const list = { type: 'array', minItems: 1 }
const amount = { type: ['number', 'null'] }
const orNull = (of: string) => ({ type: [of, 'null'] })
const titles: Readonly<Record<DialectName, string>> = { 'openai-chat': 'Chat', 'openai-responses': 'Responses',
  'anthropic-messages': 'Messages' }

/** Checked before Copilot gets a request. */
const checked: Json = {
  model: { type: ['string', 'null'], pattern: '^[\\x21-\\x7e][\\x20-\\x7e]{0,255}$',
    description: 'An id from `/v1/models`, or another name that this proxy understands. Without one: the default.' },
  stream: { type: ['boolean', 'null'] },
}

/**
 * Every field that the proxy reads, with what happens to it on each endpoint of Copilot.
 * @param oneOf fields of a group that needs at least one
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
  const by = (Object.keys(titles) as DialectName[]).map(name =>
    [titles[name], to[name].filter(Boolean).join(': ')] as const
  )
  return by.every(([, word]) => word === by[0]?.[1])
    ? `On each: ${by[0]?.[1]}.`
    : `${by.map(each => each.join(' – ')).join('; ')}.`
}

const usage = { type: ['object', 'null'] }

/** One path serves several methods, each with fields of its own. */
const googleRequest = {
  type: 'object',
  properties: Object.fromEntries<Json>([
    ...fieldTable['google-gemini'].filter(({ name }) => !name.includes('.') && name !== 'model' && name !== 'stream')
      .map(field => [field.name, { description: outcome(field) }] as const),
    ['generationConfig', { type: 'object',
      properties: Object.fromEntries(fieldTable['google-gemini'].filter(({ name }) =>
        name.startsWith('generationConfig.')
      ).map(field => [field.name.replace('generationConfig.', ''), { description: outcome(field) }] as const)) }],
    ['generateContentRequest', { type: 'object', description: 'For `countTokens`: a whole request.' }],
    ['content', { type: 'object', description: 'For `embedContent`.' }],
    ['requests', { type: 'array', description: 'For `batchEmbedContents`.' }],
  ]),
  additionalProperties: true,
}
const googleAnswer = {
  type: 'object',
  properties: {
    candidates: { type: 'array',
      items: shape({ index: count, finishReason: textSchema,
        content: shape({ role: { const: 'model' }, parts: { type: 'array', items: { type: 'object' } } }) }, [
        'content',
      ]) },
    usageMetadata: { type: 'object' },
    modelVersion: textSchema,
    responseId: textSchema,
    totalTokens: { ...count, description: 'Of `countTokens`.' },
    embedding: { type: 'object', description: 'Of `embedContent`.' },
    embeddings: { type: 'array', description: 'Of `batchEmbedContents`.' },
  },
}
const googleModel = shape({ name: textSchema, displayName: textSchema, inputTokenLimit: count, outputTokenLimit: count,
  supportedGenerationMethods: { type: 'array', items: textSchema }, thinking: { type: 'boolean' } }, ['name',
  'displayName', 'supportedGenerationMethods'])

export const apiSchemas = {
  ChatRequest: request('openai-chat', { messages: list }, ['messages', 'input']),
  ResponseRequest: request('openai-responses', { input: { type: ['string', 'array'], minLength: 1, minItems: 1 } }, [
    'input',
    'previous_response_id',
  ]),
  MessageRequest: request('anthropic-messages', { messages: list, max_tokens: { type: 'integer' } }, ['messages']),
  InputTokensRequest: {
    ...shape({ model: checked['model'], input: { type: ['string', 'array', 'null'] },
      previous_response_id: orNull('string') }, []),
    additionalProperties: true,
  },
  GoogleRequest: googleRequest,
  GoogleAnswer: googleAnswer,
  GoogleModel: googleModel,
  AnyModel: { anyOf: [ref('schemas', 'Model'), ref('schemas', 'GoogleModel')] },
  Models: { anyOf: [ref('schemas', 'ModelList'), ref('schemas', 'GoogleModels')] },
  GoogleModels: shape({ models: { type: 'array', items: ref('schemas', 'GoogleModel') }, nextPageToken: textSchema }, [
    'models',
  ]),
  EmbeddingRequest: {
    ...shape({ model: { type: 'string', minLength: 1 }, input: { anyOf: [textSchema, { ...list, items: textSchema }] },
      encoding_format: { enum: ['float', 'base64', null], description: 'Base64 holds little-endian 32-bit floats.' },
      dimensions: { type: 'integer' } }, ['model', 'input']),
    additionalProperties: true,
  },
  ChatCompletion: shape({
    id: textSchema,
    object: { const: 'chat.completion' },
    created: count,
    model: textSchema,
    usage,
    choices: { type: 'array',
      items: shape({ index: count, finish_reason: orNull('string'),
        message: shape({ role: { const: 'assistant' }, content: orNull('string') }, ['role']) }, ['message']) },
  }, ['id', 'object', 'created', 'model', 'choices']),
  Response: shape({ id: textSchema, object: { const: 'response' }, created_at: count, status: textSchema,
    model: textSchema, output: { type: 'array', items: shape({ type: textSchema }) }, usage }, ['id', 'object',
    'status', 'model', 'output']),
  Message: shape({
    id: textSchema,
    type: { const: 'message' },
    role: { const: 'assistant' },
    model: textSchema,
    content: { type: 'array', items: shape({ type: textSchema }) },
    stop_reason: orNull('string'),
    stop_sequence: orNull('string'),
    usage: shape({ input_tokens: count, output_tokens: count }),
  }),
  TokenCount: shape({ input_tokens: count }),
  CompactedResponse: shape({ id: textSchema, object: { const: 'response.compaction' }, created_at: count,
    output: { type: 'array', items: shape({ id: textSchema, type: textSchema }) }, usage: { type: 'object' } }),
  AlphaSearchRequest: shape({ id: textSchema, model: textSchema, commands: { type: 'object' },
    settings: { type: 'object' } }, []),
  AlphaSearch: shape({ encrypted_output: { type: 'null' }, output: textSchema,
    results: { type: 'array', items: shape({ ref_id: textSchema, url: textSchema, title: textSchema }) } }),
  InputTokens: shape({ object: { const: 'response.input_tokens' }, input_tokens: count }),
  DeletedResponse: shape({ id: textSchema, object: { const: 'response.deleted' }, deleted: { const: true } }),
  ItemList: shape({ object: { const: 'list' },
    data: { type: 'array', items: shape({ id: textSchema, type: textSchema }) }, first_id: orNull('string'),
    last_id: orNull('string'), has_more: { type: 'boolean' } }),
  EmbeddingList: shape({
    object: { const: 'list' },
    model: textSchema,
    usage: shape({ prompt_tokens: count, total_tokens: count }),
    data: { type: 'array',
      items: shape({ object: { const: 'embedding' }, index: count,
        embedding: { anyOf: [{ type: 'array', items: { type: 'number' } }, textSchema] } }) },
  }),
  Model: shape({
    id: textSchema,
    object: { const: 'model' },
    type: { const: 'model' },
    created: count,
    created_at: { type: 'string', format: 'date-time' },
    owned_by: textSchema,
    display_name: textSchema,
    free: { type: 'boolean', description: "Whether the model uses nothing of the plan's quota." },
    context_length: count,
    max_input_tokens: count,
    max_output_tokens: count,
    max_tokens: count,
  }, ['id', 'object', 'type', 'created', 'created_at', 'owned_by', 'display_name', 'free']),
  ModelList: shape({ object: { const: 'list' }, data: { type: 'array', items: ref('schemas', 'Model') },
    has_more: { const: false }, first_id: orNull('string'), last_id: orNull('string'),
    models: { type: 'array', items: ref('schemas', 'CodexModel') } }, ['object', 'data']),
  CodexModel: shape({
    slug: textSchema,
    display_name: textSchema,
    description: orNull('string'),
    default_reasoning_level: orNull('string'),
    supported_reasoning_levels: { type: 'array', items: shape({ effort: textSchema, description: textSchema }) },
    shell_type: textSchema,
    visibility: { enum: ['list', 'hide'] },
    supported_in_api: { const: true },
    priority: count,
    base_instructions: textSchema,
    supports_reasoning_summaries: { type: 'boolean' },
    support_verbosity: { type: 'boolean' },
    default_verbosity: { enum: ['low', 'medium', 'high', null] },
    apply_patch_tool_type: { enum: ['freeform', null] },
    truncation_policy: shape({ mode: { enum: ['tokens', 'bytes'] }, limit: count }),
    supports_parallel_tool_calls: { type: 'boolean' },
    experimental_supported_tools: { type: 'array', items: textSchema },
    input_modalities: { type: 'array', items: { enum: ['text', 'image'] } },
    context_window: count,
    max_context_window: count,
  }, ['slug', 'display_name', 'supported_reasoning_levels', 'shell_type', 'visibility', 'supported_in_api', 'priority',
    'base_instructions', 'supports_reasoning_summaries', 'support_verbosity', 'truncation_policy',
    'supports_parallel_tool_calls', 'experimental_supported_tools']),
  ...keySchemas,
  Usage: shape({
    object: { const: 'usage' },
    seat: textSchema,
    plan: orNull('string'),
    sku: orNull('string'),
    login: orNull('string'),
    resets_at: orNull('string'),
    buckets: {
      type: 'array',
      items: shape({
        id: textSchema,
        kind: { enum: ['metered', 'unlimited', 'not_applicable', 'extra', 'free_plan'] },
        entitlement: amount,
        used: amount,
        remaining: amount,
        percent_remaining: amount,
        overage_count: { type: 'number' },
        overage_permitted: { type: 'boolean' },
        resets_at: orNull('string'),
      }),
    },
    proxy: shape({
      since_start: { const: true },
      reconciled: { type: ['object', 'null'], description: "Copilot's count since `since`, and this process's own." },
      ai_credits: { type: 'number' },
      models: { type: 'array',
        items: shape({ model: textSchema, requests: count, input_tokens: count, cached_tokens: count,
          output_tokens: count, ai_credits: { type: 'number' } }) },
    }),
  }),
} as const
