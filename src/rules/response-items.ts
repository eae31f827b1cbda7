// Items of a Responses request: ids that Copilot does not know, and reasoning that it cannot read.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapField, text } from './fields.ts'
import type { Rule } from './rule.ts'

const all: Pick<Rule, 'models' | 'applies' | 'when'> = { models: 'all', applies: () => true, when: 'always' }
const withIds = new Set(['message', 'function_call', 'custom_tool_call', 'function_call_output',
  'custom_tool_call_output'])
const typeOf = (item: JsonObject): string => text(item['type']) || (typeof item['role'] === 'string' ? 'message' : '')

/** Also matches unknown types. */
const isText = ({ type, text: content }: JsonObject): boolean => typeof content === 'string' && !notTexts.has(type)
const notTexts = new Set<unknown>(['refusal', 'input_image', 'input_file', 'input_audio', 'encrypted_content'])
const hasWords = ({ summary, content }: JsonObject): boolean =>
  [...list(summary), ...list(content)].some(part => isObject(part) && text(part['text']) !== '')

export const itemRules: readonly Rule[] = [{
  ...all,
  id: 'responses-item-ids',
  what: "Messages, calls and results go without `id`: Copilot's own are longer than it takes back.",
  fix: 'drop',
  loses: 'no',
  source: { mark: 'live', reference: 'github/copilot-cli#3594, caozhiyuan/copilot-api#307, github/app#541' },
  apply: body =>
    mapField(body, 'input', item => {
      if (!('id' in item) || !withIds.has(typeOf(item))) return item
      const { id: _id, ...rest } = item
      return rest
    }),
}, {
  ...all,
  id: 'responses-reasoning-items',
  what: "Reasoning without encrypted content, or with an id that is not a reasoning item's, is left out.",
  fix: 'drop',
  loses: 'small',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  apply: (body, { lose }) =>
    mapField(body, 'input', item => {
      if (item['type'] !== 'reasoning') return item
      const id = item['id']
      if (text(item['encrypted_content']) === '') {
        if (hasWords(item)) lose('reasoning')
        return null
      }
      if (typeof id !== 'string' || id.startsWith('rs') || id.length > 64) return item
      lose('reasoning')
      return null
    }),
}, {
  ...all,
  id: 'responses-reasoning-ids',
  what: "After a refusal of its id, reasoning with one of Copilot's own long ids is left out too.",
  when: 'learned',
  fix: 'drop',
  loses: 'yes',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  answers: [/Expected an ID that begins with 'rs'/],
  apply: (body, { lose }) =>
    mapField(body, 'input', item => {
      const { type, id } = item
      // With the underscore: one of Copilot's random ids in four thousand begins with the two letters.
      if (type !== 'reasoning' || typeof id !== 'string' || id.startsWith('rs_')) return item
      lose('reasoning')
      return null
    }),
}, {
  ...all,
  id: 'responses-reasoning-content',
  what: 'A reasoning item has a summary and no `content`.',
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'live', reference: 'github/copilot-cli#652' },
  answers: [/Expected an array with maximum length 0/],
  apply: body =>
    mapField(body, 'input', item => {
      if (item['type'] !== 'reasoning' || (!('content' in item) && Array.isArray(item['summary']))) return item
      const { content: _content, ...rest } = item
      return { ...rest, summary: list(item['summary']) }
    }),
}, {
  ...all,
  id: 'responses-encrypted-items',
  what: 'After a refusal of their origin, reasoning items are left out.',
  when: 'learned',
  fix: 'drop',
  loses: 'yes',
  source: { mark: 'live', reference: 'github/copilot-cli#4505' },
  answers: [/input item ID does not belong to this connection/],
  apply: (body, { lose }) =>
    mapField(body, 'input', item => {
      if (item['type'] !== 'reasoning') return item
      lose('reasoning')
      return null
    }),
}, {
  ...all,
  id: 'responses-foreign-state',
  what: 'State that Copilot cannot decrypt is left out: reasoning, compaction items, and encrypted parts of outputs.',
  when: 'once',
  fix: 'drop',
  loses: 'yes',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#339, Menci/Floway#314' },
  answers: [/could not be (?:decrypted|verified)/i],
  apply: (body, { lose }) =>
    mapField(body, 'input', item => {
      if (item['type'] === 'compaction' || item['type'] === 'reasoning') {
        lose(item['type'])
        return null
      }
      return text(item['type']).endsWith('_output')
        ? mapField(item, 'output', part => {
          if (part['type'] !== 'encrypted_content') return part
          lose('encrypted_content')
          return { type: 'input_text', text: '[encrypted message]' }
        })
        : item
    }),
}, {
  ...all,
  id: 'responses-parts',
  what: 'Text of a message, under whatever type, is `output_text` for the assistant and `input_text` for the others.',
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  answers: [/Invalid value: '(?:input|output)_text'/],
  apply: body =>
    mapField(body, 'input', item => {
      if (typeOf(item) !== 'message') return item
      const wanted = item['role'] === 'assistant' ? 'output_text' : 'input_text'
      return mapField(item, 'content', part => isText(part) && part['type'] !== wanted ? retyped(part, wanted) : part)
    }),
}, {
  ...all,
  id: 'responses-output-media',
  what: "After a refusal, images and files of a tool's output go into a user's message behind it.",
  when: 'learned',
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  answers: [/Invalid type for 'input\[\d+\]\.output'/],
  apply: moveMedia,
}, {
  ...all,
  id: 'responses-namespace-description',
  what: 'A namespace of tools has a description: its name, where the client gives none.',
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#345' },
  answers: [/\.description': empty string/],
  apply: body =>
    mapField(mapField(body, 'tools', described), 'input', item =>
      item['type'] === 'additional_tools' ? mapField(item, 'tools', described) : item),
}]

function retyped (part: JsonObject, type: string): JsonObject {
  return type === 'output_text'
    ? { ...part, type, annotations: list(part['annotations']) }
    : { type, text: text(part['text']) }
}

const isOutput = (item: unknown): item is JsonObject => isObject(item) && text(item['type']).endsWith('_call_output')
const isMedia = (part: unknown): part is JsonObject =>
  isObject(part) && (part['type'] === 'input_image' || part['type'] === 'input_file')

/** Puts media after all outputs of a round, so that calls and outputs stay together. */
function moveMedia (body: JsonObject): JsonObject {
  const items = list(body['input'])
  if (!items.some(item => isOutput(item) && list(item['output']).some(isMedia))) return body
  const out: unknown[] = []
  let moved: JsonObject[] = []
  const flush = (): void => {
    if (moved.length > 0) out.push({ type: 'message', role: 'user', content: moved })
    moved = []
  }
  for (const item of items) {
    if (!isOutput(item)) flush()
    if (!isOutput(item) || !list(item['output']).some(isMedia)) {
      out.push(item)
      continue
    }
    const parts = list(item['output'])
    const media = parts.filter(isMedia)
    moved.push({ type: 'input_text', text: `[Attachment of tool call ${text(item['call_id'])}]` })
    for (const part of media) moved.push(part)
    const texts = parts.filter(part => !isMedia(part))
    out.push({ ...item, output: texts.length > 0 ? texts : '[attached below]' })
  }
  flush()
  return { ...body, input: out }
}

function described (tool: JsonObject): JsonObject {
  return isObject(tool) && tool['type'] === 'namespace' && text(tool['description']) === ''
    ? { ...tool, description: text(tool['name']) || 'tools' }
    : tool
}
