// Describes the form of an answer in words, for models whose backend does not enforce it.
import { jsonOnly } from '../dialects/shared/json-only.ts'
import { isObject, type JsonObject } from '../json.ts'
import { list, text, withFields } from './fields.ts'
import { isClaude, isForeign } from './model-facts.ts'
import type { Rule } from './rule.ts'

export const schemaWords = (schema: unknown): string =>
  `${jsonOnly} It must match this JSON schema:\n${JSON.stringify(schema)}`

/** Appends to the client's instructions. */
function withInstruction (body: JsonObject, words: string): JsonObject {
  const messages = list(body['messages'])
  const at = messages.findIndex(message =>
    !isObject(message) || !['system', 'developer'].includes(text(message['role']))
  )
  return { ...body, messages: messages.toSpliced(at < 0 ? messages.length : at, 0, { role: 'system', content: words }) }
}

function withSystem (body: JsonObject, words: string): JsonObject {
  const { system } = body
  return { ...body,
    system: typeof system === 'string' && system !== ''
      ? `${system}\n\n${words}`
      : [...list(system), { type: 'text', text: words }] }
}

export const chatOutputWords: readonly Rule[] = [{
  id: 'chat-output-json',
  what: '`response_format` of type `json_object` becomes an instruction.',
  models: 'Claude',
  applies: isClaude,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'guess', reference: 'Anthropic API reference: no mode for JSON without a schema' },
  answers: [/response_format.*json_object/],
  apply (body) {
    const { response_format: format } = body
    if (!isObject(format) || format['type'] !== 'json_object') return body
    return withInstruction(withFields(body, { response_format: undefined }), jsonOnly)
  },
}, {
  id: 'chat-output-schema',
  what: 'A schema for the answer becomes an instruction.',
  models: 'Claude, Gemini and Grok without `structured_outputs` in their entry',
  applies: target => isForeign(target) && !target.supports.structuredOutputs,
  fix: 'rewrite',
  loses: 'yes',
  when: 'always',
  source: { mark: 'guess', reference: 'microsoft/vscode: chatEndpoint.ts sends no `response_format`' },
  answers: [/response_format.*(?:not supported|not permitted)/],
  apply (body, { lose }) {
    const { response_format: format } = body
    if (!isObject(format) || format['type'] !== 'json_schema') return body
    lose('response_format')
    return withInstruction(withFields(body, { response_format: undefined }),
      schemaWords(isObject(format['json_schema']) ? format['json_schema']['schema'] : {}))
  },
}]

export const messagesOutputWords: readonly Rule[] = [{
  id: 'messages-output-schema',
  what: '`output_config.format` becomes an instruction.',
  models: 'entries without `structured_outputs`',
  applies: target => !target.supports.structuredOutputs,
  fix: 'rewrite',
  loses: 'yes',
  when: 'always',
  source: { mark: 'guess', reference: 'microsoft/vscode: messagesApi.ts sends no `output_config.format`' },
  answers: [/^output_config\.format: Extra inputs are not permitted/],
  apply (body, { lose }) {
    const { output_config: config } = body
    if (!isObject(config) || !isObject(config['format'])) return body
    const { format, ...rest } = config
    lose('response_format')
    return withSystem(withFields(body, { output_config: Object.keys(rest).length === 0 ? undefined : rest }),
      schemaWords(format['schema']))
  },
}]
