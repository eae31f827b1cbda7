// A stream's sense of time: how long its client got nothing, and how long upstream said nothing. One timer a stream, not
// one a piece: it looks at the time when it fires and sets itself anew.

export interface Watch {
  /** The client got something just now: its silence is counted anew. @param now of `performance.now`, where it is known */
  readonly sign: (now?: number) => void
  /** Upstream sent something just now. That may be nothing for the client. @returns the time, of `performance.now` */
  readonly heard: () => number
  /** From now on upstream may be silent for so long; before, something else counts. */
  readonly limit: (ms: number) => void
  /** While the client takes nothing, no silence counts, neither its own nor upstream's, whom nobody asks then. */
  readonly pause: () => void
  readonly resume: () => void
  readonly stop: () => void
}

interface WatchOptions {
  /** Milliseconds; Infinity for nobody to keep alive. */
  readonly heartbeatMs: number
  /** Hears of each heartbeat that passed without a sign. */
  readonly onSilent: () => void
  /** Hears that upstream was silent for longer than its limit. Called once; nothing is after it. */
  readonly onLimit: () => void
}

export function createWatch ({ heartbeatMs, onSilent, onLimit }: WatchOptions): Watch {
  let signAt = performance.now()
  let heardAt = signAt
  let limitMs = Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Since when the client takes nothing; null while it does. */
  let pausedAt: number | null = null
  let isOver = false

  const arm = (now: number): void => {
    const due = Math.min(signAt + heartbeatMs, heardAt + limitMs)
    // `setTimeout` may fire a little early, and takes no more than 31 bits.
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
    // While nothing is taken time stands still: `resume` puts both behind by as much.
    sign (now = performance.now()) { signAt = pausedAt ?? now },
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
    pause () { pausedAt ??= performance.now() },
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
