// The history of a request for upstream's own Messages endpoint. A message that is well stays the very same object.
// `copilot-upstream.md` 9.3, `translation.md` 2.10.
import { isObject, type JsonObject } from '../../json.ts'
import { fits, isCarrier, unpackCarrier } from '../carrier.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import { fitCache, takesCache, withCache, withoutCache } from './cache.ts'
import { isToolSearch, serverBlockText, toolsNowAvailable } from './server-blocks.ts'
import { placeSystemTurns, takesSystemTurns, type Message } from './system.ts'
import { blocksOf, isCached, isEmptyText, list, mapSame, text, versionOf } from './wire.ts'

export interface MessagesContext {
  readonly target: Target
  readonly ledger: Ledger
  /** Names of the tools that upstream will know. */
  readonly tools: ReadonlySet<string>
}

export function fitMessages (messages: JsonObject[], context: MessagesContext): JsonObject[] {
  const fitted = mapSame(messages, message => fitMessage(message, context))
  return fitted.some(message => message['role'] === 'system') ? placeNotes(fitted, context.target) : fitted
}

/** Null for a message that says nothing. */
function fitMessage (message: JsonObject, context: MessagesContext): JsonObject | null {
  const content = message['content']
  if (typeof content === 'string') return content.trim() === '' ? null : message
  if (!Array.isArray(content)) return message
  const blocks = mapSame(content as unknown[], block => isObject(block) ? fitBlock(block, context) : block)
  if (blocks.length === 0) return null
  return blocks === content ? message : { ...message, content: blocks }
}

function fitBlock (raw: JsonObject, context: MessagesContext): JsonObject | null {
  if (isEmptyText(raw)) return null
  const { ledger, target } = context
  const block = fitCache(raw, () => ledger.lose('cache_control'))
  switch (block['type']) {
    case 'thinking': return text(block['signature']) === '' ? null : fitThought(block, block['signature'], target)
    case 'redacted_thinking': return fitThought(block, block['data'], target)
    case 'tool_result': return Array.isArray(block['content']) ? fitResult(block, context) : block
    case 'document': return fitDocument(block)
    case 'container_upload': return ledger.refuse('messages', 'A file id')
    case 'compaction':
      if (text(block['content']) === '') ledger.refuse('messages', 'A compacted conversation')
      return { type: 'text', text: block['content'] }
  }
  if (isToolSearch(block)) return block
  const said = serverBlockText(block)
  if (said === null) return block
  ledger.lose(`messages.${text(block['type']).slice(0, 64)}`)
  return said.trim() === '' ? null : { type: 'text', text: said }
}

/** State of ours goes back as what it was, to whom it came from; state of others' is upstream's own, or none of our business. */
function fitThought (block: JsonObject, state: unknown, target: Target): JsonObject | null {
  if (!isCarrier(state)) return block
  const carrier = unpackCarrier(state)
  if (carrier === null || !fits(carrier, ['m', 'd'], target.id)) return null
  return toThought(carrier.kind, carrier.item)
}

/** A carrier comes from outside, so what is in it may be anything. Null for what is no thought. */
export function toThought (kind: string, item: JsonObject): JsonObject | null {
  if (kind === 'd') return item['type'] === 'redacted_thinking' && text(item['data']) !== '' ? item : null
  return item['type'] === 'thinking' && typeof item['thinking'] === 'string' && text(item['signature']) !== '' ? item : null
}

/** Marks within a result are refused; the result itself may have one. */
function fitResult (block: JsonObject, { ledger, tools }: MessagesContext): JsonObject {
  const content = block['content'] as unknown[]
  const hadMark = content.some(inner => isObject(inner) && isCached(inner))
  const fitted = mapSame(content, inner => {
    if (!isObject(inner)) return inner
    if (isEmptyText(inner)) return null
    const name = text(inner['tool_name'])
    if (inner['type'] === 'tool_reference' && !tools.has(name)) {
      ledger.lose('messages.tool_reference')
      return { type: 'text', text: toolsNowAvailable([name]) }
    }
    return withoutCache(inner)
  })
  if (fitted === content) return block
  const result = { ...block, content: fitted }
  return hadMark && !isCached(block) ? withCache(result) : result
}

function fitDocument (block: JsonObject): JsonObject {
  const source = block['source']
  if (!isObject(source) || !Array.isArray(source['content'])) return block
  const content = mapSame(source['content'] as unknown[], inner => isObject(inner) ? withoutCache(inner) : inner)
  return content === source['content'] ? block : { ...block, source: { ...source, content } }
}

function placeNotes (messages: readonly JsonObject[], target: Target): JsonObject[] {
  const originals = new Map<Message, JsonObject>()
  const read = messages.map(message => {
    const entry: Message = { role: text(message['role']), content: blocksOf(message['content']) }
    originals.set(entry, message)
    return entry
  })
  return placeSystemTurns(read, takesSystemTurns(target.id)).map(message => originals.get(message) ?? { ...message })
}

/** A conversation must end with the user, but for older models that are not thinking, and let their answer be begun. */
export function endWithUser (messages: JsonObject[], { id, thinks }: { id: string, thinks: boolean }, ledger: Ledger): JsonObject[] {
  const last = messages.at(-1)
  if (last?.['role'] !== 'assistant') return messages
  if (thinks || !takesPrefill(id)) {
    if (blocksOf(last['content']).some(block => block['type'] === 'tool_use')) return messages   // upstream says best what is wrong with it
    ledger.lose('prefill')
    return [...messages, { role: 'user', content: 'Continue.' }]
  }
  const trimmed = trimEnd(last)
  return trimmed === last ? messages : [...messages.slice(0, -1), trimmed]
}

export function takesPrefill (id: string): boolean {
  const version = versionOf(id)
  return version > 0 && version < 4.6
}

/** The last text of an answer that is begun must not end in white space. */
export function trimEnd (message: JsonObject): JsonObject {
  const { content } = message
  if (typeof content === 'string') return /\s$/.test(content) ? { ...message, content: content.trimEnd() } : message
  const last: unknown = list(content).at(-1)
  if (!isObject(last) || last['type'] !== 'text' || !/\s$/.test(text(last['text']))) return message
  return { ...message, content: [...list(content).slice(0, -1), { ...last, text: text(last['text']).trimEnd() }] }
}

/** A mark on the last block that takes one: what `cache_control` at the top asks for, which upstream does not know. */
export function markLast (messages: JsonObject[]): JsonObject[] {
  const at = messages.findLastIndex(message => blocksOf(message['content']).some(takesCache))
  return messages.map((message, index) => {
    if (index !== at) return message
    const blocks = blocksOf(message['content'])
    const last = blocks.findLastIndex(takesCache)
    return { ...message, content: blocks.map((block, nth) => nth === last ? withCache(block) : block) }
  })
}
