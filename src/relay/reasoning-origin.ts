// Which model made the encrypted reasoning that a Responses client gives back. Upstream refuses another model's, and a user
// may switch models in the middle of a conversation. Kept in memory for an hour, per user: what is not known here passes.
import { LRUCache } from 'lru-cache'
import type { StreamTidy } from '../dialects/dialect.ts'
import { isObject, type JsonObject } from '../json.ts'

export interface ReasoningOrigin {
  /** The body without reasoning that is known to be another model's; the same object when there is none. */
  readonly dropForeign: (username: string, body: JsonObject, model: string) => { readonly body: JsonObject, readonly dropped: boolean }
  /** Notes the reasoning of a whole answer. */
  readonly note: (username: string, response: JsonObject, model: string) => void
  /** Notes that of a stream, item by item. */
  readonly watch: (username: string, model: string, tidy: StreamTidy) => StreamTidy
}

export function createReasoningOrigin (): ReasoningOrigin {
  const models = new LRUCache<string, string>({ max: 10_000, ttl: 3_600_000 })
  const keyOf = (username: string, { encrypted_content: state }: JsonObject) =>
    typeof state === 'string' ? `${username}:${state.length}:${state.slice(0, 48)}:${state.slice(-48)}` : null
  const noteItem = (username: string, item: unknown, model: string): void => {
    if (!isObject(item) || item['type'] !== 'reasoning') return
    const key = keyOf(username, item)
    if (key !== null) models.set(key, model)
  }
  return {
    dropForeign (username, body, model) {
      const input = body['input']
      if (!Array.isArray(input)) return { body, dropped: false }
      const kept = input.filter(item => {
        if (!isObject(item) || item['type'] !== 'reasoning') return true
        const key = keyOf(username, item)
        const maker = key === null ? undefined : models.get(key)
        return maker === undefined || maker === model
      })
      return kept.length === input.length ? { body, dropped: false } : { body: { ...body, input: kept }, dropped: true }
    },
    note (username, response, model) {
      for (const item of Array.isArray(response['output']) ? response['output'] : []) noteItem(username, item, model)
    },
    watch: (username, model, tidy) => ({
      ...tidy,
      event (data, name) {
        if (name === 'response.output_item.done' && data.includes('"encrypted_content":"')) noteItem(username, parse(data)['item'], model)
        return tidy.event(data, name)
      },
    }),
  }
}

function parse (text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch { return {} }
}
