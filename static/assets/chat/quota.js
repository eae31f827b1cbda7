// What is left of the seat's quota, in a line that leads to the usage on the setup page.
import { ask } from '../lib/api.js'
import { byId, show } from '../lib/dom.js'
import { count, resetDate } from '../lib/format.js'
import { t } from '../lib/text.js'
/** @import { Bucket, Session, UsageReport } from '../types.d.ts' */

/** From here on the line is a warning. */
const lowPercent = 10
let asked = 0

/**
 * Shows it, or nothing if Copilot names no quota with a limit. An older question's answer is ignored.
 * @param {Session} session
 */
export async function showQuota (session) {
  const mine = ++asked
  const answer = await ask('/usage', { session })
  if (mine !== asked) return
  const line = byId('quota')
  const bucket = answer.ok ? tightest(answer.data) : null
  show(line, bucket !== null)
  if (bucket === null || !answer.ok) return
  const percent = Math.max(0, Math.floor(bucket.percent_remaining ?? 0))
  line.textContent = t('chat.quota', { percent })
  line.title = [t('chat.quota.of', { left: count(bucket.remaining ?? 0), all: count(bucket.entitlement ?? 0) }),
    resetDate(bucket.resets_at ?? answer.data.resets_at) ?? ''].filter(Boolean).join(' · ')
  line.classList.toggle('low', percent < lowPercent)
}

/**
 * The bucket with the smallest part left, of those with a limit.
 * @param {UsageReport} report
 * @returns {Bucket | null}
 */
function tightest ({ buckets }) {
  return buckets.filter(({ kind, entitlement, percent_remaining: percent }) =>
    (kind === 'metered' || kind === 'free_plan') && (entitlement ?? 0) > 0 && percent !== null
  ).toSorted((one, other) => (one.percent_remaining ?? 0) - (other.percent_remaining ?? 0))[0] ?? null
}
