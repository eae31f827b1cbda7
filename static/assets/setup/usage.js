// Usage: what the seat has left by GitHub's count, and the requests through this proxy.
import { ask } from '../lib/api.js'
import { explain } from '../lib/causes.js'
import { byId, failure, h, icon } from '../lib/dom.js'
import { compact, count, credits, resetDate } from '../lib/format.js'
import { session } from '../lib/session.js'
import { language, t } from '../lib/text.js'
import { forecast } from './usage-forecast.js'
import { drawHistory } from './usage-history.js'
/** @import { Bucket, Session, UsageReport } from '../types.d.ts' */

const names = new Map([['chat', t('setup.usage.chat')], ['completions', t('setup.usage.completions')], [
  'premium_interactions',
  t('setup.usage.premium'),
], ['premium_models', t('setup.usage.premium-models')]])
const plans = new Map([['individual', 'Individual'], ['individual_pro', 'Pro+'], ['business', 'Business'], [
  'enterprise',
  'Enterprise',
]])

/** @param {Session} now */
export async function drawUsage (now) {
  const body = byId('usage-body')
  body.replaceChildren(
    h('p', { class: 'muted row' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), t('setup.usage.asking')),
  )
  const answer = await ask('/usage', { session: now })
  if (session() !== now) return
  if (!answer.ok) {
    return body.replaceChildren(failure(explain(answer)))
  }
  const { plan, sku, login, resets_at: resetsAt, buckets, proxy } = answer.data
  const history = h('div', { 'class': 'section', 'id': 'usage-history', 'aria-live': 'off' })
  const isFree = sku === 'free_limited_copilot'
  const planName = isFree ? 'Free' : plans.get(plan ?? '') ?? plan ?? t('setup.usage.seat')
  const reset = resetDate(resetsAt)
  body.replaceChildren(
    h('p', {}, h('strong', {}, `Copilot ${planName}`), login === null ? '' : t('setup.usage.of', { login }),
      reset === null ? '' : h('span', { class: 'muted' }, t('setup.usage.resets', { date: reset }))),
    ...(isFree ? [h('div', { class: 'banner warn' }, icon('warn'), h('p', {}, t('setup.usage.free')))] : []),
    buckets.length === 0
      ? h('p', { class: 'empty' }, plan === null ? t('setup.usage.no-quota') : t('setup.usage.no-buckets'))
      : h('div', { class: 'buckets' }, buckets.map(bucket => drawBucket(bucket, resetsAt))),
    h('h3', {}, t('setup.usage.proxy')),
    ...drawReconciled(proxy.reconciled),
    history,
  )
  await drawHistory(now, history, () => drawProxy(proxy))
}

/**
 * Other tools on the same seat count at Copilot too, so a difference is no proof of an error.
 * @param {UsageReport['proxy']['reconciled']} reconciled
 */
function drawReconciled (reconciled) {
  // A header that came before any other call had ended compares nothing.
  if (!reconciled || (reconciled.copilot === 0 && reconciled.counted === 0)) return []
  const { unit, since, copilot, counted, difference, percent } = reconciled
  const name = t(unit === 'credits' ? 'setup.usage.ai-credits' : 'setup.usage.premium-requests')
  const began = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: 'numeric',
    minute: '2-digit' })
  return [
    h('p', { class: 'muted small-text', id: 'reconciled' },
      t('setup.usage.reconciled', { since: began.format(Date.parse(since)), copilot: count(copilot), unit: name,
        counted: count(counted),
        difference: `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${count(Math.abs(difference))}${
          percent === null ? '' : ` (${count(Math.abs(percent))} %)`
        }` })),
  ]
}

/**
 * @param {Bucket} bucket
 * @param {string | null} commonReset
 */
function drawBucket (bucket, commonReset) {
  const { id, kind, overage_count: overage, overage_permitted: isPermitted, resets_at: resetsAt,
    percent_remaining: percent } = bucket
  const name = names.get(id) ?? id.replaceAll('_', ' ').replace(/^./, letter => letter.toUpperCase())
  const title = h('h3', {}, name,
    ...(kind === 'extra' ? [' ', h('span', { class: 'badge' }, t('setup.usage.extra'))] : []))
  if (kind === 'unlimited') return h('div', { class: 'bucket' }, title, h('strong', {}, t('setup.usage.unlimited')))
  if (kind === 'not_applicable') {
    return h('div', { class: 'bucket' }, title, h('strong', { class: 'muted' }, t('setup.usage.not-in-plan')))
  }
  const { entitlement, used, remaining } = { entitlement: bucket.entitlement ?? 0, used: bucket.used ?? 0,
    remaining: bucket.remaining ?? 0 }
  const fill = h('span')
  fill.style.width = `${Math.min(100, Math.max(0, percent ?? 0))}%`
  const extra = [kind === 'free_plan' ? t('setup.usage.free-plan') : '',
    used > entitlement && overage === 0 ? t('setup.usage.more', { extra: count(used - entitlement) }) : '',
    overage > 0
      ? t('setup.usage.billed', { extra: count(overage) })
      : isPermitted && remaining === 0
      ? t('setup.usage.bills')
      : '',
    resetsAt !== commonReset && resetDate(resetsAt)
      ? t('setup.usage.bucket-resets', { date: resetDate(resetsAt) ?? '' })
      : ''].filter(Boolean).join(' · ')
  const ahead = forecast(bucket, resetsAt ?? commonReset)
  return h('div', { class: 'bucket' }, title,
    h('div', {}, h('strong', {}, count(remaining)),
      h('span', { class: 'muted' }, t('setup.usage.left', { all: count(entitlement) }))),
    h('div', { class: `bar${percent !== null && percent < 15 ? ' low' : ''}`, role: 'meter',
      'aria-label': t('setup.usage.meter', { name }), 'aria-valuemin': '0', 'aria-valuemax': '100',
      'aria-valuenow': String(Math.round(percent ?? 0)) }, fill),
    h('p', { class: 'muted small-text' },
      `${percent === null ? '' : t('setup.usage.percent', { percent: Math.round(percent) })}${
        extra === '' ? '' : ` · ${extra}`
      }`),
    ahead === null
      ? ''
      : h('p', { class: `small-text ${ahead.runsOutAt === null ? 'muted' : 'ahead'}` }, ahead.runsOutAt === null
        ? t('setup.usage.pace', { used: count(Math.round(ahead.usedAtReset)) })
        : remaining > 0
        ? t('setup.usage.runs-out', { date: resetDate(new Date(ahead.runsOutAt).toISOString()) ?? '' })
        : ''))
}

/** @param {UsageReport['proxy']} proxy */
function drawProxy ({ ai_credits: total, models }) {
  if (models.length === 0) {
    return [h('p', { class: 'empty' }, t('setup.usage.nothing-yet'))]
  }
  const sorted = [...models].sort((a, b) => b.requests - a.requests)
  const requests = sorted.reduce((sum, model) => sum + model.requests, 0)
  return [h('p', { class: 'muted' }, t('setup.usage.since-start', { count: requests, credits: credits(total) })),
    h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': t('setup.usage.by-model') },
      h('table', { class: 'stack' },
        h('thead', {},
          h('tr', {},
            [t('setup.column.model'), t('setup.usage.requests'), t('setup.usage.input-tokens'),
              t('setup.usage.cached-input'), t('setup.usage.output-tokens'), t('setup.usage.ai-credits')].map((
                name,
                at,
              ) => h('th', { scope: 'col', class: at === 0 ? null : 'number' }, name)))),
        h('tbody', {},
          sorted.map(model =>
            h('tr', {}, h('th', { scope: 'row' }, model.model), cell(t('setup.usage.requests'), count(model.requests)),
              cell(t('setup.usage.input'), compact(model.input_tokens)),
              cell(t('setup.usage.cached'), compact(model.cached_tokens)),
              cell(t('setup.usage.output'), compact(model.output_tokens)),
              cell(t('setup.usage.ai-credits'), credits(model.ai_credits)))
          ))))]
}

/**
 * @param {string} name for narrow screens, which hide the head of the table
 * @param {string} text
 */
function cell (name, text) {
  return h('td', { class: 'number', dataset: { name } }, text)
}
