// Where `cache_control` may stand: at most four times, never inside a tool's result, on thinking, or at the top.
import { fields, isFields, list } from './json.ts'
import type { Fields } from './json.ts'
import type { World } from './world.ts'

export function checkCache ({ strict }: World, body: Fields): string | null {
  if (!strict.messagesCache) return null
  if (body.cache_control !== undefined) return 'cache_control: Extra inputs are not permitted'
  let count = 0
  const check = (value: unknown, at: string): string | null => {
    const block = fields(value)
    if (block.cache_control === undefined || block.cache_control === null) return null
    count++
    return checkControl(block, `${at}.cache_control`)
  }
  const places = [
    ...placed(body.system, 'system'),
    ...placed(body.tools, 'tools'),
    ...list(body.messages).flatMap((message, index) => placed(fields(message).content, `messages.${index}.content`)),
  ]
  for (const [block, at] of places) {
    const problem = check(block, at) ?? nested(block, at)
    if (problem !== null) return problem
  }
  return count > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${count}.` : null
}

function placed (value: unknown, at: string): [unknown, string][] {
  return list(value).map((block, index) => [block, `${at}.${index}`])
}

function checkControl (block: Fields, at: string): string | null {
  const control = block.cache_control
  if (block.type === 'thinking' || block.type === 'redacted_thinking' || block.defer_loading === true) return `${at}: Extra inputs are not permitted`
  if (!isFields(control) || control.type !== 'ephemeral') return `${at}.type: Input should be 'ephemeral'`
  const extra = Object.keys(control).find(key => key !== 'type' && key !== 'ttl')
  return extra === undefined ? null : `${at}.ephemeral.${extra}: Extra inputs are not permitted`
}

function nested (value: unknown, at: string): string | null {
  const block = fields(value)
  if (block.type !== 'tool_result') return null
  const index = list(block.content).findIndex(inner => fields(inner).cache_control !== undefined)
  return index < 0 ? null : `${at}.tool_result.content.${index}.cache_control: cache_control may not be specified within 'tool_result.content'`
}
