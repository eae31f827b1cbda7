// Cursor and other editors send blocks, parts and tools of other dialects to the Chat route. This module rewrites them
// as Chat's own before any other code reads the body, so all later stages only see Chat's shapes.
// docs/spec/translation.md#cursor
import { isObject, text, type JsonObject } from '../../../json.ts'
import { withIds } from './normalise-ids.ts'
import { isForeignPart, toChatPart, toResultMessage, toSystemMessages, type ForeignResult } from './normalise-parts.ts'
import { toChatChoice, toChatTool } from './normalise-tools.ts'

/**
 * Returns the same object if it contains no foreign shape. Linear in the body. If the body contains a call or a result
 * in both forms, only Chat's own form stays.
 */
export function toChatShapes (body: JsonObject): JsonObject {
  const { messages, tools, tool_choice: choice, system } = body
  const isSystem = typeof system === 'string' || Array.isArray(system) || system === null
  const ownMessages = Array.isArray(messages)
    ? withSystem(withIds(rewrite(messages, createMessageRewriter())), system)
    : messages
  const ownTools = Array.isArray(tools) ? rewrite(tools, tool => [toChatTool(tool)]) : tools
  const ownChoice = toChatChoice(choice)
  if (ownMessages === messages && ownTools === tools && ownChoice === null && !isSystem) return body
  return {
    ...(isSystem ? withoutSystem(body) : body),
    ...(ownMessages === messages ? {} : { messages: ownMessages }),
    ...(ownTools === tools ? {} : { tools: ownTools }),
    ...ownChoice,
  }
}

function withoutSystem ({ system: _system, ...rest }: JsonObject): JsonObject {
  return rest
}

/** Chat has no field for instructions: they become the first message. */
function withSystem (messages: readonly unknown[], system: unknown): readonly unknown[] {
  const leading = toSystemMessages(system)
  return leading.length === 0 ? messages : [...leading, ...messages]
}

/** Replaces each item by the result of `map`. Returns the same list if every item stays the same object. */
function rewrite (items: readonly unknown[], map: (item: unknown) => readonly unknown[]): readonly unknown[] {
  const out: unknown[] = []
  let isSame = true
  for (const item of items) {
    const own = map(item)
    if (own.length !== 1 || own[0] !== item) isSame = false
    for (const each of own) out.push(each)
  }
  return isSame ? items : out
}

function createMessageRewriter (): (message: unknown) => readonly unknown[] {
  /** Ids of the results after the last assistant message. */
  let answered = new Set<unknown>()
  let hasForeignResults = false

  return message => {
    if (!isObject(message)) return [message]
    const { role, content } = message
    if (role === 'assistant') {
      answered = new Set()
      hasForeignResults = false
      return Array.isArray(content) && content.some(isForeignPart) ? [toChatAssistant(message, content)] : [message]
    }
    if (role === 'tool' || role === 'function') {
      if (hasForeignResults && answered.has(message['tool_call_id'])) return []
      answered.add(message['tool_call_id'])
      const isOwn = !Array.isArray(content) || !content.some(isForeignPart)
      return [isOwn ? message : withParts(message, content.map(toChatPart))]
    }
    if (!Array.isArray(content) || !content.some(isForeignPart)) return [message]
    const results = content.filter(isResult)
    const others = content.filter(part => !isResult(part))
    const own = results.filter(result => !answered.has(result['tool_use_id'])).map(toResultMessage)
    for (const result of results) answered.add(result['tool_use_id'])
    hasForeignResults ||= results.length > 0
    return [...own, ...(others.length === 0 ? [] : [withParts(message, others.map(toChatPart))])]
  }
}

function isResult (part: unknown): part is ForeignResult {
  return isObject(part) && part['type'] === 'tool_result'
}

/**
 * Calls join the message's own calls. Thoughts become visible text, because no other vendor can check their signature.
 */
function toChatAssistant (message: JsonObject, content: readonly unknown[]): JsonObject {
  const blocks = content.filter(isObject)
  const known = Array.isArray(message['tool_calls']) ? message['tool_calls'] as readonly unknown[] : []
  const ids = new Set(known.filter(isObject).map(call => call['id']))
  const calls = blocks.filter(({ type, id }) => type === 'tool_use' && !ids.has(id)).map(toChatCall)
  const thoughts = blocks.filter(({ type, thinking }) =>
    type === 'thinking' && typeof thinking === 'string' && thinking !== ''
  )
  const shown = thoughts.map(block => text(block['thinking'])).join('\n\n')
  const hidden = blocks.filter(({ type, signature, data }) =>
    (type === 'thinking' || type === 'redacted_thinking')
    && [signature, data].some(state => typeof state === 'string' && state !== '')
  )
  const parts = content.filter(part => !isObject(part) || !inMessage.has(part['type'])).map(toChatPart)
  return {
    ...withParts(message, parts),
    ...(parts.length === 0 ? { content: null } : {}),
    ...(known.length + calls.length === 0 ? {} : { tool_calls: [...known, ...calls] }),
    ...(shown === '' || message['reasoning_content'] !== undefined ? {} : { reasoning_content: shown }),
    // For state without text, keeps LiteLLM's field, so that later stages know that there was state.
    ...(shown === '' && hidden.length > 0 ? { thinking_blocks: hidden } : {}),
  }
}

const inMessage = new Set<unknown>(['tool_use', 'thinking', 'redacted_thinking'])

function toChatCall ({ id, name, input }: JsonObject): JsonObject {
  const text = typeof input === 'string' ? input : JSON.stringify(input ?? {})
  return { id, type: 'function', function: { name, arguments: text } }
}

/** A part's mark becomes its message's mark: docs/spec/translation.md#caching. */
function withParts (message: JsonObject, parts: readonly JsonObject[]): JsonObject {
  const isMarked = Array.isArray(message['content'])
    && message['content'].some(part => isObject(part) && isObject(part['cache_control']))
  return { ...message, content: parts, ...(isMarked ? { copilot_cache_control: { type: 'ephemeral' } } : {}) }
}
