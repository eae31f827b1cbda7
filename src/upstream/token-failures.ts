// Remembers failed token exchanges by seat for a while, so that many clients do not ask GitHub again and again for a
// token that it just refused.
import { LateCache } from '../late-cache.ts'
import type { Clock } from '../contract.ts'
import { GatewayError, isErrorCode, type ErrorCode } from '../errors.ts'

/** As another process reads it. */
export interface SharedFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly headers: Readonly<Record<string, string>>
  /** The whole pause, from which the next one is computed, and what is left of it. */
  readonly waitMs: number
  readonly leftMs: number
}

export interface TokenFailures {
  /** The remembered failure, if it still counts. */
  readonly of: (seat: string) =>
    | GatewayError
    | undefined
  /** @throws {GatewayError} the remembered failure, if it still counts */
  readonly rethrow: (seat: string) => void
  readonly remember: (seat: string, error: GatewayError) => void
  readonly forget: (seat: string) => void
  /** A refusal of GitHub that still counts. Trouble on the way to GitHub may be this process's own. */
  readonly toShare: (seat: string) =>
    | SharedFailure
    | null
  /** Takes over a failure of another process, unless a newer one is known. */
  readonly adopt: (seat: string, failure: SharedFailure) => void
}

const refusals: ReadonlySet<string> = new Set<ErrorCode>(['github_token_rejected', 'rate_limited'])
const failedForMs = { first: 5_000, longest: 60_000, refused: 60_000, limited: 600_000 }

export function createTokenFailures ({ monotonic }: Pick<Clock, 'monotonic'>): TokenFailures {
  const failures = new LateCache<string, { error: GatewayError, until: number, waitMs: number }>({ max: 10_000 })
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
    toShare (seat) {
      const error = of(seat)
      const { waitMs, until } = failures.get(seat) ?? { waitMs: 0, until: 0 }
      if (error === undefined || !isErrorCode(error.code) || !refusals.has(error.code)) return null
      return { code: error.code, message: error.message, headers: error.headers, waitMs, leftMs: until - monotonic() }
    },
    adopt (seat, { code, message, headers, waitMs, leftMs }) {
      const until = monotonic() + Math.min(leftMs, failedForMs.limited)
      if (until <= Math.max(monotonic(), failures.get(seat)?.until ?? 0)) return
      failures.set(seat, { error: new GatewayError(code, message, { headers }), waitMs, until })
    },
  }
}
