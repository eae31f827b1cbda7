// What a quota will be on the day on which it is reset, if the user goes on as until now. No DOM.
/** @import { Bucket } from '../types.d.ts' */

const dayMs = 86_400_000
/** Less of a month says nothing about the rest. */
const leastDays = 1

/**
 * Null where no forecast makes sense. `usedAtReset` is in the unit of the bucket. `runsOutAt` is in milliseconds since
 * the epoch; null if something will be left.
 * @param {Pick<Bucket, 'kind' | 'entitlement' | 'used' | 'remaining'>} bucket
 * @param {string | null} resetsAt
 * @returns {{ readonly usedAtReset: number, readonly runsOutAt: number | null } | null}
 */
export function forecast ({ kind, entitlement, used, remaining }, resetsAt, now = Date.now()) {
  const reset = Date.parse(resetsAt ?? '')
  if (kind === 'unlimited' || kind === 'not_applicable' || entitlement === null || used === null) return null
  if (Number.isNaN(reset) || reset <= now || used <= 0) return null
  const began = monthBefore(reset)
  const days = (now - began) / dayMs
  if (days < leastDays) return null
  const perDay = used / days
  const usedAtReset = used + perDay * (reset - now) / dayMs
  const runsOutAt = usedAtReset > entitlement ? now + Math.max(0, remaining ?? 0) / perDay * dayMs : null
  return { usedAtReset, runsOutAt }
}

/** @param {number} at */
function monthBefore (at) {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, date.getUTCDate(), date.getUTCHours())
}
