// Waiting with a sense of time: for a promise, but no longer than a heartbeat without a sign, and no longer than a limit
// at all. One timer a stream, not one a chunk: it looks at the time when it fires and sets itself anew.

export const silent = Symbol('silent')

export interface Pace {
  /**
   * What `promise` gives; or `silent` when a heartbeat passed first, after which the same promise may be waited for
   * again. @param limitMs for one promise, over all the heartbeats. @throws what `onLimit` makes
   */
  readonly wait: <T>(promise: Promise<T>, limitMs: number, onLimit: () => Error) => Promise<T | typeof silent>
  /** The client got something just now: silence is counted anew. */
  readonly sign: () => void
  readonly stop: () => void
}

interface Waiting {
  readonly promise: Promise<unknown>
  readonly since: number
  readonly limitMs: number
  readonly onLimit: () => Error
  resolve: (value: typeof silent) => void
  reject: (reason: Error) => void
}

export function createPace (heartbeatMs: number): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined
  /** When the timer fires: one that fires too late for a new wait is set anew. */
  let firesAt = Infinity
  /** What the reader is waiting for; null while it is busy, and then no silence counts. */
  let waiting: Waiting | null = null
  /** When the client last got something, as far as this side knows. */
  let signAt = performance.now()
  /** The promise waited for last, so that its limit is counted from its first wait. */
  let current: { promise: Promise<unknown>, since: number } | null = null

  const due = ({ since, limitMs }: Waiting) => Math.min(signAt + heartbeatMs, since + limitMs)
  const arm = (entry: Waiting) => {
    const at = due(entry)
    if (timer !== undefined && firesAt <= at) return
    clearTimeout(timer)
    firesAt = at
    timer = setTimeout(fire, Math.max(1, at - performance.now()))
  }
  const fire = () => {
    timer = undefined
    if (waiting === null) return   // the next wait arms it again
    const entry = waiting
    const now = performance.now()
    if (now - entry.since >= entry.limitMs) {
      waiting = null
      return entry.reject(entry.onLimit())
    }
    if (now - signAt >= heartbeatMs - 1) {
      waiting = null
      signAt = now
      return entry.resolve(silent)
    }
    arm(entry)
  }
  return {
    wait: <T>(promise: Promise<T>, limitMs: number, onLimit: () => Error) => new Promise<T | typeof silent>((resolve, reject) => {
      if (current?.promise !== promise) current = { promise, since: performance.now() }
      const entry: Waiting = { promise, since: current.since, limitMs, onLimit, resolve, reject }
      waiting = entry
      arm(entry)
      // What came may be nothing for the client, so it is no sign yet.
      const settle = () => { if (waiting === entry) waiting = null }
      promise.then(value => { settle(); resolve(value) }, (reason: Error) => { settle(); reject(reason) })
    }),
    sign () { signAt = performance.now() },
    stop () {
      clearTimeout(timer)
      timer = undefined
      waiting = null
    },
  }
}
