// Counts how often Copilot refused a seat's token and it was replaced, and makes the two errors that follow. If Copilot
// accepted a token and later refuses it, the trouble is temporary. If Copilot never accepted a new token, the seat is
// lost.
import { LRUCache } from 'lru-cache'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'

export interface Renewals {
  /** Renewals within the last 30 s. */
  readonly recent: (seat: string) => number
  readonly note: (seat: string) => void
  readonly isAtCap: (seat: string) => boolean
  /** The ages of the recent ones, in milliseconds. */
  readonly agesMs: (seat: string) => readonly number[]
  /** Takes over what another process counted, unless this one knows of more. */
  readonly adopt: (seat: string, agesMs: readonly number[]) => void
  /** 503, with the time from which a renewal is allowed again. */
  readonly unstable: (seat: string) => GatewayError
}

const mostPerWindow = 3
const windowMs = 30_000
/** The retry time when a renewal is allowed at once. */
const soonMs = 2_000

export function createRenewals ({ monotonic }: Pick<Clock, 'monotonic'>): Renewals {
  const moments = new LRUCache<string, readonly number[]>({ max: 10_000 })
  const recent = (seat: string): readonly number[] => {
    const since = monotonic() - windowMs
    return (moments.get(seat) ?? []).filter(at => at > since)
  }
  return {
    recent: seat => recent(seat).length,
    note (seat) {
      moments.set(seat, [...recent(seat), monotonic()])
    },
    isAtCap: seat => recent(seat).length >= mostPerWindow,
    agesMs: seat => recent(seat).map(at => monotonic() - at),
    adopt (seat, agesMs) {
      const young = agesMs.filter(age => age < windowMs).slice(-mostPerWindow)
      if (young.length > recent(seat).length) moments.set(seat, young.map(age => monotonic() - age))
    },
    unstable (seat) {
      const [oldest = 0, ...more] = recent(seat)
      const waitMs = more.length + 1 < mostPerWindow ? soonMs : oldest + windowMs - monotonic()
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
