// Values that the store holds only to spare a call or to know a day: cached tokens, lists of models, days of last use.
// Cloudflare KV has 1,000 writes a day on its free plan, so with Durable Objects they live in the object of their user.
import type { Store } from '../store/store.ts'
import { isDispensable } from '../store/keys.ts'
import type { Engine } from './engine.ts'

/** Days of last use have no end of their own. */
const longestMs = 400 * 86_400_000

export function withShortLived (store: Store, engine: Engine, now: () => number): Store {
  if (engine.kind !== 'durable-object') return store
  /** Null for a key that the store itself keeps. */
  const ownerOf = (key: string) => isDispensable(key) ? key.split(':')[1] ?? null : null
  return {
    ...store,
    async get (key) {
      const owner = ownerOf(key)
      if (owner === null) return store.get(key)
      const [result] = await engine.run(owner, [{ do: 'get', key }]) ?? []
      // What an earlier version left in the store serves until its end.
      return result?.value ?? await store.get(key)
    },
    async set (key, value, expiresAt) {
      const owner = ownerOf(key)
      if (owner === null) return store.set(key, value, expiresAt)
      const ttlMs = expiresAt === undefined ? longestMs : Math.max(1, expiresAt - now())
      await engine.run(owner, [{ do: 'set', key, value, ttlMs }])
    },
    async delete (key) {
      const owner = ownerOf(key)
      if (owner !== null) await engine.run(owner, [{ do: 'delete', key }])
      await store.delete(key)
    },
  }
}
