// The places in which `cache_control` is allowed: at most four times, never inside a tool's result or on thinking, and
// at the top only for a few models.
import { fields, isFields, list } from '../json.ts'
import { messagesOf } from './places.ts'
import { firstOf } from './rule.ts'
import { takesTopCache } from './kinds.ts'
import type { Fields } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

interface Marked {
  readonly block: Fields
  readonly at: string
}

export const cacheRules: readonly Rule[] = [{ id: 'cache-top', on: ['messages'], mark: 'live',
  source: 'copilot-api#263, Floway', by: 'messagesCache', envelope: 'flat', models: model => !takesTopCache(model),
  check: ({ body }) => body.cache_control !== undefined ? 'cache_control: Extra inputs are not permitted' : null }, {
  id: 'cache-control',
  on: ['messages'],
  mark: 'live',
  source: 'docs/spec/copilot.md#messages-cache',
  by: 'messagesCache',
  envelope: 'flat',
  check: seen => firstOf(markedBlocks(seen), control),
}, { id: 'cache-in-result', on: ['messages'], mark: 'live', source: 'docs/spec/copilot.md#messages-cache',
  by: 'messagesCache', envelope: 'flat', check: seen =>
    firstOf(placed(seen), ({ block, at }) => {
      const index = block.type === 'tool_result'
        ? list(block.content).findIndex(inner => fields(inner).cache_control !== undefined)
        : -1
      return index < 0
        ? null
        : `${at}.tool_result.content.${index}.cache_control: cache_control may not be specified within `
          + `'tool_result.content'`
    }) }, { id: 'cache-count', on: ['messages'], mark: 'live', source: 'docs/spec/copilot.md#messages-cache',
  by: 'messagesCache', envelope: 'flat', check: seen => {
    const count = markedBlocks(seen).length
    return count > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${count}.` : null
  } }, { id: 'cache-ttl', on: ['messages'], mark: 'guess', source: 'Floway', by: 'cacheTtl', envelope: 'flat',
  check: seen =>
    (seen.ask.request.headers['anthropic-beta'] ?? '').includes('extended-cache-ttl-')
      ? null
      : firstOf(markedBlocks(seen), ({ block, at }) =>
        fields(block.cache_control).ttl === '1h'
          ? `${at}.cache_control.ephemeral.ttl: Extra inputs are not permitted`
          : null) }]

function placed (seen: Seen): Marked[] {
  const blocks = (value: unknown, at: string): Marked[] =>
    list(value).map((block, index) => ({ block: fields(block), at: `${at}.${index}` }))
  return [...blocks(seen.body.system, 'system'), ...blocks(seen.body.tools, 'tools'),
    ...messagesOf(seen).flatMap(({ content }, index) => blocks(content, `messages.${index}.content`))]
}

function markedBlocks (seen: Seen): Marked[] {
  return placed(seen).filter(({ block }) => block.cache_control !== undefined && block.cache_control !== null)
}

function control ({ block, at }: Marked): string | null {
  const given = block.cache_control
  const place = `${at}.cache_control`
  if (block.type === 'thinking' || block.type === 'redacted_thinking' || block.defer_loading === true) {
    return `${place}: Extra inputs are not permitted`
  }
  if (!isFields(given) || given.type !== 'ephemeral') return `${place}.type: Input should be 'ephemeral'`
  const extra = Object.keys(given).find(key => key !== 'type' && key !== 'ttl')
  return extra === undefined ? null : `${place}.ephemeral.${extra}: Extra inputs are not permitted`
}
