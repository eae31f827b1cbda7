// Remembers failed token exchanges by seat for a while, so that many clients do not ask GitHub again and again for a
// token that it just refused.
import { LRUCache } from 'lru-cache'
import type { Clock } from '../contract.ts'
import type { GatewayError } from '../errors.ts'

export interface TokenFailures {
  /** The remembered failure, if it still counts. */
  readonly of: (seat: string) =>
    | GatewayError
    | undefined
  /** @throws {GatewayError} the remembered failure, if it still counts */
  readonly rethrow: (seat: string) => void
  readonly remember: (seat: string, error: GatewayError) => void
  readonly forget: (seat: string) => void
}

const failedForMs = { first: 5_000, longest: 60_000, refused: 60_000, limited: 600_000 }

export function createTokenFailures ({ monotonic }: Pick<Clock, 'monotonic'>): TokenFailures {
  const failures = new LRUCache<string, { error: GatewayError, until: number, waitMs: number }>({ max: 10_000 })
  const of = (seat: string): GatewayError | undefined => {
    const failure = failures.get(seat)
    return failure !== undefined && monotonic() < failure.until ? failure.error : undefined
  }
  return {
    of,
    rethrow (seat) {
      const error = of(seat)
      if (error !== undefined) throw error
    },
    remember (seat, error) {
      const before = failures.get(seat)?.waitMs ?? failedForMs.first / 2
      const limitedMs = Number(error.headers['retry-after'] ?? 0) * 1_000
      const waitMs = error.code === 'github_token_rejected'
        ? failedForMs.refused
        : error.code === 'rate_limited'
        ? Math.min(limitedMs, failedForMs.limited)
        : Math.min(before * 2, failedForMs.longest)
      failures.set(seat, { error, waitMs, until: monotonic() + waitMs })
    },
    forget (seat) {
      failures.delete(seat)
    },
  }
}
