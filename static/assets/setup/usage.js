// Usage: what the seat has left by GitHub's count, and the requests through this proxy.
import { ask } from '../lib/api.js'
import { byId, failure, h, icon } from '../lib/dom.js'
import { compact, count, credits, plural, resetDate } from '../lib/format.js'
import { forecast } from './usage-forecast.js'
import { drawHistory } from './usage-history.js'
/** @import { Bucket, Reply, Session, UsageReport } from '../types.d.ts' */

const names = new Map([['chat', 'Chat'], ['completions', 'Code completions'], ['premium_interactions',
  'Premium requests'], ['premium_models', 'Premium models']])
const plans = new Map([['individual', 'Individual'], ['individual_pro', 'Pro+'], ['business', 'Business'], [
  'enterprise',
  'Enterprise',
]])

/**
 * @param {Session} session
 * @param {Reply<UsageReport>} [given] an answer of /usage that the page has already
 */
export async function drawUsage (session, given) {
  const body = byId('usage-body')
  if (!given) {
    body.replaceChildren(
      h('p', { class: 'muted row' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), 'Asking GitHub…'),
    )
  }
  const answer = given ?? await ask('/usage', { session })
  if (!answer.ok) {
    return body.replaceChildren(failure(answer.message))
  }
  const { plan, sku, login, resets_at: resetsAt, buckets, proxy } = answer.data
  const history = h('div', { 'class': 'section', 'id': 'usage-history', 'aria-live': 'off' })
  const isFree = sku === 'free_limited_copilot'
  const planName = isFree ? 'Free' : plans.get(plan ?? '') ?? plan ?? 'seat'
  const reset = resetDate(resetsAt)
  body.replaceChildren(
    h('p', {}, h('strong', {}, `Copilot ${planName}`), login === null ? '' : ` of ${login}`,
      reset === null ? '' : h('span', { class: 'muted' }, ` · resets on ${reset}`)),
    ...(isFree
      ? [
        h('div', { class: 'banner warn' }, icon('warn'),
          h('p', {},
            'On Copilot Free every request counts, also those to “free” models. A coding agent uses up a month’s '
              + 'quota in a day.')),
      ]
      : []),
    buckets.length === 0
      ? h('p', { class: 'empty' }, plan === null
        ? 'GitHub shows no quota to this kind of token. See github.com/settings/copilot.'
        : 'GitHub names no quotas for this account. Organisations that pay by the token see theirs on github.com.')
      : h('div', { class: 'buckets' }, buckets.map(bucket => drawBucket(bucket, resetsAt))),
    h('h3', {}, 'Through this proxy'),
    ...drawReconciled(proxy.reconciled),
    history,
  )
  await drawHistory(session, history, () => drawProxy(proxy))
}

/**
 * Other tools on the same seat count at Copilot too, so a difference is no proof of an error.
 * @param {UsageReport['proxy']['reconciled']} reconciled
 */
function drawReconciled (reconciled) {
  // A header that came before any other call had ended compares nothing.
  if (!reconciled || (reconciled.copilot === 0 && reconciled.counted === 0)) return []
  const { unit, since, copilot, counted, difference, percent } = reconciled
  const name = unit === 'credits' ? 'AI credits' : 'premium requests'
  const began = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })
  return [
    h('p', { class: 'muted small-text', id: 'reconciled' },
      `Since ${began.format(Date.parse(since))}, Copilot counted ${count(copilot)} ${name} and this proxy `
        + `${count(counted)}: ${difference > 0 ? '+' : difference < 0 ? '−' : ''}${count(Math.abs(difference))}${
          percent === null ? '' : ` (${count(Math.abs(percent))} %)`
        }. Copilot also counts other tools on the same seat.`),
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
  const title = h('h3', {}, name, ...(kind === 'extra' ? [' ', h('span', { class: 'badge' }, 'extra')] : []))
  if (kind === 'unlimited') return h('div', { class: 'bucket' }, title, h('strong', {}, 'Unlimited'))
  if (kind === 'not_applicable') {
    return h('div', { class: 'bucket' }, title, h('strong', { class: 'muted' }, 'Not part of this plan'))
  }
  const { entitlement, used, remaining } = { entitlement: bucket.entitlement ?? 0, used: bucket.used ?? 0,
    remaining: bucket.remaining ?? 0 }
  const fill = h('span')
  fill.style.width = `${Math.min(100, Math.max(0, percent ?? 0))}%`
  const extra = [kind === 'free_plan' ? 'Copilot Free' : '',
    used > entitlement && overage === 0 ? `${count(used - entitlement)} more than included` : '',
    overage > 0
      ? `${count(overage)} more than included, billed`
      : isPermitted && remaining === 0
      ? 'further requests are billed'
      : '', resetsAt !== commonReset && resetDate(resetsAt) ? `resets on ${resetDate(resetsAt)}` : ''].filter(Boolean)
    .join(' · ')
  const ahead = forecast(bucket, resetsAt ?? commonReset)
  return h('div', { class: 'bucket' }, title,
    h('div', {}, h('strong', {}, count(remaining)), h('span', { class: 'muted' }, ` of ${count(entitlement)} left`)),
    h('div', { class: `bar${percent !== null && percent < 15 ? ' low' : ''}`, role: 'meter',
      'aria-label': `${name} left`, 'aria-valuemin': '0', 'aria-valuemax': '100',
      'aria-valuenow': String(Math.round(percent ?? 0)) }, fill),
    h('p', { class: 'muted small-text' },
      `${percent === null ? '' : `${Math.round(percent)} % left`}${extra === '' ? '' : ` · ${extra}`}`),
    ahead === null
      ? ''
      : h('p', { class: `small-text ${ahead.runsOutAt === null ? 'muted' : 'ahead'}` }, ahead.runsOutAt === null
        ? `At this pace, ${count(Math.round(ahead.usedAtReset))} will be used by the reset.`
        : remaining > 0
        ? `At this pace, nothing is left from ${resetDate(new Date(ahead.runsOutAt).toISOString())} on.`
        : ''))
}

/** @param {UsageReport['proxy']} proxy */
function drawProxy ({ ai_credits: total, models }) {
  if (models.length === 0) {
    return [
      h('p', { class: 'empty' },
        'Nothing yet. The counts begin with your first request, and start again at zero when the proxy restarts.'),
    ]
  }
  const sorted = [...models].sort((a, b) => b.requests - a.requests)
  const requests = sorted.reduce((sum, model) => sum + model.requests, 0)
  return [
    h('p', { class: 'muted' },
      `${plural(requests, 'request')} · ${credits(total)} AI credits (1 credit = 0.01 USD) since the proxy started`),
    h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Requests by model' },
      h('table', { class: 'stack' },
        h('thead', {},
          h('tr', {},
            ['Model', 'Requests', 'Input tokens', 'Cached input', 'Output tokens', 'AI credits'].map((name, at) =>
              h('th', { scope: 'col', class: at === 0 ? null : 'number' }, name)
            ))), h('tbody', {}, sorted.map(model =>
            h('tr', {}, h('th', { scope: 'row' }, model.model), cell('Requests', count(model.requests)),
              cell('Input', compact(model.input_tokens)), cell('Cached', compact(model.cached_tokens)),
              cell('Output', compact(model.output_tokens)), cell('AI credits', credits(model.ai_credits)))
          )))),
  ]
}

/**
 * @param {string} name for narrow screens, which hide the head of the table
 * @param {string} text
 */
function cell (name, text) {
  return h('td', { class: 'number', dataset: { name } }, text)
}
