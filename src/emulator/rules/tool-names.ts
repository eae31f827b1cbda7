// Names of tools: their alphabet and their length, by endpoint, vendor and backend.
import { callsOf, itemsOf, messagesOf, placedBlocks, toolsOf } from './places.ts'
import { fields, list, text } from '../json.ts'
import { isClaude, isGemini } from './kinds.ts'
import { firstOf } from './rule.ts'
import type { Rule, Seen } from './rule.ts'

const chatPattern = /^[a-zA-Z0-9_.-]+$/
const flatPattern = /^[a-zA-Z0-9_-]+$/
const claudePattern = /^[a-zA-Z0-9_-]{1,128}$/
const claudeWords = "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"
const nameless = 'Tool name is required for Gemini requests'

const noMatch = (at: string, pattern: string) =>
  `Invalid '${at}': string does not match pattern. Expected a string that matches the pattern '${pattern}'.`
const tooLong = (at: string, most: number, length: number) =>
  `Invalid '${at}': string too long. Expected a string with maximum length ${most}, but got a string with length `
  + `${length} instead.`

export const toolNameRules: readonly Rule[] = [{ id: 'tool-name-chat', on: ['chat'], mark: 'live',
  source: 'MariaDB/mcp#36', by: 'toolNames', envelope: { code: 'invalid_value' }, models: model => !isClaude(model),
  check: seen =>
    firstOf(toolsOf(seen), ({ tool, index, name }) =>
      chatPattern.test(name)
        ? null
        : noMatch(`tools[${index}].${tool.custom === undefined ? 'function' : 'custom'}.name`,
          '^[a-zA-Z0-9_\\.-]+$')) }, { id: 'tool-name-claude', on: ['chat', 'messages'], mark: 'live',
  source: 'copilot-cli#1879, #2581', by: 'toolNames', envelope: ['wrapped', 'blank'], models: isClaude,
  check: seen =>
    firstOf(toolsOf(seen), ({ index, name }) =>
      claudePattern.test(name) ? null : `tools.${index}.custom.name: ${claudeWords}`) }, { id: 'tool-name-responses',
  on: ['responses'], mark: 'read', source: 'docs/spec/copilot.md#responses-request', by: 'toolNames',
  envelope: { code: 'invalid_value' },
  check: seen =>
    firstOf(toolsOf(seen), ({ index, name }) =>
      name === ''
        ? `Missing required parameter: 'tools[${index}].name'.`
        : flatPattern.test(name)
        ? null
        : noMatch(`tools[${index}].name`, '^[a-zA-Z0-9_-]+$')) }, { id: 'tool-name-length', on: ['chat', 'responses'],
  mark: 'guess', source: 'docs/spec/copilot.md#chat-request', by: 'toolNames',
  envelope: { code: 'string_above_max_length' },
  check: ({ ask, ...rest }) =>
    firstOf(toolsOf({ ask, ...rest }), ({ index, name }) =>
      name.length > 64
        ? tooLong(`tools[${index}]${ask.dialect === 'chat' ? '.function' : ''}.name`, 64, name.length)
        : null) }, { id: 'tool-name-bedrock', on: ['messages'], mark: 'live', source: 'microsoft/mcp#842',
  by: 'toolNames', envelope: 'wrapped', models: isClaude, check: bedrock }, { id: 'tool-name-reserved',
  on: ['responses'], mark: 'read', source: 'responsesApi.ts', by: 'toolNameReserved', envelope: 'wrapped',
  check: seen =>
    firstOf(toolsOf(seen), ({ index, name }) =>
      name === 'tool_search' ? `Invalid 'tools[${index}].name': 'tool_search' is a reserved name.` : null) }, {
  id: 'tool-name-gemini',
  on: ['chat'],
  mark: 'live',
  source: 'app#2894',
  by: 'geminiNames',
  envelope: 'wrapped',
  models: isGemini,
  check: geminiNames,
}, { id: 'tool-name-history', on: ['chat', 'responses', 'messages'], mark: 'guess',
  source: 'docs/spec/copilot.md#rules', by: 'toolNamesHistory', envelope: 'wrapped', check: history }]

function bedrock (seen: Seen): string | null {
  return seen.ask.backend !== 'bedrock'
    ? null
    : firstOf(toolsOf(seen), ({ index, name }) =>
      name.length > 64
        ? `1 validation error detected: Value '${name}' at 'toolConfig.tools.${index}.member.toolSpec.name' failed `
          + `to satisfy constraint: Member must have length less than or equal to 64`
        : null)
}

/** Gemini cannot look up a name by a call's id: each call and each result needs its own. */
function geminiNames (seen: Seen): string | null {
  return firstOf(messagesOf(seen), message => {
    const calls = callsOf(message).some(call => text(fields(call.function ?? call.custom).name) === '')
    return calls || (message.role === 'tool' && seen.world.strict.geminiResultNames && text(message.name) === '')
      ? nameless
      : null
  })
}

/** Names in the history follow the rules of the tools. */
function history (seen: Seen): string | null {
  const pattern = seen.ask.dialect === 'chat' && !isClaude(seen.model) ? chatPattern : flatPattern
  const shown = pattern === chatPattern ? '^[a-zA-Z0-9_\\.-]+$' : '^[a-zA-Z0-9_-]+$'
  if (seen.ask.dialect === 'messages') {
    return firstOf(placedBlocks(seen), ({ block, turn, index }) =>
      block.type !== 'tool_use' || claudePattern.test(text(block.name))
        ? null
        : `messages.${turn}.content.${index}.tool_use.name: ${claudeWords}`)
  }
  if (seen.ask.dialect === 'responses') {
    return firstOf(itemsOf(seen), ({ type, name }, index) =>
      type !== 'function_call' || pattern.test(text(name)) ? null : noMatch(`input[${index}].name`, shown))
  }
  return firstOf(list(seen.body.messages).map(fields),
    (message, turn) =>
      firstOf(callsOf(message), (call, index) =>
        pattern.test(text(fields(call.function ?? call.custom).name))
          ? null
          : noMatch(`messages[${turn}].tool_calls[${index}].function.name`, shown)))
}
