// The files of clients that cannot be installed here have the forms that others document. Zed: "Add capabilities to
// OpenAI-compatible model settings", zed-industries/zed#36370, and its page on LLM providers. VS Code: the provider
// "Custom Endpoint" of its page on language models. aider: its pages on YAML options and on model metadata. No field is
// allowed that these do not name.
import { Ajv } from 'ajv'
import t from 'tap'
import { models as seat } from '../../src/emulator/emulator.ts'

interface Target {
  readonly files: ReadonlyArray<{ readonly path: string, readonly text: string }>
}
const path: string = '../../static/assets/connect/targets.js'
const { accessOf, targets } = await import(path) as {
  accessOf: (
    origin: string,
    user: string,
    password: string,
    entries: readonly object[],
    chosen: string | null,
  ) => object | null,
  targets: Readonly<Record<string, (access: object) => Target>>,
}

const text = { type: 'string', minLength: 1 }
const count = { type: 'integer', minimum: 1 }
const flag = { type: 'boolean' }
const form = (properties: object, required = Object.keys(properties)) => ({ type: 'object', properties, required,
  additionalProperties: false })
const many = (items: object) => ({ type: 'array', items, minItems: 1 })

const zed = form({
  language_models: form({ openai_compatible: { type: 'object', minProperties: 1, additionalProperties: form({
    api_url: { type: 'string', pattern: '^https?://' },
    available_models: many(
      form({ name: text, display_name: text, max_tokens: count, max_output_tokens: count, max_completion_tokens: count,
        capabilities: form({ tools: flag, images: flag, parallel_tool_calls: flag, prompt_cache_key: flag }) }, ['name',
        'max_tokens']),
    ),
  }) } }),
  agent: form({ default_model: form({ provider: text, model: text }) }),
})
const vscode = many(
  form({ name: text, vendor: { const: 'customendpoint' }, apiKey: text,
    apiType: { enum: ['chat-completions', 'responses', 'messages'] },
    models: many(
      form({ id: text, name: text, url: { type: 'string', pattern: '^https?://.*/v1/(?:chat/completions|messages)$' },
        apiType: { enum: ['chat-completions', 'responses', 'messages'] }, toolCalling: flag, vision: flag,
        thinking: flag, streaming: flag, maxInputTokens: count, maxOutputTokens: count,
        supportsReasoningEffort: many(text) }, ['id', 'name', 'url', 'toolCalling', 'vision', 'maxInputTokens',
        'maxOutputTokens']),
    ) }),
)
const metadata = { type: 'object', minProperties: 1, propertyNames: { pattern: '^openai/' },
  additionalProperties: form({ max_tokens: count, max_input_tokens: count, max_output_tokens: count,
    litellm_provider: { const: 'openai' }, mode: { const: 'chat' } }, ['max_input_tokens']) }

/** As `/v1/models` lists them. */
const entries = seat.map(entry => ({ ...entry, context_length: 200_000, max_input_tokens: 128_000 }))
const access = accessOf('http://127.0.0.1:8787', 'mona', 'acpc-0123456789', entries, 'claude-sonnet-4.6') ?? {}
const fileOf = (client: string, name: string): string =>
  targets[client]?.(access).files.find(file => file.path === name)?.text ?? ''

for (const [client, name, schema] of [['zed', 'settings.json', zed], ['vscode', 'chatLanguageModels.json', vscode], [
  'aider',
  '.aider.model.metadata.json',
  metadata,
]] as const) {
  t.test(`${name} for ${client} has the documented form`, async t => {
    const ajv = new Ajv({ allErrors: true })
    const isValid = ajv.validate(schema, JSON.parse(fileOf(client, name)))
    t.ok(isValid, ajv.errorsText())
  })
}

t.test('aider: its options are in YAML, by their long names', async t => {
  t.strictSame(fileOf('aider', '.aider.conf.yml').trim().split('\n').map(line => line.split(': ')), [['model',
    'openai/claude-sonnet-4.6'], ['openai-api-base', 'http://127.0.0.1:8787/mona/v1'], ['openai-api-key',
    'acpc-0123456789']])
})
