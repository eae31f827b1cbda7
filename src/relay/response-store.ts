// The answers of the last hour that clients may refer to, with their items: in memory, per user, bounded. A dialect
// decides what is kept (`rememberResponse`) and what a request refers to (`resolveReferences`).
// `docs/spec/translation.md#response-store`.
import { isObject, list, text } from '../json.ts'
import type { RememberedItem, RememberedResponse, RememberedResponses } from '../dialects/contract/memory.ts'
import { createSharedCache } from './shared-cache.ts'

/** The memory of one user. */
export type ResponseStore = (username: string) => RememberedResponses

const maxBytes = 64 * 1_048_576
const limits = { maxBytes, shareBytes: maxBytes / 4, ttlMs: 3_600_000 }
/** What V8 needs for an object or an array, however short its JSON is. */
const containerBytes = 64

export function createResponseStore (): ResponseStore {
  const responses = createSharedCache<RememberedResponse>(limits)
  const items = createSharedCache<RememberedItem>(limits)
  return username => ({
    response: id => responses.get(username, id),
    item: id => items.get(username, id),
    keepResponse (id, response) {
      responses.set(username, id, response, response.size + overheadOf(response.items) + overheadOf(response.response))
    },
    keepItem (id, item) {
      items.set(username, id, item, item.size + overheadOf(item.item))
    },
    forget (id) {
      const found = responses.get(username, id)
      if (found === undefined) return false
      for (const item of list(found.response['output'])) if (isObject(item)) items.delete(username, text(item['id']))
      return responses.delete(username, id)
    },
  })
}

/** Stops at a share: a larger value is not kept. */
function overheadOf (value: object): number {
  let bytes = 0
  const open: object[] = [value]
  for (let next = open.pop(); next !== undefined && bytes <= limits.shareBytes; next = open.pop()) {
    bytes += containerBytes
    const inside: Iterable<unknown> = Array.isArray(next) ? next : Object.values(next)
    for (const inner of inside) if (typeof inner === 'object' && inner !== null) open.push(inner)
  }
  return bytes
}
