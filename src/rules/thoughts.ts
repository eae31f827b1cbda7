// Thinking blocks in the history of a Messages request.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapSame, rememberLong, text } from './fields.ts'
import { isClaudeFrom } from './model-facts.ts'
import type { Rule } from './rule.ts'

export const isThought = (block: unknown): boolean =>
  isObject(block) && (block['type'] === 'thinking' || block['type'] === 'redacted_thinking')

/** Several rules ask, and many requests have no thoughts. */
const hasThoughts = rememberLong(messages =>
  messages.some(message =>
    isObject(message) && message['role'] === 'assistant' && Array.isArray(message['content'])
    && message['content'].some(isThought)
  )
)

/** Removes the blocks that `isDropped` selects; a message that only contained those is removed too. */
function withoutBlocks (body: JsonObject, isDropped: (block: JsonObject) => boolean): JsonObject {
  const messages = list(body['messages'])
  if (!hasThoughts(messages)) return body
  const fitted = mapSame(messages, message => {
    if (!isObject(message) || message['role'] !== 'assistant' || !Array.isArray(message['content'])) return message
    const content = message['content'] as readonly unknown[]
    const kept = mapSame(content, block => isObject(block) && isDropped(block) ? null : block)
    return kept === content ? message : kept.length === 0 ? null : { ...message, content: kept }
  })
  return fitted === messages ? body : { ...body, messages: fitted }
}

const isEmpty = (block: JsonObject): boolean => block['type'] === 'thinking' && text(block['thinking']) === ''

const empty: Rule = {
  id: 'messages-thinking-empty',
  what: 'A thinking block without text is left out.',
  models: 'Claude before 4.6',
  applies: target => !target.supports.adaptiveThinking && !isClaudeFrom(target, 4, 6),
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#54; microsoft/vscode: messagesApi.ts' },
  answers: [/each thinking block must contain thinking/],
  apply (body, { lose }) {
    const fitted = withoutBlocks(body, isEmpty)
    if (fitted !== body) lose('thinking')
    return fitted
  },
}

const isUnsigned = ({ type, signature, data }: JsonObject): boolean =>
  (type === 'thinking' && text(signature) === '') || (type === 'redacted_thinking' && text(data) === '')

const unsigned: Rule = {
  id: 'messages-thinking-unsigned',
  what: 'A thinking block without a signature is left out, and a redacted one without data.',
  models: 'all',
  applies: () => true,
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#54' },
  answers: [/Invalid `signature` in `thinking` block/],
  apply (body, { lose }) {
    const fitted = withoutBlocks(body, isUnsigned)
    if (fitted !== body) lose('thinking')
    return fitted
  },
}

/** A turn that was joined from two answers has two sets of thoughts. Only one may stay, at the front. */
const merged: Rule = {
  id: 'messages-thinking-sets',
  what: 'Of two sets of thinking blocks in one turn, the one before the last tool call stays, in front; without a call '
    + 'none.',
  models: 'all',
  applies: () => true,
  fix: 'rewrite',
  loses: 'small',
  when: 'learned',
  source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts; microsoft/vscode#327646' },
  answers: [/`?thinking`? or `?redacted_thinking`? blocks in the latest assistant message cannot be modified/],
  apply (body, { lose }) {
    const messages = list(body['messages'])
    const fitted = mapSame(messages,
      message =>
        isObject(message) && message['role'] === 'assistant' && Array.isArray(message['content'])
          ? oneSet(message, message['content'], lose)
          : message)
    return fitted === messages ? body : { ...body, messages: fitted }
  },
}

function oneSet (message: JsonObject, content: readonly unknown[], lose: (field: string) => void): JsonObject {
  const starts = content.flatMap((block, at) => isThought(block) && !isThought(content[at - 1]) ? [at] : [])
  if (starts.length < 2) return message
  lose('thinking')
  const rest = content.filter(block => !isThought(block))
  const call = content.findLastIndex(block => isObject(block) && block['type'] === 'tool_use')
  const from = starts.findLast(at => at < call)
  if (from === undefined) return { ...message, content: rest }
  const end = content.findIndex((block, at) => at > from && !isThought(block))
  return { ...message, content: [...content.slice(from, end), ...rest] }
}

export const thoughtRules: readonly Rule[] = [unsigned, empty, merged]
