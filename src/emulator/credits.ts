// Seats that pay by token: the price of a call in AI credits, the credits that are left, and the fields that report
// them.
import { copilotUsage } from './usage.ts'
import type { Answer } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { Seat } from './types.ts'

/** Billionths of a credit. */
const nano = 1_000_000_000

export function payByToken ({ seat, model }: Ask, answer: Pick<Answer, 'usage'>): void {
  if (seat.kind === 'credits') seat.nanoAiu += copilotUsage(model, answer).total_nano_aiu
}

export const creditsUsed = (seat: Seat): number => Math.round(seat.nanoAiu / nano)

/** Infinity for a seat without its own entitlement: the organisation's pool pays. */
export function creditsLeft ({ nanoAiu, quota: { entitlement, remaining } }: Seat): number {
  return entitlement === 0 ? Infinity : Math.max(0, remaining - nanoAiu / nano)
}

export function isSpent (seat: Seat): boolean {
  return creditsLeft(seat) <= 0 && !seat.quota.overagePermitted
}

function percentLeft (seat: Seat): number {
  return seat.quota.entitlement === 0 ? 100 : Number((creditsLeft(seat) / seat.quota.entitlement * 100).toFixed(2))
}

/** The value of `x-quota-snapshot-premium_interactions`. */
export function creditsHeader (seat: Seat, rst: string): string {
  const { entitlement, overage, overagePermitted } = seat.quota
  const uncapped = entitlement === 0
  return new URLSearchParams({ ent: uncapped ? '-1' : String(entitlement), ov: overage.toFixed(1),
    ovPerm: String(overagePermitted), rem: percentLeft(seat).toFixed(1), rst,
    totRem: uncapped ? '-1' : creditsLeft(seat).toFixed(1) }).toString()
}

/** The quotas of GET /copilot_internal/user. */
export function creditQuotas (seat: Seat, resetAtMs: number): object {
  const reset = new Date(resetAtMs).toISOString()
  const { entitlement, overage, overagePermitted } = seat.quota
  const common = { overage_count: overage, overage_permitted: overagePermitted,
    quota_reset_at: Math.floor(resetAtMs / 1000), token_based_billing: true }
  const unlimited = { ...common, entitlement: 0, has_quota: true, percent_remaining: 100, quota_remaining: 0,
    remaining: 0, unlimited: true }
  const left = creditsLeft(seat)
  return {
    can_upgrade_plan: seat.plan === 'individual',
    quota_reset_date: reset.slice(0, 10),
    quota_reset_date_utc: reset,
    te: false,
    token_based_billing: true,
    quota_snapshots: {
      chat: { ...unlimited, quota_id: 'chat' },
      completions: { ...unlimited, quota_id: 'completions' },
      premium_interactions: entitlement === 0
        ? { ...unlimited, credits_used: creditsUsed(seat), quota_id: 'premium_interactions' }
        : { ...common, credits_used: creditsUsed(seat), entitlement, has_quota: left > 0,
          percent_remaining: percentLeft(seat), quota_id: 'premium_interactions', quota_remaining: left,
          remaining: Math.floor(left), unlimited: false },
    },
  }
}
