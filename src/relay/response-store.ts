// Responses that clients refer back to. Copilot stores none, but the Vercel AI SDK's default and several agents send
// `previous_response_id` or `item_reference`: so the items of the last hour are kept, in memory, per user, bounded.
// `translation.md` 2.8.
import { LRUCache } from 'lru-cache'
import type { StreamTidy } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'

export interface ResponseStore {
  /**
   * The body with every reference replaced by what it refers to; the same object when there is none.
   * @throws {GatewayError} `previous_response_not_found` or `item_not_found` (400) for what is not, or no longer, known here
   */
  readonly expand: (username: string, body: JsonObject) => JsonObject
  /** Remembers an answer, unless its request said `store: false`. @param body as `expand` gave it */
  readonly keep: (username: string, body: JsonObject, response: JsonObject) => void
  /** Remembers the answer of a stream once it is complete. */
  readonly watch: (username: string, body: JsonObject, tidy: StreamTidy) => StreamTidy
}

const maxBytes = 64 * 1_048_576
const completed = 'event: response.completed\ndata: '

export function createResponseStore (): ResponseStore {
  const ttl = 3_600_000
  const responses = new LRUCache<string, { items: readonly JsonObject[], size: number }>({ maxSize: maxBytes, maxEntrySize: maxBytes / 4, sizeCalculation: entry => entry.size, ttl })
  const items = new LRUCache<string, { item: JsonObject, size: number }>({ maxSize: maxBytes, sizeCalculation: entry => entry.size, ttl })

  const resolve = (username: string, item: unknown): unknown => {
    if (!isReference(item)) return item
    const found = items.get(`${username}:${item.id}`)?.item
    if (found !== undefined) return found
    throw new GatewayError({ code: 'item_not_found', status: 400 }, `Item with id '${item.id.slice(0, 80)}' not found. This proxy keeps items for an hour, in memory; send store: false and the whole conversation instead.`, { param: 'input' })
  }
  const keep = (username: string, body: JsonObject, response: JsonObject): void => {
    const output = Array.isArray(response['output']) ? response['output'].filter(isObject) : []
    if (body['store'] === false || typeof response['id'] !== 'string') return
    const all = [...inputItems(body['input']), ...output]
    responses.set(`${username}:${response['id']}`, { items: all, size: JSON.stringify(all).length + 1 })
    for (const item of output) if (typeof item['id'] === 'string') items.set(`${username}:${item['id']}`, { item, size: JSON.stringify(item).length + 1 })
  }
  return {
    keep,
    expand (username, body) {
      const previous = body['previous_response_id'] ?? null
      const input = body['input']
      const hasReference = Array.isArray(input) && input.some(isReference)
      if (previous === null && !hasReference) return body
      const earlier = typeof previous === 'string' ? responses.get(`${username}:${previous}`)?.items : []
      if (earlier === undefined || (previous !== null && typeof previous !== 'string')) {
        throw new GatewayError({ code: 'previous_response_not_found', status: 400 }, 'The previous response is not known here: this proxy keeps responses for an hour, in memory. Send store: false and the whole conversation instead.', { param: 'previous_response_id' })
      }
      const { previous_response_id: _known, ...rest } = body
      return { ...rest, input: [...earlier, ...inputItems(input).map(item => resolve(username, item))] }
    },
    watch: (username, body, tidy) => body['store'] === false
      ? tidy
      : {
          ...tidy,
          event (data, name) {
            const out = tidy.event(data, name)
            if (out === null ? name === 'response.completed' : out.includes(completed)) {
              const text = out === null ? data : out.slice(out.indexOf(completed) + completed.length).split('\n', 1)[0] ?? ''
              const parsed = parse(text)
              if (isObject(parsed['response'])) keep(username, body, parsed['response'])
            }
            return out
          },
        },
  }
}

/** `{"id":"…"}` alone is a reference too. */
function isReference (item: unknown): item is { readonly id: string } {
  if (!isObject(item) || typeof item['id'] !== 'string') return false
  return item['type'] === 'item_reference' || (item['type'] === undefined && Object.keys(item).length === 1)
}

function inputItems (input: unknown): readonly JsonObject[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }]
  return Array.isArray(input) ? input.filter(isObject) : []
}

function parse (text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch { return {} }
}
