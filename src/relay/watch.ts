// Watches the time of a stream: how long its client got nothing, and how long upstream sent nothing. One timer for each
// stream, not for each piece: it checks the time when it fires and sets itself again.
import type { Clock } from '../contract.ts'

export interface Watch {
  /**
   * The client got something: its silence counts from now.
   * @param now of the clock's `monotonic`, if known
   */
  readonly sign: (now?: number) => void
  /** Upstream sent something, which may contain nothing for the client. @returns the time of the clock's `monotonic` */
  readonly onUpstream: () => number
  /** From now on, upstream may be silent for this long; before that, another limit applies. */
  readonly limit: (ms: number) => void
  /** While the client reads nothing, no silence counts, neither its own nor upstream's. */
  readonly pause: () => void
  readonly resume: () => void
  readonly stop: () => void
}

interface WatchOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>
  /** In milliseconds; Infinity if no client must be kept alive. */
  readonly heartbeatMs: number
  /** Called at each heartbeat without a sign. */
  readonly onSilent: () => void
  /** Called once, when upstream is silent for longer than its limit. Nothing follows. */
  readonly onLimit: () => void
}

export function createWatch ({ clock, heartbeatMs, onSilent, onLimit }: WatchOptions): Watch {
  const { monotonic } = clock
  let signAt = monotonic()
  let upstreamAt = signAt
  let limitMs = Infinity
  /** Null while no timer runs. */
  let cancel: (() => void) | null = null
  /** Since when the client reads nothing; null while it reads. */
  let pausedAt: number | null = null
  let isOver = false

  const arm = (now: number): void => {
    const due = Math.min(signAt + heartbeatMs, upstreamAt + limitMs)
    // A timer may fire a little early.
    if (!isOver && due < Infinity) cancel = clock.setTimer(fire, Math.max(1, due - now))
  }
  const fire = (): void => {
    cancel = null
    if (pausedAt !== null) return
    const now = monotonic()
    if (now - upstreamAt >= limitMs - 1) {
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
    // While the client reads nothing, time does not count: `resume` shifts both times by the pause.
    sign (now = monotonic()) {
      signAt = pausedAt ?? now
    },
    onUpstream () {
      const now = monotonic()
      upstreamAt = pausedAt ?? now
      return now
    },
    limit (ms) {
      limitMs = ms
      upstreamAt = monotonic()
      cancel?.()
      arm(upstreamAt)
    },
    pause () {
      pausedAt ??= monotonic()
    },
    resume () {
      if (pausedAt === null) return
      const now = monotonic()
      signAt += now - pausedAt
      upstreamAt += now - pausedAt
      pausedAt = null
      if (cancel === null) arm(now)
    },
    stop () {
      isOver = true
      cancel?.()
    },
  }
}
