// Watches the time of a stream: how long its client got nothing, and how long upstream sent nothing. One timer for each
// stream, not for each piece: it checks the time when it fires and sets itself again.

export interface Watch {
  /**
   * The client got something: its silence counts from now.
   * @param now of `performance.now`, if known
   */
  readonly sign: (now?: number) => void
  /** Upstream sent something, which may contain nothing for the client. @returns the time of `performance.now` */
  readonly heard: () => number
  /** From now on, upstream may be silent for this long; before that, another limit applies. */
  readonly limit: (ms: number) => void
  /** While the client reads nothing, no silence counts, neither its own nor upstream's. */
  readonly pause: () => void
  readonly resume: () => void
  readonly stop: () => void
}

interface WatchOptions {
  /** In milliseconds; Infinity if no client must be kept alive. */
  readonly heartbeatMs: number
  /** Called at each heartbeat without a sign. */
  readonly onSilent: () => void
  /** Called once, when upstream is silent for longer than its limit. Nothing follows. */
  readonly onLimit: () => void
}

export function createWatch ({ heartbeatMs, onSilent, onLimit }: WatchOptions): Watch {
  let signAt = performance.now()
  let heardAt = signAt
  let limitMs = Infinity
  let timer:
    | ReturnType<typeof setTimeout>
    | undefined
  /** Since when the client reads nothing; null while it reads. */
  let pausedAt: number | null = null
  let isOver = false

  const arm = (now: number): void => {
    const due = Math.min(signAt + heartbeatMs, heardAt + limitMs)
    // `setTimeout` may fire a little early, and accepts at most 31 bits.
    if (!isOver && due < Infinity) timer = setTimeout(fire, Math.min(Math.max(1, due - now), 2_147_483_647))
  }
  const fire = (): void => {
    timer = undefined
    if (pausedAt !== null) return
    const now = performance.now()
    if (now - heardAt >= limitMs - 1) {
      isOver = true
      return onLimit()
    }
    if (now - signAt >= heartbeatMs - 1) {
      signAt = now
      onSilent()
    }
    arm(now)
  }
  arm(signAt)
  return {
    // While the client reads nothing, time stands still: `resume` shifts both times by the pause.
    sign (now = performance.now()) {
      signAt = pausedAt ?? now
    },
    heard () {
      const now = performance.now()
      heardAt = pausedAt ?? now
      return now
    },
    limit (ms) {
      limitMs = ms
      heardAt = performance.now()
      clearTimeout(timer)
      arm(heardAt)
    },
    pause () {
      pausedAt ??= performance.now()
    },
    resume () {
      if (pausedAt === null) return
      const now = performance.now()
      signAt += now - pausedAt
      heardAt += now - pausedAt
      pausedAt = null
      if (timer === undefined) arm(now)
    },
    stop () {
      isOver = true
      clearTimeout(timer)
    },
  }
}
