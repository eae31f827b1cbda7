// The cost of a request, whether the seat can pay it, and the headers that report the rest of the quota.
import { creditsHeader, isSpent } from './credits.ts'
import { copilotPrice } from './usage.ts'
import { refuse } from './reply.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Reply } from './reply.ts'
import type { Seat } from './types.ts'

/** An agent's follow-up is free. On Copilot Free, every model costs at least one chat request. */
export function costOf (seat: Seat, model: ModelEntry, initiator: string | undefined): number {
  // Tokens are charged for every initiator. Here the cost only shows whether the model is free.
  if (seat.kind === 'credits') return copilotPrice(model) > 0 ? 1 : 0
  if (initiator === 'agent') return 0
  const multiplier = model.billing?.multiplier ?? 0
  return seat.kind === 'free' ? Math.max(1, multiplier) : multiplier
}

export function refuseForQuota (seat: Seat, cost: number): Reply | null {
  if (seat.kind === 'credits' && cost > 0) return isSpent(seat) ? broke('quota_exceeded') : null
  if (cost === 0 || seat.quota.remaining > 0 || seat.quota.overagePermitted) return null
  return broke(seat.kind === 'free' ? 'free_quota_exceeded' : 'quota_exceeded')
}

function broke (code: string): Reply {
  const reply = refuse(402, 'You have no quota', code)
  return { ...reply, headers: { ...reply.headers, 'retry-after': '86400' } }
}

export function charge (seat: Seat, model: ModelEntry, cost: number): void {
  if (cost === 0 || seat.kind === 'credits') return
  seat.charges.push({ model: model.id, cost })
  if (seat.quota.remaining <= 0) seat.quota.overage += cost
  seat.quota.remaining = Number((seat.quota.remaining - cost).toFixed(2))
}

export function percentRemaining (seat: Seat): number {
  return Number((seat.quota.remaining / seat.quota.entitlement * 100).toFixed(2))
}

/** The first day of the next month, in milliseconds since the epoch. */
export function resetAt (now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** Sent only with successful model calls. */
export function quotaHeaders (seat: Seat, now: number): Record<string, string> {
  const rst = new Date(resetAt(now)).toISOString().replace('.000', '')
  const unlimited = new URLSearchParams({ ent: '-1', ov: '0.0', ovPerm: 'false', rem: '100.0', rst }).toString()
  const limited = new URLSearchParams({ ent: String(seat.quota.entitlement), ov: seat.quota.overage.toFixed(1),
    ovPerm: String(seat.quota.overagePermitted), rem: percentRemaining(seat).toFixed(1), rst }).toString()
  if (seat.kind === 'credits') return { 'x-quota-snapshot-premium_interactions': creditsHeader(seat, rst) }
  if (seat.kind === 'free') return { 'x-quota-snapshot-chat': limited, 'x-quota-snapshot-completions': unlimited }
  return { 'x-quota-snapshot-chat': unlimited, 'x-quota-snapshot-completions': unlimited,
    'x-quota-snapshot-premium_interactions': limited, 'x-quota-snapshot-premium_models': limited }
}

/** The same inside `response.completed`, where the entitlement is a string. */
export function quotaSnapshots (seat: Seat, now: number): object {
  return {
    premium_interactions: { entitlement: String(seat.quota.entitlement), overage_count: seat.quota.overage,
      overage_permitted: seat.quota.overagePermitted, percent_remaining: percentRemaining(seat),
      reset_date: new Date(resetAt(now)).toISOString() },
  }
}
