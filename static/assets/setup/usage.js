// Usage: what the seat has left by GitHub's own count, and what went through this proxy.
import { ask } from '../lib/api.js'
import { byId, h, icon } from '../lib/dom.js'
import { compact, count, credits, plural, resetDate } from '../lib/format.js'

const names = { chat: 'Chat', completions: 'Code completions', premium_interactions: 'Premium requests', premium_models: 'Premium models' }
const plans = { individual: 'Individual', individual_pro: 'Pro+', business: 'Business', enterprise: 'Enterprise' }

/** @param given an answer of /usage that is at hand already */
export async function drawUsage (session, given) {
  const body = byId('usage-body')
  if (!given) body.replaceChildren(h('p', { class: 'muted row' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), 'Asking GitHub…'))
  const answer = given ?? await ask('/usage', { session })
  if (!answer.ok) return body.replaceChildren(h('div', { class: 'banner bad' }, icon('warn'), h('p', {}, answer.message)))
  const { plan, sku, login, resets_at: resetsAt, buckets, proxy } = answer.data
  const isFree = sku === 'free_limited_copilot'
  const reset = resetDate(resetsAt)
  body.replaceChildren(
    h('p', {}, h('strong', {}, `Copilot ${isFree ? 'Free' : plans[plan] ?? plan ?? 'seat'}`), login === null ? '' : ` of ${login}`, reset === null ? '' : h('span', { class: 'muted' }, ` · resets on ${reset}`)),
    ...(isFree ? [h('div', { class: 'banner warn' }, icon('warn'), h('p', {}, 'On Copilot Free every request counts, those to “free” models too. Coding agents use up a month in a day.'))] : []),
    buckets.length === 0
      ? h('p', { class: 'empty' }, 'GitHub names no quotas for this account. Organisations that pay by the token show theirs on github.com.')
      : h('div', { class: 'buckets' }, buckets.map(bucket => drawBucket(bucket, resetsAt))),
    h('h3', {}, 'Through this proxy'), ...drawProxy(proxy))
}

function drawBucket (bucket, commonReset) {
  const { id, kind, entitlement, used, remaining, percent_remaining: percent, overage_count: overage, overage_permitted: permitted, resets_at: resetsAt } = bucket
  const name = names[id] ?? id.replaceAll('_', ' ').replace(/^./, letter => letter.toUpperCase())
  const title = h('h3', {}, name, kind === 'extra' ? [' ', h('span', { class: 'badge' }, 'extra')] : '')
  if (kind === 'unlimited') return h('div', { class: 'bucket' }, title, h('strong', {}, 'Unlimited'))
  if (kind === 'not_applicable') return h('div', { class: 'bucket' }, title, h('strong', { class: 'muted' }, 'Not part of this plan'))
  const fill = h('span')
  fill.style.width = `${Math.min(100, Math.max(0, percent ?? 0))}%`
  const extra = [
    kind === 'free_plan' ? 'Copilot Free' : '',
    used > entitlement && overage === 0 ? `${count(used - entitlement)} more than included` : '',
    overage > 0 ? `${count(overage)} beyond it, billed` : permitted && remaining === 0 ? 'more is billed' : '',
    resetsAt !== commonReset && resetDate(resetsAt) ? `resets on ${resetDate(resetsAt)}` : '',
  ].filter(Boolean).join(' · ')
  return h('div', { class: 'bucket' }, title,
    h('div', {}, h('strong', {}, count(remaining)), h('span', { class: 'muted' }, ` of ${count(entitlement)} left`)),
    h('div', { class: `bar${percent !== null && percent < 15 ? ' low' : ''}`, role: 'meter', 'aria-label': `${name} left`, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': String(Math.round(percent ?? 0)) }, fill),
    h('p', { class: 'muted small-text' }, `${percent === null ? '' : `${Math.round(percent)} % left`}${extra === '' ? '' : ` · ${extra}`}`))
}

function drawProxy ({ ai_credits: total, models }) {
  if (models.length === 0) return [h('p', { class: 'empty' }, 'Nothing yet. Counts appear with your first request, and begin anew when the proxy restarts.')]
  const sorted = [...models].sort((a, b) => b.requests - a.requests)
  const requests = sorted.reduce((sum, model) => sum + model.requests, 0)
  return [
    h('p', { class: 'muted' }, `${plural(requests, 'request')} · ${credits(total)} AI credits (1 credit = 0.01 USD) since the proxy started`),
    h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Requests by model' }, h('table', { class: 'stack' },
      h('thead', {}, h('tr', {}, ['Model', 'Requests', 'Input tokens', 'of them cached', 'Output tokens', 'AI credits'].map((name, at) => h('th', { scope: 'col', class: at === 0 ? null : 'number' }, name)))),
      h('tbody', {}, sorted.map(model => h('tr', {}, h('th', { scope: 'row' }, model.model),
        [['Requests', count(model.requests)], ['Input', compact(model.input_tokens)], ['Cached', compact(model.cached_tokens)], ['Output', compact(model.output_tokens)], ['AI credits', credits(model.ai_credits)]]
          .map(([name, text]) => h('td', { class: 'number', dataset: { name } }, text))))))),
  ]
}
