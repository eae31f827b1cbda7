// A store in memory, lost with the process: for tests, for the demo and for trying things out. Atomic, because it runs
// in one thread.
import type { Store } from './store.ts'

/** Writes between two sweeps of expired entries. */
const sweepEvery = 1_000

/** @param now milliseconds since the epoch */
export function createMemoryStore ({ now = Date.now }: { now?: () => number } = {}): Store {
  const entries = new Map<string, { value: string, expiresAt: number | undefined }>()
  let writes = 0

  const read = (key: string): string | null => {
    const entry = entries.get(key)
    return entry === undefined || (entry.expiresAt ?? Infinity) <= now() ? null : entry.value
  }
  const write = (key: string, value: string, expiresAt?: number): void => {
    entries.set(key, { value, expiresAt })
    if (++writes % sweepEvery === 0) sweep()
  }
  const sweep = (): void => {
    for (const key of entries.keys()) if (read(key) === null) entries.delete(key)
  }

  return {
    kind: 'memory',
    get: async key => read(key),
    set: async (key, value, expiresAt) => write(key, value, expiresAt),
    create: async (key, value) => {
      if (read(key) !== null) return false
      write(key, value)
      return true
    },
    delete: async key => {
      entries.delete(key)
    },
    async *keys (prefix) {
      // A copy, so that callers may write while they list.
      for (const key of [...entries.keys()]) if (key.startsWith(prefix) && read(key) !== null) yield key
    },
    close: async () => entries.clear(),
  }
}
