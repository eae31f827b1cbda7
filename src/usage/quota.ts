// GitHub's data about a seat, in one shape for all plans. `docs/spec/copilot.md#user`: either block may be missing,
// values may be negative, and an unlimited bucket has 0.
import { isObject, type JsonObject } from '../json.ts'

export interface Bucket {
  readonly id: string
  /** `extra`: a metered bucket that this proxy does not know by name. */
  readonly kind:
    | 'metered'
    | 'unlimited'
    | 'not_applicable'
    | 'extra'
    | 'free_plan'
  /** Null if this kind has no number. */
  readonly entitlement: number | null
  readonly used: number | null
  readonly remaining: number | null
  readonly percentRemaining: number | null
  readonly overageCount: number
  readonly overagePermitted: boolean
  readonly resetsAt: string | null
}

export interface Quota {
  readonly plan: string | null
  readonly sku: string | null
  readonly login: string | null
  readonly resetsAt: string | null
  readonly buckets: readonly Bucket[]
}

const wellKnown: ReadonlySet<string> = new Set(['chat', 'completions', 'premium_interactions', 'premium_models'])

export function readQuota (user: JsonObject): Quota {
  const resetsAt = text(user['quota_reset_date_utc']) ?? text(user['quota_reset_date'])
    ?? text(user['limited_user_reset_date'])
  const snapshots = isObject(user['quota_snapshots']) ? Object.entries(user['quota_snapshots']) : []
  const remaining = isObject(user['limited_user_quotas']) ? user['limited_user_quotas'] : {}
  const totals = isObject(user['monthly_quotas']) ? user['monthly_quotas'] : {}
  return {
    plan: text(user['copilot_plan']),
    sku: text(user['access_type_sku']),
    login: text(user['login']),
    resetsAt,
    buckets: [
      ...snapshots.filter((entry): entry is [string, JsonObject] => isObject(entry[1])).map(([id, snapshot]) =>
        fromSnapshot(id, snapshot, resetsAt)
      ),
      ...Object.keys(remaining).map(id => freePlan(id, number(totals[id]), number(remaining[id]), resetsAt)),
    ],
  }
}

function fromSnapshot (id: string, snapshot: JsonObject, resetsAt: string | null): Bucket {
  const common = { id, resetsAt, overageCount: number(snapshot['overage_count']) ?? 0,
    overagePermitted: snapshot['overage_permitted'] === true }
  const nothing = { entitlement: null, used: null, remaining: null, percentRemaining: null }
  const entitlement = number(snapshot['entitlement']) ?? 0
  if (snapshot['unlimited'] === true || entitlement < 0) return { ...common, ...nothing, kind: 'unlimited' }
  if (entitlement === 0) return { ...common, ...nothing, kind: 'not_applicable' }
  const remaining = number(snapshot['quota_remaining']) ?? number(snapshot['remaining']) ?? 0
  return { ...common, kind: wellKnown.has(id) ? 'metered' : 'extra', ...shares(entitlement, remaining) }
}

function freePlan (id: string, total: number | null, remaining: number | null, resetsAt: string | null): Bucket {
  return { id, kind: 'free_plan', resetsAt, overageCount: 0, overagePermitted: false,
    ...shares(total ?? 0, remaining ?? 0) }
}

/** A user may exceed the entitlement: then nothing is left, and `used` says how much was used. */
function shares (entitlement: number, remaining: number) {
  const left = Math.max(0, remaining)
  return { entitlement, used: round(entitlement - remaining), remaining: round(left),
    percentRemaining: entitlement > 0 ? round(100 * left / entitlement) : null }
}

function round (value: number): number {
  return Math.round(value * 100) / 100
}

function number (value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function text (value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 128) : null
}
