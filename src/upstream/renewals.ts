// Counts how often Copilot refused a seat's token and it was replaced, and makes the two errors that follow. If Copilot
// accepted a token and later refuses it, the trouble is temporary. If Copilot never accepted a new token, the seat is
// lost.
import { LateCache } from '../late-cache.ts'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'

export interface Renewals {
  /** Renewals within the last 30 s. */
  readonly recent: (seat: string) => number
  readonly note: (seat: string) => void
  readonly isAtCap: (seat: string) => boolean
  /** The moments of the recent ones by the wall clock: each names its renewal in all processes. */
  readonly stamps: (seat: string) => readonly number[]
  /** Counts those of other processes too. */
  readonly adopt: (seat: string, stamps: readonly number[]) => void
  /** 503, with the time from which a renewal is allowed again. */
  readonly unstable: (seat: string) => GatewayError
}

interface Moment {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly stamp: number
}

const mostPerWindow = 3
const windowMs = 30_000
/** The retry time when a renewal is allowed at once. */
const soonMs = 2_000

export function createRenewals ({ monotonic, now }: Pick<Clock, 'monotonic' | 'now'>): Renewals {
  const moments = new LateCache<string, readonly Moment[]>({ max: 10_000 })
  const recent = (seat: string): readonly Moment[] => {
    const since = monotonic() - windowMs
    return (moments.get(seat) ?? []).filter(({ at }) => at > since)
  }
  return {
    recent: seat => recent(seat).length,
    note (seat) {
      moments.set(seat, [...recent(seat), { at: monotonic(), stamp: now() }])
    },
    isAtCap: seat => recent(seat).length >= mostPerWindow,
    stamps: seat => recent(seat).map(({ stamp }) => stamp),
    adopt (seat, stamps) {
      const known = recent(seat)
      const more = stamps.filter(stamp => known.every(moment => moment.stamp !== stamp)).map(stamp => ({ stamp,
        at: monotonic() - Math.max(0, now() - stamp) })
      )
      if (more.length === 0) return
      moments.set(seat, [...known, ...more].sort((one, other) => one.at - other.at).slice(-mostPerWindow))
    },
    unstable (seat) {
      const [oldest, ...more] = recent(seat)
      const waitMs = more.length + 1 < mostPerWindow ? soonMs : (oldest?.at ?? 0) + windowMs - monotonic()
      return new GatewayError('copilot_token_unstable',
        'Copilot accepts new tokens of this account and soon refuses them again. The link to GitHub is intact; try '
          + 'again later.', { retryAfterSeconds: waitMs / 1_000 })
    },
  }
}

/** For a new token that Copilot never accepted. */
export function seatRefused (): GatewayError {
  return new GatewayError('github_token_rejected',
    'Copilot refuses this account even with a new token. Check the seat at github.com/settings/copilot; then link '
      + 'GitHub again at /.')
}
