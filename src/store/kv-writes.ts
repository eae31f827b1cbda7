// Keeps writes within Cloudflare KV's limits before KV refuses them: one a second on a key, and 1,000 a day on the free
// plan, https://developers.cloudflare.com/kv/platform/limits/. Writes that users wait for come first: a registration
// must not fail because cached tokens used up the day's writes. Each process counts its own writes, and isolates of a
// Worker do not know each other's.
import { LateCache } from '../late-cache.ts'
import type { Clock } from '../contract.ts'
import { dayMs } from '../days.ts'
import { canWait, isDispensable } from './keys.ts'
import { StoreError, type Store } from './store.ts'

export interface WriteLimits {
  /** After this many writes in a day (UTC, as Cloudflare counts) only indispensable values are written. */
  readonly perDay?: number
  /** Milliseconds between two writes of a key. */
  readonly apartMs?: number
  readonly wait?: (ms: number) => Promise<void>
}

/** A write that would wait longer fails at once. */
const longestWaitMs = 5_000

export function withWriteLimits (
  store: Store,
  { now, monotonic }: Pick<Clock, 'now' | 'monotonic'>,
  { perDay = 800, apartMs = 1_100, wait = sleep }: WriteLimits = {},
): Store {
  /** When each key may be written next. */
  const nextAt = new LateCache<string, number>({ max: 10_000 })
  /** Waiting writes by key: a deletion cancels them. */
  const waiting = new Map<string, Set<{ isOff: boolean }>>()
  const written = { day: NaN, writes: 0 }
  const today = () => {
    const day = Math.floor(now() / dayMs)
    if (written.day !== day) Object.assign(written, { day, writes: 0 })
    return written
  }

  /**
   * Waits until the key's earlier writes are done, so that the last value stays. False if the key was deleted
   * meanwhile.
   */
  const turn = async (key: string): Promise<boolean> => {
    const at = Math.max(monotonic(), nextAt.get(key) ?? -Infinity)
    const waitMs = at - monotonic()
    if (waitMs > longestWaitMs) {
      throw new StoreError('Cloudflare KV takes one write a second for a key, and too many wait', {
        retryAfterSeconds: Math.ceil(waitMs / 1_000),
      })
    }
    nextAt.set(key, at + apartMs)
    if (waitMs <= 0) return true
    const entry = { isOff: false }
    const entries = waiting.get(key) ?? new Set()
    waiting.set(key, entries.add(entry))
    await wait(waitMs)
    entries.delete(entry)
    if (entries.size === 0) waiting.delete(key)
    return !entry.isOff
  }

  return {
    ...store,
    async set (key, value, expiresAt) {
      if (isDispensable(key) && today().writes >= perDay) return
      if (canWait(key) && today().writes >= perDay) {
        throw new StoreError("Cloudflare KV: today's writes are kept for users' records", {
          retryAfterSeconds: Math.ceil((dayMs - now() % dayMs) / 1_000),
        })
      }
      if (!await turn(key)) {
        if (isDispensable(key)) return
        throw new StoreError('Cloudflare KV: the key was deleted before its turn to be written came')
      }
      today().writes++
      await store.set(key, value, expiresAt)
    },
    async create (key, value) {
      if (!await turn(key)) return false
      const created = await store.create(key, value)
      if (created) today().writes++
      return created
    },
    async delete (key) {
      for (const entry of waiting.get(key) ?? []) entry.isOff = true
      await store.delete(key)
    },
  }
}

function sleep (ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms)
  })
}
