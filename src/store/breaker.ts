// Keeps a store that does not answer from holding up every request, and a rate-limited one from being asked at all:
// Cloudflare's REST API blocks all calls for five minutes once 1,200 were made in five.
import { StoreError, type Store } from './store.ts'

export interface BreakerOptions {
  /** Milliseconds from some fixed moment; best a clock that never steps back. */
  readonly now: () => number
  /** In a row, after which calls fail at once. */
  readonly failures?: number
  /** How long they do. */
  readonly openMs?: number
  /** The most that a store's own `retryAfterSeconds` is heeded: a nonsense value must not lock the store away. */
  readonly rateLimitedMs?: number
}

/**
 * Opens after so many failures in a row, or at once when the store says when to come back; when the time is over, one
 * call is let through, and its outcome closes the breaker or opens it again. While open, calls throw a StoreError with
 * `retryAfterSeconds` and do not reach the store.
 */
export function withBreaker (store: Store, { now, failures = 5, openMs = 10_000, rateLimitedMs = 300_000 }: BreakerOptions): Store {
  /** Failures since the last success, while closed. */
  let failed = 0
  /** Until when calls fail at once; null when closed. Once past, it stays until the trial call has ended. */
  let openUntil: number | null = null
  /** Whether the trial call is out. */
  let trying = false

  /** @returns whether this is the trial call */
  const enter = (): boolean => {
    if (openUntil === null) return false
    const leftMs = openUntil - now()
    if (leftMs > 0 || trying) {
      const retryAfterSeconds = Math.max(1, Math.ceil(leftMs / 1_000))
      throw new StoreError(`The store has failed and is not asked for another ${retryAfterSeconds} s`, { retryAfterSeconds })
    }
    trying = true
    return true
  }
  const succeeded = (trial: boolean): void => {
    // A success that began before the breaker opened says nothing about now.
    if (!trial && openUntil !== null) return
    openUntil = null
    failed = 0
  }
  const failedWith = (thrown: unknown, trial: boolean): void => {
    const askedSeconds = thrown instanceof StoreError ? thrown.retryAfterSeconds : undefined
    if (askedSeconds !== undefined) open(Math.min(askedSeconds * 1_000, rateLimitedMs))
    else if (trial) open(openMs)
    else if (openUntil === null && ++failed >= failures) open(openMs)
  }
  const open = (ms: number): void => {
    openUntil = Math.max(openUntil ?? -Infinity, now() + ms)
    failed = 0
  }
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    const trial = enter()
    try {
      const result = await work()
      succeeded(trial)
      return result
    } catch (thrown) {
      failedWith(thrown, trial)
      throw thrown
    } finally { if (trial) trying = false }
  }

  return {
    kind: store.kind,
    get: async key => guard(() => store.get(key)),
    set: async (key, value, expiresAt) => guard(() => store.set(key, value, expiresAt)),
    create: async (key, value) => guard(() => store.create(key, value)),
    delete: async key => guard(() => store.delete(key)),
    // Each step is a call: what the caller does between two keys, or that it stops early, is not the store's doing.
    async * keys (prefix) {
      const keys = store.keys(prefix)[Symbol.asyncIterator]()
      try {
        for (let step = await guard(() => keys.next()); step.done !== true; step = await guard(() => keys.next())) yield step.value
      } finally { await keys.return?.() }
    },
    close: async () => store.close(),
  }
}
