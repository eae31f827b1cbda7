// Messages of a Chat request: which roles are allowed, and which messages must not be empty.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapField } from './fields.ts'
import { isClaude, isForeign, takesSystemRole } from './model-facts.ts'
import type { Rule } from './rule.ts'

const isInstruction = ({ role }: JsonObject): boolean => role === 'system' || role === 'developer'
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
  || (Array.isArray(value) && value.every(isBlankPart))
const isBlankPart = (part: unknown): boolean => isObject(part) && part['type'] === 'text' && isNothing(part['text'])

export const chatMessages: readonly Rule[] = [{
  id: 'chat-roles-system',
  what: '`system` and `developer` become `user`.',
  models: 'the o1 models',
  applies: target => !takesSystemRole(target),
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: chatEndpoint.ts' },
  answers: [/'messages\[\d+\]\.role' does not support 'system'/],
  apply: body => mapField(body, 'messages', message => isInstruction(message) ? { ...message, role: 'user' } : message),
}, {
  id: 'chat-roles-developer',
  what: '`developer` becomes `system`.',
  models: 'Claude, Gemini, Grok',
  applies: isForeign,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'guess', reference: "OpenAI API reference: the role is for OpenAI's reasoning models" },
  answers: [/role.*'developer'/],
  apply: body =>
    mapField(body, 'messages', message => message['role'] === 'developer' ? { ...message, role: 'system' } : message),
}, {
  id: 'chat-system-turns',
  what: "An instruction behind the first turn becomes a user's message, marked as a reminder.",
  models: 'Claude, Gemini, Grok',
  applies: isForeign,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'guess', reference: 'Anthropic and Google take instructions at the start alone' },
  apply (body) {
    const messages = list(body['messages'])
    const start = messages.findIndex(message => !isObject(message) || !isInstruction(message))
    return mapField(body, 'messages',
      (message, at) =>
        isInstruction(message) && start >= 0 && at > start && typeof message['content'] === 'string'
          ? { ...message, role: 'user', content: `<system-reminder>\n${message['content']}\n</system-reminder>` }
          : message)
  },
}, {
  id: 'chat-content-empty',
  what: "An assistant's message without text and without a call is left out.",
  models: 'Claude',
  applies: isClaude,
  fix: 'drop',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'Anthropic API: "all messages must have non-empty content"' },
  answers: [/all messages must have non-empty content/],
  apply (body) {
    const messages = list(body['messages'])
    const fitted = mapField(body, 'messages', message => isSilent(message) ? null : message)
    return list(fitted['messages']).length === 0 && messages.length > 0 ? body : fitted
  },
}]

function isSilent (
  { role, content, tool_calls: calls, function_call: call, refusal, reasoning_opaque: opaque }: JsonObject,
): boolean {
  return role === 'assistant' && [content, refusal].every(isNothing) && list(calls).length === 0
    && (call ?? null) === null && (opaque ?? null) === null
}
