// A circuit breaker around a store. A store that does not answer must not delay every request, and a rate-limited store
// must not be called at all: Cloudflare's REST API blocks all calls for five minutes after 1,200 calls in five minutes.
import { StoreError, type Store } from './store.ts'

export interface BreakerOptions {
  /** Milliseconds since any fixed moment. Use a clock that never steps back. */
  readonly now: () => number
  /** After this many failures in a row, calls fail at once. */
  readonly failures?: number
  /** How long calls fail at once after the breaker has opened. */
  readonly openMs?: number
  /** The upper limit for a store's own `retryAfterSeconds`: a nonsensical value must not lock the store out. */
  readonly rateLimitedMs?: number
}

/**
 * Opens after a number of failures in a row, or at once when the store sends a retry time. After that time, the breaker
 * lets one trial call through, whose outcome closes or reopens it. While open, calls throw a StoreError with
 * `retryAfterSeconds` and do not reach the store.
 */
export function withBreaker (
  store: Store,
  { now, failures = 5, openMs = 10_000, rateLimitedMs = 300_000 }: BreakerOptions,
): Store {
  /** Failures since the last success, counted while closed. */
  let failed = 0
  /** Until when calls fail at once; null when closed. A past time stays set until the trial call ends. */
  let openUntil: number | null = null
  /** Whether the trial call is running. */
  let trying = false

  /** @returns whether this is the trial call */
  const enter = (): boolean => {
    if (openUntil === null) return false
    const leftMs = openUntil - now()
    if (leftMs > 0 || trying) {
      const retryAfterSeconds = Math.max(1, Math.ceil(leftMs / 1_000))
      throw new StoreError(`The store has failed and is not asked for another ${retryAfterSeconds} s`, {
        retryAfterSeconds,
      })
    }
    trying = true
    return true
  }
  const succeeded = (trial: boolean): void => {
    // A success that began before the breaker opened proves nothing about the present.
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
    } finally {
      if (trial) trying = false
    }
  }

  return {
    kind: store.kind,
    get: async key => guard(() => store.get(key)),
    set: async (key, value, expiresAt) => guard(() => store.set(key, value, expiresAt)),
    create: async (key, value) => guard(() => store.create(key, value)),
    delete: async key => guard(() => store.delete(key)),
    // Each step counts as a call of its own. The caller's own work between two keys, or an early stop, does not count.
    async *keys (prefix) {
      const keys = store.keys(prefix)[Symbol.asyncIterator]()
      try {
        for (let step = await guard(() => keys.next()); step.done !== true; step = await guard(() => keys.next())) {
          yield step.value
        }
      } finally {
        await keys.return?.()
      }
    },
    close: async () => store.close(),
  }
}
