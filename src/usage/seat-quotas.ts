// What GitHub says of a seat: login, plan and quotas. GitHub's own API has a rate limit, and people reload pages, so an
// answer serves for half a minute.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { Clock } from '../contract.ts'
import type { JsonObject } from '../json.ts'
import { readQuota, type Quota } from './quota.ts'

/** @throws {GatewayError} as `GitHub.seat` */
export type SeatQuotas = (account: Account, signal: AbortSignal) => Promise<Quota>

const freshMs = 30_000

export function createSeatQuotas (
  github: { readonly seat: (account: Account, signal: AbortSignal) => Promise<JsonObject | null> },
  { monotonic }: Pick<Clock, 'monotonic'>,
): SeatQuotas {
  const quotas = new LRUCache<string, { readonly quota: Quota, readonly at: number }>({ max: 1_000 })
  return async (account, signal) => {
    const held = quotas.get(account.seatId)
    if (held !== undefined && monotonic() - held.at < freshMs) return held.quota
    const quota = readQuota(await github.seat(account, signal) ?? {})
    quotas.set(account.seatId, { quota, at: monotonic() })
    return quota
  }
}
