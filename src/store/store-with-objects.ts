// A Worker's store with Durable Objects: KV keeps the records, and the user's object keeps what changes often. KV has
// 1,000 writes a day on its free plan. Values of earlier versions are still in KV: they are read there until the object
// has newer ones.
import { LRUCache } from 'lru-cache'
import { createSingleFlight } from '../single-flight.ts'
import { createHotDurableObject } from './hot-durable-object.ts'
import { createByLooking } from './kv-record.ts'
import { isDispensable } from './keys.ts'
import { callObject, type StateNamespace } from './state-object.ts'
import type { Store } from './store.ts'
import { createDurableUsage } from './usage-durable-object.ts'

/** Cached tokens, lists of models, days of last use, and the credits of keys. */
const inObject = /^(?:cred|models|meta|spend):([^:]+)/
/** A request that meets a user for the first time reads several values: one call gets them all. */
const fetchedMs = 5_000
/** Of values that live until they are deleted. */
const foreverMs = 10 * 365 * 86_400_000

interface Fetched {
  readonly at: number
  readonly values: ReadonlyMap<string, string>
  readonly taken: Set<string>
}

/** @param now milliseconds since the epoch */
export function withObjects (store: Store, namespace: StateNamespace, now: () => number = Date.now): Store {
  /** By user. Each value is taken out once: the next read of the same key asks again. */
  const flights = createSingleFlight<Fetched>(1_000)
  const fetched = new LRUCache<string, Fetched>({ max: 500 })
  const ownerOf = (key: string): string | null => inObject.exec(key)?.[1] ?? null

  const get = async (key: string): Promise<string | null> => {
    const owner = ownerOf(key)
    if (owner === null) return store.get(key)
    const reading = read(owner, key)
    // What the gateway can lose, it can also miss: an object that does not answer must not refuse a request.
    return await (isDispensable(key) ? reading.catch(() => null) : reading) ?? store.get(key)
  }
  const set = async (key: string, value: string, expiresAt?: number): Promise<void> => {
    const owner = ownerOf(key)
    if (owner === null) return store.set(key, value, expiresAt)
    fetched.delete(owner)
    await callObject(namespace, owner, object => object.keep(key, value, expiresAt ?? now() + foreverMs))
  }
  const createInObject = createByLooking(get, set)

  return {
    ...store,
    hot: createHotDurableObject(namespace),
    usage: createDurableUsage(namespace, store),
    get,
    set,
    create: (key, value) => ownerOf(key) === null ? store.create(key, value) : createInObject(key, value),
    async delete (key) {
      const owner = ownerOf(key)
      if (owner !== null) {
        fetched.delete(owner)
        await callObject(namespace, owner, object => object.keep(key, null, 0))
      }
      await store.delete(key)
    },
    /** Values of objects are listed for one user alone: `cred:alice:`. */
    async *keys (prefix) {
      const owner = prefix.endsWith(':') ? ownerOf(prefix) : null
      const kept = owner === null
        ? []
        : (await callObject(namespace, owner, object => object.values())).map(([key]) => key)
      const own = new Set(kept.filter(key => key.startsWith(prefix)))
      yield* own
      for await (const key of store.keys(prefix)) if (!own.has(key)) yield key
    },
  }

  async function read (owner: string, key: string): Promise<string | null> {
    const known = fetched.get(owner)
    const isFresh = known !== undefined && now() - known.at < fetchedMs && !known.taken.has(key)
    const { values, taken } = isFresh ? known : await flights.run(owner, () => {}, () => fetchAll(owner))
    taken.add(key)
    return values.get(key) ?? null
  }

  async function fetchAll (owner: string): Promise<Fetched> {
    const values = new Map(await callObject(namespace, owner, object => object.values()))
    const all = { at: now(), values, taken: new Set<string>() }
    fetched.set(owner, all)
    return all
  }
}
