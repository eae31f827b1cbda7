// The turns of a conversation: which role may speak, which must be last, and that no turn is empty.
import { blocksOf } from '../ask-messages.ts'
import { contentText } from '../ask-chat.ts'
import { claudeFrom, isClaude, takesInlineSystem } from './kinds.ts'
import { itemsOf, messagesOf } from './places.ts'
import { firstOf } from './rule.ts'
import { text } from '../json.ts'
import type { Fields } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

const prefill = 'This model does not support assistant message prefill. The conversation must end with a user message.'
const trailing = 'messages: final assistant content cannot end with trailing whitespace'
const inlineSystem = ["role 'system' is not supported on this model",
  'Unexpected role "system". The Anthropic Messages API accepts a top-level `system` parameter, not "system" as an '
  + 'input message role.']
const refusesPrefill = claudeFrom(4.6)
const lastRole = (seen: Seen): unknown => messagesOf(seen).at(-1)?.role
const isBlank = (block: Fields): boolean => block.type === 'text' && text(block.text).trim() === ''

export const turnRules: readonly Rule[] = [{ id: 'no-messages-chat', on: ['chat'], mark: 'live',
  source: 'docs/spec/copilot.md#chat-request', by: 'emptyInput', envelope: 'wrapped',
  check: seen =>
    messagesOf(seen).length === 0
      ? "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
      : null }, { id: 'no-input', on: ['responses'], mark: 'live', source: 'docs/spec/copilot.md#emulator',
  by: 'emptyInput', envelope: 'wrapped',
  check: seen => itemsOf(seen).length === 0 ? "Missing required parameter: 'input'." : null }, { id: 'no-messages',
  on: ['messages'], mark: 'live', source: 'docs/spec/copilot.md#emulator', by: 'emptyInput', envelope: 'flat',
  check: seen => messagesOf(seen).length === 0 ? 'messages: at least one message is required' : null }, {
  id: 'system-blank',
  on: ['messages'],
  mark: 'live',
  source: 'docs/spec/copilot.md#messages-body',
  by: 'messagesText',
  envelope: 'flat',
  check: ({ body }) =>
    blocksOf(body.system ?? []).some(isBlank) ? 'system: text content blocks must be non-empty' : null,
}, { id: 'inline-system', on: ['messages'], mark: 'live', source: 'Floway defaults.ts', by: 'inlineSystem',
  envelope: 'flat', check: system }, { id: 'role-unknown', on: ['messages'], mark: 'live',
  source: 'docs/spec/copilot.md#messages-body', by: 'messagesText', envelope: 'flat',
  check: seen =>
    firstOf(messagesOf(seen), ({ role }, index) =>
      ['user', 'assistant', 'system'].includes(text(role))
        ? null
        : `messages.${index}.role: Input should be 'user' or 'assistant'`) }, { id: 'content-empty', on: ['messages'],
  mark: 'live', source: 'docs/spec/copilot.md#messages-body', by: 'messagesText', envelope: 'flat',
  check: seen =>
    firstOf(messagesOf(seen), ({ content }, index) =>
      content === '' || (Array.isArray(content) && content.length === 0)
        ? `messages.${index}: all messages must have non-empty content`
        : null) }, { id: 'text-blank', on: ['messages'], mark: 'live', source: 'docs/spec/copilot.md#messages-body',
  by: 'messagesText', envelope: 'flat',
  check: seen =>
    firstOf(messagesOf(seen), ({ content }) =>
      blocksOf(content).some(block =>
          isBlank(block)
          || (block.type === 'tool_result' && Array.isArray(block.content) && blocksOf(block.content).some(isBlank))
        )
        ? 'messages: text content blocks must be non-empty'
        : null) }, { id: 'prefill-chat', on: ['chat'], mark: 'live', source: 'docs/spec/copilot.md#chat-request',
  by: 'prefill', envelope: 'wrapped', models: refusesPrefill,
  check: seen => lastRole(seen) === 'assistant' ? prefill : null }, { id: 'prefill-messages', on: ['messages'],
  mark: 'live', source: 'docs/spec/copilot.md#messages-errors', by: 'prefill', envelope: 'flat', models: refusesPrefill,
  check: seen => lastRole(seen) === 'assistant' ? prefill : null }, { id: 'prefill-space-chat', on: ['chat'],
  mark: 'guess', source: 'docs/spec/copilot.md#chat-request', by: 'prefill', envelope: 'wrapped', models: isClaude,
  check: seen =>
    lastRole(seen) === 'assistant' && /\s$/.test(contentText(messagesOf(seen).at(-1)?.content)) ? trailing : null }, {
  id: 'prefill-space-messages',
  on: ['messages'],
  mark: 'guess',
  source: 'docs/spec/copilot.md#messages-body',
  by: 'prefill',
  envelope: 'flat',
  models: isClaude,
  check: seen =>
    lastRole(seen) === 'assistant' && /\s$/.test(text(blocksOf(messagesOf(seen).at(-1)?.content).at(-1)?.text))
      ? trailing
      : null,
}]

/** Newer models accept it as the last message, after the user's turn. */
function system (seen: Seen): readonly string[] | null {
  const messages = messagesOf(seen)
  const first = messages.findIndex(({ role }) => role === 'system')
  const taken = takesInlineSystem(seen.model) && first === messages.length - 1 && messages.at(-2)?.role === 'user'
  return first < 0 || taken ? null : inlineSystem
}
