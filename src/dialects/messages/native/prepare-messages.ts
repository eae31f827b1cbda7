// Prepares the history of a request for upstream's own Messages endpoint. A valid message stays the same object.
// `docs/spec/copilot.md#messages-body`, `docs/spec/translation.md#same-dialect`.
import { isObject, type JsonObject } from '../../../json.ts'
import { mapSameInSteps, sameOf, stepSize, type Steps } from '../../../steps.ts'
import { fits, isCarrier, unpackCarrier } from '../../shared/carrier.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { isToolSearch, serverBlockText, toolsNowAvailable } from '../request/decode-server-blocks.ts'
import { textOnly } from '../request/decode-system.ts'
import { mapSame, text, type Thought } from '../wire.ts'

export interface MessagesContext {
  readonly target: Target
  readonly ledger: Ledger
  /** Names of the tools that upstream gets. */
  readonly tools: ReadonlySet<string>
}

export function* fitMessages (messages: unknown[], context: MessagesContext): Steps<unknown[]> {
  const read: unknown[] = []
  for (const message of messages) {
    if (read.length % stepSize === stepSize - 1) yield
    read.push(isObject(message) ? yield* fitMessage(message, context) : message)
  }
  return sameOf(messages, read)
}

/** Null if no block of the message is left. */
function* fitMessage (message: JsonObject, context: MessagesContext): Steps<JsonObject | null> {
  const content = message['content']
  if (!Array.isArray(content)) return message
  const raw = content as unknown[]
  const given = message['role'] === 'system' && !raw.every(block => isObject(block) && block['type'] === 'text')
    ? textOnly(raw.filter(isObject), context.ledger)
    : raw
  const blocks = yield* mapSameInSteps(given, block => isObject(block) ? fitBlock(block, context) : block)
  if (blocks.length === 0 && raw.length > 0) return null
  return blocks === content ? message : { ...message, content: blocks }
}

function fitBlock (block: JsonObject, context: MessagesContext): JsonObject | null {
  const { ledger } = context
  switch (block['type']) {
    case 'thinking':
      return fitThought(block, block['signature'], context)
    case 'redacted_thinking':
      return fitThought(block, block['data'], context)
    case 'tool_result':
      return Array.isArray(block['content']) ? fitResult(block, context) : block
    case 'container_upload':
      return ledger.refuse('messages', 'A file id')
    case 'compaction':
      if (text(block['content']) === '') ledger.refuse('messages', 'A compacted conversation')
      return { type: 'text', text: block['content'] }
  }
  if (isToolSearch(block)) return block
  const words = serverBlockText(block)
  if (words === null) return block
  ledger.lose(`messages.${text(block['type']).slice(0, 64)}`)
  return words.trim() === '' ? null : { type: 'text', text: words }
}

/**
 * Our own state goes back in its original form, to the upstream that made it. Other state is upstream's own, and
 * passes.
 */
function fitThought (block: JsonObject, state: unknown, { target, ledger }: MessagesContext): JsonObject | null {
  if (!isCarrier(state)) return block
  const carrier = unpackCarrier(state)
  const thought = carrier === null || !fits(carrier, ['m', 'd'], target.id)
    ? null
    : toThought(carrier.kind, carrier.item)
  if (thought === null) ledger.lose('reasoning')
  return thought
}

/** A carrier comes from the client, so it may contain anything. Null if it is no thought. */
export function toThought (kind: string, item: JsonObject): Thought | null {
  if (kind === 'd') return isThought(item, 'redacted_thinking') && text(item['data']) !== '' ? item : null
  return isThought(item, 'thinking') && typeof item['thinking'] === 'string' && text(item['signature']) !== ''
    ? item
    : null
}

function isThought (item: JsonObject, type: Thought['type']): item is Thought {
  return item['type'] === type
}

/** References may only name tools that upstream gets. */
function fitResult (block: JsonObject, { ledger, tools }: MessagesContext): JsonObject {
  const content = block['content'] as unknown[]
  const fitted = mapSame(content, inner => {
    if (!isObject(inner) || inner['type'] !== 'tool_reference' || tools.has(text(inner['tool_name']))) return inner
    ledger.lose('messages.tool_reference')
    return { type: 'text', text: toolsNowAvailable([text(inner['tool_name'])]) }
  })
  return fitted === content ? block : { ...block, content: fitted }
}
