// `cache_control`: upstream takes at most four, and only in their plainest form. `copilot-upstream.md` 9.3.
import { isObject, type JsonObject } from '../../json.ts'
import { isCached, list } from './wire.ts'

export const ephemeral = { type: 'ephemeral' }
const most = 4

export interface Parts { readonly system: JsonObject[], readonly tools: JsonObject[], readonly messages: JsonObject[] }

export function withoutCache (block: JsonObject): JsonObject {
  if (!('cache_control' in block)) return block
  const { cache_control: _gone, ...rest } = block
  return rest
}

export function withCache (block: JsonObject): JsonObject {
  return { ...block, cache_control: ephemeral }
}

export function takesCache ({ type, defer_loading: isDeferred }: JsonObject): boolean {
  return type !== 'thinking' && type !== 'redacted_thinking' && type !== 'tool_reference' && isDeferred !== true && !(typeof type === 'string' && type.startsWith('tool_search_tool_'))
}

/**
 * The block with its mark as upstream takes it, or without. The same block when it is right.
 * @param onLoss is told when the mark asked for more than it gets
 */
export function fitCache (block: JsonObject, onLoss: () => void): JsonObject {
  if (!('cache_control' in block)) return block
  const control = block['cache_control']
  if (!isObject(control) || control['type'] !== 'ephemeral' || !takesCache(block)) return withoutCache(block)
  const keys = Object.keys(control)
  if (keys.length === 1) return block
  if (keys.some(key => key !== 'type' && !(key === 'ttl' && control['ttl'] === '5m'))) onLoss()
  return withCache(block)
}

interface Mark { readonly part: 'system' | 'tools' | 'messages', readonly at: number, readonly block: number }

/**
 * At most four marks. Kept first are those that most requests find again: the last of the system's, the last two of the
 * conversation, the last of the tools'. The same parts when there are no more than four.
 */
export function limitCache (parts: Parts, onLoss: () => void): Parts {
  const system = marksOf(parts.system, 'system')
  const tools = marksOf(parts.tools, 'tools')
  const messages = parts.messages.flatMap((message, at) => list(message['content']).flatMap((block, nth): Mark[] => isObject(block) && isCached(block) ? [{ part: 'messages', at, block: nth }] : [])).toReversed()
  const order = [...system.slice(0, 1), ...messages.slice(0, 2), ...tools.slice(0, 1), ...messages.slice(2), ...system.slice(1), ...tools.slice(1)]
  if (order.length <= most) return parts
  onLoss()
  const isSurplus = new Set(order.slice(most).map(({ part, at, block }) => `${part}.${at}.${block}`))
  const strip = (part: Mark['part']) => (block: JsonObject, at: number): JsonObject => isSurplus.has(`${part}.${at}.0`) ? withoutCache(block) : block
  return {
    system: parts.system.map(strip('system')),
    tools: parts.tools.map(strip('tools')),
    messages: parts.messages.map((message, at) => {
      const content = message['content']
      if (!Array.isArray(content) || !content.some((_block, nth) => isSurplus.has(`messages.${at}.${nth}`))) return message
      return { ...message, content: content.map((block: unknown, nth) => isObject(block) && isSurplus.has(`messages.${at}.${nth}`) ? withoutCache(block) : block) }
    }),
  }
}

/** The last one first. */
function marksOf (blocks: readonly JsonObject[], part: 'system' | 'tools'): Mark[] {
  return blocks.flatMap((block, at): Mark[] => isCached(block) ? [{ part, at, block: 0 }] : []).toReversed()
}
