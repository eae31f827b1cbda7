// Usage over time: a chart of days, stacked by model, key or client, the same figures as a table, and a file of them.
import { ask } from '../lib/api.js'
import { explain } from '../lib/causes.js'
import { failure, h, icon } from '../lib/dom.js'
import { compact, count, credits } from '../lib/format.js'
import { saveText } from '../lib/save.js'
import { session } from '../lib/session.js'
import { t } from '../lib/text.js'
import { drawChart, showDay } from './usage-chart.js'
import { daysBetween, lastDays, seriesOf, toCsv, totalsOf } from './usage-rows.js'
import { drawDays, drawTotals } from './usage-table.js'
/** @import { Session, UsageHistory, UserKey } from '../types.d.ts' */
/** @import { Measure, Split } from './usage-rows.js' */

/** @type {ReadonlyMap<string, string>} */
const splits = new Map([['model', t('setup.column.model')], ['key', t('setup.usage.key')], ['client',
  t('setup.usage.client')]])
/** @type {ReadonlyMap<string, string>} */
const measures = new Map([['requests', t('setup.usage.requests')], ['tokens', t('setup.usage.tokens')], ['credits',
  t('setup.usage.ai-credits')]])
const words = { requests: t('setup.usage.requests.some'), tokens: t('setup.usage.tokens.some'),
  credits: t('setup.usage.ai-credits') }
const ranges = new Map(['7', '30', '90'].map(days => [days, t('setup.usage.days', { count: Number(days) })]))
const shows = { requests: count, tokens: compact, credits }

/** What the user chose last, also after a refresh. */
const chosen = { split: /** @type {Split} */ ('model'), measure: /** @type {Measure} */ ('requests'), days: '30' }

/**
 * @param {Session} now
 * @param {HTMLElement} place
 * @param {() => Iterable<Node>} drawWithout what to show where the server keeps no usage
 */
export async function drawHistory (now, place, drawWithout) {
  const range = lastDays(Number(chosen.days))
  const [answer, kept] = await Promise.all([
    ask(`/usage/history?from=${range.from}&to=${range.to}&by=day,model,key,client`, { session: now }),
    ask('/keys', { session: now }),
  ])
  if (session() !== now) return
  if (!answer.ok) {
    return place.replaceChildren(failure(explain(answer)))
  }
  const keys = kept.ok ? kept.data.data : null
  place.replaceChildren(...warnings(keys ?? []),
    ...answer.data.kept_days === 0
      ? drawWithout()
      : content(answer.data, keys, () =>
        drawHistory(now, place, drawWithout).then(() => {
          for (const select of place.querySelectorAll('select')) if (select.dataset.name === 'days') select.focus()
        })))
}

/**
 * @param {UsageHistory} report
 * @param {readonly UserKey[] | null} keys null if they are not known
 * @param {() => unknown} reload
 */
function content ({ from, to, kept_days: keptDays, data }, keys, reload) {
  const names = new Map([['password', t('setup.password')], ['session', t('setup.usage.this-page')],
    ...(keys ?? []).map(({ id, name }) => /** @type {const} */ ([id, name]))])
  /** @param {string} key */
  const nameOfKey = key =>
    names.get(key) ?? (keys !== null && /^[a-z0-9]{8}$/.test(key) ? t('setup.usage.revoked', { key }) : key)
  const body = h('div', { class: 'section' })
  const redraw = () => {
    body.replaceChildren(...drawBody(daysBetween(from, to), data, nameOfKey))
  }
  redraw()
  return [
    h('div', { class: 'row usage-controls' },
      pick('measure', t('setup.usage.show'), measures, chosen.measure, value => {
        chosen.measure = /** @type {Measure} */ (value)
        redraw()
      }), pick('split', t('setup.usage.split'), splits, chosen.split, value => {
        chosen.split = /** @type {Split} */ (value)
        redraw()
      }),
      pick('days', t('setup.usage.last'), [...ranges].filter(([days]) => Number(days) <= Math.max(keptDays, 7)),
        chosen.days, value => {
        chosen.days = value
        void reload()
      }), h('button', { type: 'button', class: 'quiet small', onclick: () => {
        saveText(`usage-${from}-${to}.csv`, toCsv(data, nameOfKey), 'text/csv')
      } }, t('setup.usage.csv'))),
    body,
  ]
}

/**
 * @param {readonly string[]} days
 * @param {UsageHistory['data']} rows
 * @param {(key: string) => string} nameOfKey
 */
function drawBody (days, rows, nameOfKey) {
  const { split, measure } = chosen
  const nameOf = split === 'key' ? nameOfKey : (/** @type {string} */ name) => name
  const series = seriesOf(rows, days, { split, measure, nameOf })
  const show = shows[measure]
  if (rows.length === 0) {
    return [h('p', { class: 'empty' }, t('setup.usage.nothing'))]
  }
  const total = series.reduce((all, one) => all + one.total, 0)
  const what = words[measure]
  const label = t('setup.usage.chart', { total: show(total), what, from: showDay(days[0] ?? ''),
    to: showDay(days.at(-1) ?? ''), split: (splits.get(split) ?? '').toLowerCase() })
  return [
    ...series.length === 0
      ? [h('p', { class: 'empty' }, t('setup.usage.none-of', { what }))]
      : [drawChart(days, series, { label, show, least: measure === 'credits' ? 0 : 2 }),
        h('details', {}, h('summary', {}, t('setup.usage.figures')), drawDays(days, series, show))],
    h('p', { class: 'muted' },
      t('setup.usage.total', { count: sum(rows, 'requests'), credits: credits(sum(rows, 'credits')) })),
    drawTotals(splits.get(split) ?? '', totalsOf(rows, split), nameOf),
  ]
}

/**
 * @param {UsageHistory['data']} rows
 * @param {'requests' | 'credits'} name
 */
function sum (rows, name) {
  return rows.reduce((total, row) => total + row[name], 0)
}

/**
 * @param {string} name
 * @param {string} label
 * @param {Iterable<readonly [string, string]>} options
 * @param {string} value
 * @param {(value: string) => void} onPick
 */
function pick (name, label, options, value, onPick) {
  const select = h('select', { dataset: { name } },
    [...options].map(([id, text]) => h('option', { value: id, selected: id === value }, text)))
  select.addEventListener('change', () => onPick(select.value))
  return h('label', { class: 'pick' }, label, select)
}

/**
 * The keys that have used four fifths of what they may use in a month.
 * @param {readonly UserKey[]} keys
 */
function warnings (keys) {
  return keys.flatMap(({ name, monthly_credits: cap, credits_used: used }) => {
    if (cap === null || cap <= 0 || used < cap * 0.8) return []
    const says = used >= cap
      ? t('setup.usage.cap', { name, cap: count(cap) })
      : t('setup.usage.near-cap', { name, used: credits(used), cap: count(cap), percent: Math.floor(100 * used / cap) })
    return [h('div', { class: 'banner warn' }, icon('warn'), h('p', {}, says))]
  })
}
