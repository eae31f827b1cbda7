// The answers of the last hour that clients may refer to, with their items: in memory, per user, bounded. A dialect
// decides what is kept (`rememberResponse`) and what a request refers to (`resolveReferences`).
// `docs/spec/translation.md#response-store`.
import { LRUCache } from 'lru-cache'
import { isObject, list, text } from '../json.ts'
import type { RememberedItem, RememberedResponse, RememberedResponses } from '../dialects/contract/memory.ts'

/** The memory of one user. */
export type ResponseStore = (username: string) => RememberedResponses

const maxBytes = 64 * 1_048_576
const ttl = 3_600_000

export function createResponseStore (): ResponseStore {
  const responses = new LRUCache<string, RememberedResponse>({ maxSize: maxBytes, maxEntrySize: maxBytes / 4,
    sizeCalculation: ({ size }) => size, ttl })
  const items = new LRUCache<string, RememberedItem>({ maxSize: maxBytes, sizeCalculation: ({ size }) => size, ttl })
  return username => ({
    response: id => responses.get(`${username}:${id}`),
    item: id => items.get(`${username}:${id}`),
    keepResponse (id, response) {
      responses.set(`${username}:${id}`, response)
    },
    keepItem (id, item) {
      items.set(`${username}:${id}`, item)
    },
    forget (id) {
      const found = responses.get(`${username}:${id}`)
      if (found === undefined) return false
      for (const item of list(found.response['output'])) {
        if (isObject(item)) items.delete(`${username}:${text(item['id'])}`)
      }
      return responses.delete(`${username}:${id}`)
    },
  })
}
