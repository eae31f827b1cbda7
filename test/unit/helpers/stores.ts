// Stores for tests: they count calls and can fail on demand; one shows old values for a while, as KV does.
import { createMemoryStore } from '../../../src/store/memory.ts'
import { StoreError, type Store } from '../../../src/store/store.ts'
import type { HandClock } from './clock.ts'

export interface CountingStore extends Store {
  readonly calls: { get: number, set: number, create: number, delete: number }
  /** While true, every call fails. */
  isOut: boolean
  /** The stored values, without any cache. */
  readonly inner: Store
}

const staleMs = 60_000

export function createCountingStore (clock: HandClock, inner: Store = createMemoryStore(clock)): CountingStore {
  return wrap(inner, 'memory', key => inner.get(key))
}

/**
 * One process's view of KV: it remembers each read for a minute, even of a missing key, whatever is written meanwhile.
 */
export function createEventualStore (clock: HandClock, inner: Store): CountingStore {
  const seen = new Map<string, { value: string | null, at: number }>()
  return wrap(inner, 'cloudflare-kv', async key => {
    const known = seen.get(key)
    if (known !== undefined && clock.monotonic() - known.at < staleMs) return known.value
    const value = await inner.get(key)
    seen.set(key, { value, at: clock.monotonic() })
    return value
  })
}

/** The next read takes the current value, and returns it when the returned function is called. */
export function holdNextRead (store: CountingStore): () => void {
  const { get } = store
  const { promise, resolve } = Promise.withResolvers<void>()
  store.get = async key => {
    store.get = get
    const value = await store.inner.get(key)
    await promise
    return value
  }
  return resolve
}

function wrap (inner: Store, kind: Store['kind'], get: Store['get']): CountingStore {
  const calls = { get: 0, set: 0, create: 0, delete: 0 }
  const count = async (name: keyof typeof calls): Promise<void> => {
    calls[name]++
    await Promise.resolve()
    if (store.isOut) throw new StoreError('out of reach')
  }
  const store: CountingStore = {
    kind,
    inner,
    calls,
    isOut: false,
    async get (key) {
      await count('get')
      return get(key)
    },
    async set (key, value, expiresAt) {
      await count('set')
      await inner.set(key, value, expiresAt)
    },
    async create (key, value) {
      await count('create')
      if (kind === 'memory') return inner.create(key, value)
      if (await get(key) !== null) return false
      await inner.set(key, value)
      return true
    },
    async delete (key) {
      await count('delete')
      await inner.delete(key)
    },
    keys: prefix => inner.keys(prefix),
    close: async () => {},
  }
  return store
}
