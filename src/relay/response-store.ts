// The answers of the last hour that clients may refer to, with their items: in memory, per user, bounded. A dialect
// decides what is kept (`rememberResponse`) and what a request refers to (`resolveReferences`).
// `docs/spec/translation.md#response-store`.
import { isObject, list, text } from '../json.ts'
import type { RememberedItem, RememberedResponse, RememberedResponses } from '../dialects/contract/memory.ts'
import { createSharedCache } from './shared-cache.ts'

/** The memory of one user. */
export type ResponseStore = (owner: string) => RememberedResponses
/** The same for one connection, which also remembers answers that the client wants stored nowhere. */
export interface ConnectionMemory {
  readonly responses: ResponseStore
  /** Forgets what only the connection remembers. */
  readonly close: () => void
}

const maxBytes = 64 * 1_048_576
const limits = { maxBytes, shareBytes: maxBytes / 4, ttlMs: 3_600_000 }
/** What V8 needs for an object or an array, however short its JSON is. */
const containerBytes = 64
/** As many names of lanes as OpenAI allows on a connection. */
const maxLanes = 32

export function createResponseStore (): ResponseStore {
  const responses = createSharedCache<RememberedResponse>(limits)
  const items = createSharedCache<RememberedItem>(limits)
  return owner => ({
    response: id => responses.get(owner, id),
    item: id => items.get(owner, id),
    keepResponse (id, response) {
      responses.set(owner, id, response, bytesOf(response))
    },
    keepItem (id, item) {
      items.set(owner, id, item, item.size + overheadOf(item.item))
    },
    forget (id) {
      const found = responses.get(owner, id)
      if (found === undefined) return false
      for (const item of list(found.response['output'])) if (isObject(item)) items.delete(owner, text(item['id']))
      return responses.delete(owner, id)
    },
  })
}

/**
 * Of answers that are stored nowhere else, a connection keeps the last of each lane: the next request refers to it. All
 * connections share their room as stored answers do.
 * @returns a function that makes the memory of a connection. @param laneOf the lane of the answer under way
 */
export function createConnectionMemories (shared: ResponseStore): (laneOf: () => string | null) => ConnectionMemory {
  const ofConnections = createSharedCache<RememberedResponse>(limits)
  let connections = 0
  return laneOf => {
    const connection = ++connections
    /** By lane, the function that forgets its last answer. */
    const lanes = new Map<string | null, () => void>()
    return {
      responses (owner) {
        const stored = shared(owner)
        const keyOf = (id: string) => `${connection}:${id}`
        return {
          ...stored,
          response: id => ofConnections.get(owner, keyOf(id)) ?? stored.response(id),
          keepForConnection (id, response) {
            const lane = laneOf()
            lanes.get(lane)?.()
            ofConnections.set(owner, keyOf(id), response, bytesOf(response))
            lanes.delete(lane)
            lanes.set(lane, () => {
              ofConnections.delete(owner, keyOf(id))
            })
            if (lanes.size > maxLanes) forgetOldest(lanes)
          },
        }
      },
      close () {
        while (lanes.size > 0) forgetOldest(lanes)
      },
    }
  }
}

function forgetOldest (lanes: Map<string | null, () => void>): void {
  for (const [lane, forget] of lanes) {
    forget()
    lanes.delete(lane)
    return
  }
}

function bytesOf ({ size, items, response }: RememberedResponse): number {
  return size + overheadOf(items) + overheadOf(response)
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
