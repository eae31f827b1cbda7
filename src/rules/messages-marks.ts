// `cache_control` on Messages: at most four, in their simplest form, and only in few places.
// docs/spec/copilot.md#messages-cache.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapField, mapSame, text } from './fields.ts'
import { takesHourCache } from './model-facts.ts'
import type { Rule } from './rule.ts'

const ephemeral = { type: 'ephemeral' }
const most = 4

const isMarked = (block: JsonObject): boolean => isObject(block['cache_control'])

function unmarked (block: JsonObject): JsonObject {
  if (!('cache_control' in block)) return block
  const { cache_control: _gone, ...rest } = block
  return rest
}

function takesMark ({ type, defer_loading: isDeferred }: JsonObject): boolean {
  return type !== 'thinking' && type !== 'redacted_thinking' && type !== 'tool_reference' && isDeferred !== true
    && !text(type).startsWith('tool_search_tool_')
}

/** A string counts as one text block. */
const blocksOf = (content: unknown): readonly JsonObject[] =>
  typeof content === 'string' ? content === '' ? [] : [{ type: 'text', text: content }] : list(content).filter(isObject)

/** Every place for a mark: system, tools, and the blocks of messages. */
function mapBlocks (body: JsonObject, fit: (block: JsonObject) => JsonObject): JsonObject {
  return mapField(mapField(mapField(body, 'system', fit), 'tools', fit), 'messages',
    message => mapField(message, 'content', fit))
}

/** Whether there is any mark. Most blocks have none, and neither has every second body. */
function hasMarks ({ system, tools, messages }: JsonObject): boolean {
  return list(system).some(hasMark) || list(tools).some(hasMark)
    || list(messages).some(message =>
      isObject(message) && Array.isArray(message['content']) && message['content'].some(hasMark)
    )
}

function hasMark (block: unknown): boolean {
  if (typeof block !== 'object' || block === null) return false
  if ('cache_control' in block) return true
  const { content, source } = block as JsonObject
  return (Array.isArray(content) && content.some(hasMark))
    || (isObject(source) && Array.isArray(source['content']) && source['content'].some(hasMark))
}

const all: Pick<Rule, 'models' | 'applies' | 'when'> = { models: 'all', applies: () => true, when: 'always' }

export const messagesMarks: readonly Rule[] = [{
  ...all,
  id: 'messages-cache-top',
  what: '`cache_control` at the top goes onto the last block that takes it.',
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#263' },
  answers: [/^cache_control: Extra inputs/],
  apply (body) {
    const { cache_control: control, ...rest } = body
    if (control === undefined) return body
    return isObject(control) ? { ...rest, messages: markLast(list(body['messages']), control) } : rest
  },
}, {
  ...all,
  id: 'messages-cache-form',
  what: '`cache_control` is `{"type": "ephemeral"}`, `ttl: "1h"` only for models with a window of a million; it is '
    + 'never on thinking, references, deferred tools, or inside a result or a document.',
  fix: 'rewrite',
  loses: 'small',
  source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts, anthropic.ts' },
  answers: [/\.cache_control\..*Extra inputs are not permitted/, /cache_control may not be specified within/],
  apply (body, { target, lose }) {
    if (!hasMarks(body)) return body
    const takesHour = takesHourCache(target)
    return mapBlocks(body, block =>
      fittedMark(fittedInside(block), takesHour, () => {
        lose('cache_control')
      }))
  },
}, {
  ...all,
  id: 'messages-cache-count',
  what: `At most ${most} marks: the last of the system's, the last two of the conversation and the last of the tools' `
    + `stay first.`,
  fix: 'drop',
  loses: 'small',
  source: { mark: 'live', reference: 'Copilot: "A maximum of 4 blocks with cache_control may be provided."' },
  answers: [/maximum of 4 blocks with cache_control/],
  apply (body, { lose }) {
    if (!hasMarks(body)) return body
    const marks: JsonObject[][] = [[], [], []]
    const note = (at: number) => (block: JsonObject): JsonObject => {
      if (isMarked(block)) marks[at]?.push(block)
      return block
    }
    mapField(body, 'system', note(0))
    mapField(body, 'tools', note(1))
    mapField(body, 'messages', message => mapField(message, 'content', note(2)))
    const [system = [], tools = [], messages = []] = marks.map(found => found.reverse())
    const order = [...system.slice(0, 1), ...messages.slice(0, 2), ...tools.slice(0, 1), ...messages.slice(2),
      ...system.slice(1), ...tools.slice(1)]
    if (order.length <= most) return body
    lose('cache_control')
    const kept = new Set(order.slice(0, most))
    return mapBlocks(body, block => isMarked(block) && !kept.has(block) ? unmarked(block) : block)
  },
}]

function markLast (messages: readonly unknown[], control: JsonObject): readonly unknown[] {
  const at = messages.findLastIndex(message => isObject(message) && blocksOf(message['content']).some(takesMark))
  const message = messages[at]
  if (!isObject(message)) return messages
  const blocks = blocksOf(message['content'])
  const last = blocks.findLastIndex(takesMark)
  return messages.with(at, { ...message, content: blocks.with(last, { ...blocks[last], cache_control: control }) })
}

function fittedMark (block: JsonObject, takesHour: boolean, onLoss: () => void): JsonObject {
  if (!('cache_control' in block)) return block
  const control = block['cache_control']
  if (!isObject(control) || control['type'] !== 'ephemeral' || !takesMark(block)) return unmarked(block)
  const { type: _type, ttl, ...others } = control
  const isHour = ttl === '1h' && takesHour
  if (Object.keys(others).length === 0 && (ttl === undefined || isHour)) return block
  if (Object.keys(others).length > 0 || (ttl !== undefined && ttl !== '5m' && !isHour)) onLoss()
  return { ...block, cache_control: isHour ? { ...ephemeral, ttl } : ephemeral }
}

/** Marks inside a result are refused; the result itself may have one. */
function fittedInside (block: JsonObject): JsonObject {
  const { content, source } = block
  if (block['type'] === 'tool_result' && Array.isArray(content)) {
    const fitted = mapSame(content as readonly unknown[], inner => isObject(inner) ? unmarked(inner) : inner)
    if (fitted === content) return block
    const hadMark = content.some(inner => isObject(inner) && isMarked(inner))
    return { ...block, content: fitted, ...(hadMark && !isMarked(block) ? { cache_control: ephemeral } : {}) }
  }
  if (block['type'] !== 'document' || !isObject(source)) return block
  const fitted = mapField(source, 'content', unmarked)
  return fitted === source ? block : { ...block, source: fitted }
}
