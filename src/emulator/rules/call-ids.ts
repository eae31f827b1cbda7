// Checks the ids of tool calls, and that every call has its result.
import { callsOf, itemsOf, messagesOf, placedBlocks } from './places.ts'
import { blocksOf } from '../ask-messages.ts'
import { isClaude, isOpenAi } from './kinds.ts'
import { firstOf } from './rule.ts'
import { text } from '../json.ts'
import type { Fields } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

const tooLong = (at: string, most: number, length: number) =>
  `Invalid '${at}': string too long. Expected a string with maximum length ${most}, but got a string with length `
  + `${length} instead.`
const calls = ['function_call', 'custom_tool_call']
const outputs = ['function_call_output', 'custom_tool_call_output']

export const callIdRules: readonly Rule[] = [{ id: 'call-id-length-chat', on: ['chat'], mark: 'live',
  source: 'BerriAI/litellm#17343', by: 'callIds', envelope: 'wrapped', models: isOpenAi,
  check: seen =>
    firstOf(messagesOf(seen), (message, turn) =>
      firstOf(callsOf(message), ({ id }, index) =>
        text(id).length > 40 ? tooLong(`messages[${turn}].tool_calls[${index}].id`, 40, text(id).length) : null)) }, {
  id: 'call-id-length-responses',
  on: ['responses'],
  mark: 'guess',
  source: 'openai/codex#14355',
  by: 'callIdsResponses',
  envelope: { code: 'string_above_max_length' },
  check: seen =>
    firstOf(itemsOf(seen), ({ call_id: id }, index) =>
      text(id).length > 64 ? tooLong(`input[${index}].call_id`, 64, text(id).length) : null),
}, { id: 'call-id-claude', on: ['messages'], mark: 'read', source: 'messagesApi.ts', by: 'callIds', envelope: 'wrapped',
  models: isClaude, check: seen =>
    firstOf(placedBlocks(seen), ({ block, turn, index }) => {
      const [key, id] = block.type === 'tool_use'
        ? ['tool_use.id', block.id]
        : block.type === 'tool_result'
        ? ['tool_result.tool_use_id', block.tool_use_id]
        : ['', 'x']
      return /^[a-zA-Z0-9_-]+$/.test(text(id))
        ? null
        : `messages.${turn}.content.${index}.${key}: String should match pattern '^[a-zA-Z0-9_-]+$'`
    }) }, { id: 'call-id-twice-claude', on: ['messages'], mark: 'guess', source: 'docs/spec/copilot.md#rules',
  by: 'callIdsTwice', envelope: 'wrapped', models: isClaude, check: twice }, { id: 'call-type', on: ['chat'],
  mark: 'read', source: 'gh-aw-firewall body-transform.js', by: 'callTypes', envelope: 'wrapped',
  check: seen =>
    firstOf(messagesOf(seen), message =>
      callsOf(message).some(({ type }) =>
          type === null
        )
        ? 'invalid request body, failed to validate schema: (1) Reason: got null, want string, Location: '
          + '/properties/messages/items/properties/tool_calls/items/properties/type/type.'
        : null) }, { id: 'call-pairs-chat', on: ['chat'], mark: 'live', source: 'docs/spec/copilot.md#chat-request',
  by: 'toolPairs', envelope: 'wrapped', check: chatPairs }, { id: 'call-pairs-responses', on: ['responses'],
  mark: 'live', source: 'docs/spec/copilot.md#responses-request', by: 'toolPairs', envelope: 'wrapped',
  check: responsesPairs }, { id: 'call-pairs-messages', on: ['messages'], mark: 'live',
  source: 'docs/spec/translation.md#messages-blocks', by: 'toolPairs', envelope: 'flat', check: messagesPairs }]

function twice (seen: Seen): string | null {
  const met = new Set<string>()
  return firstOf(placedBlocks(seen), ({ block, turn, index }) => {
    if (block.type !== 'tool_use') return null
    if (met.has(text(block.id))) return `messages.${turn}.content.${index}: \`tool_use\` ids must be unique`
    met.add(text(block.id))
    return null
  })
}

/** A result must follow every call, and every result needs its call. */
function chatPairs (seen: Seen): string | null {
  let open = new Set<string>()
  const unanswered = (): string =>
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The `
    + `following tool_call_ids did not have response messages: ${[...open].join(', ')}`
  return firstOf(messagesOf(seen), (message, index) => {
    if (message.role === 'tool') {
      return open.delete(text(message.tool_call_id))
        ? null
        : `Invalid parameter: messages[${index}] with role 'tool' must be a response to a preceding message with `
          + `'tool_calls'.`
    }
    if (open.size > 0) return unanswered()
    open = new Set(callsOf(message).map(({ id }) => text(id)))
    return null
  }) ?? (open.size > 0 ? unanswered() : null)
}

function responsesPairs (seen: Seen): string | null {
  const ids = (types: string[]): Set<string> =>
    new Set(itemsOf(seen).filter(({ type }) => types.includes(text(type))).map(({ call_id: id }) => text(id)))
  const [called, answered] = [ids(calls), ids(outputs)]
  const orphan = [...answered].find(id => !called.has(id))
  if (orphan !== undefined) return `No tool call found for function call output with call_id ${orphan}.`
  const open = [...called].find(id => !answered.has(id))
  return open === undefined ? null : `No tool output found for function call ${open}.`
}

function messagesPairs (seen: Seen): string | null {
  const turns = messagesOf(seen).map(({ content }) => blocksOf(content))
  const ids = (blocks: readonly Fields[], type: string, key: string): string[] =>
    blocks.filter(block => block.type === type).map(block => text(block[key]))
  const wrong = firstOf(turns, (blocks, index) => {
    const called = new Set(ids(turns[index - 1] ?? [], 'tool_use', 'id'))
    const answered = new Set(ids(blocks, 'tool_result', 'tool_use_id'))
    const orphan = [...answered].find(id => !called.has(id))
    if (orphan !== undefined) {
      return `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}. Each `
        + `\`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`
    }
    const open = [...called].filter(id => !answered.has(id))
    if (open.length > 0) {
      return `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${
        open.join(', ')
      }.`
    }
    return called.size > 0 && blocks[0]?.type !== 'tool_result'
      ? `messages.${index}: \`tool_result\` blocks must come first`
      : null
  })
  if (wrong !== null) return wrong
  const used = turns.flat().some(({ type }) => type === 'tool_use' || type === 'tool_result')
  return used && seen.body.tools === undefined
    ? 'Requests which include `tool_use` or `tool_result` blocks must define tools'
    : null
}
