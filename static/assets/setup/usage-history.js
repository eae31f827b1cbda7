// Usage over time: a chart of days, stacked by model, key or client, the same figures as a table, and a file of them.
import { ask } from '../lib/api.js'
import { failure, h, icon } from '../lib/dom.js'
import { compact, count, credits, plural } from '../lib/format.js'
import { saveText } from '../lib/save.js'
import { session } from '../lib/session.js'
import { drawChart, showDay } from './usage-chart.js'
import { daysBetween, lastDays, seriesOf, toCsv, totalsOf } from './usage-rows.js'
import { drawDays, drawTotals } from './usage-table.js'
/** @import { Session, UsageHistory, UserKey } from '../types.d.ts' */
/** @import { Measure, Split } from './usage-rows.js' */

/** @type {ReadonlyMap<string, string>} */
const splits = new Map([['model', 'Model'], ['key', 'Key'], ['client', 'Client']])
/** @type {ReadonlyMap<string, string>} */
const measures = new Map([['requests', 'Requests'], ['tokens', 'Tokens'], ['credits', 'AI credits']])
const words = { requests: 'requests', tokens: 'tokens', credits: 'AI credits' }
const ranges = new Map([['7', '7 days'], ['30', '30 days'], ['90', '90 days']])
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
    return place.replaceChildren(failure(answer.message))
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
  const names = new Map([['password', 'Password'], ['session', 'This page'],
    ...(keys ?? []).map(({ id, name }) => /** @type {const} */ ([id, name]))])
  /** @param {string} key */
  const nameOfKey = key => names.get(key) ?? (keys !== null && /^[a-z0-9]{8}$/.test(key) ? `revoked key ${key}` : key)
  const body = h('div', { class: 'section' })
  const redraw = () => {
    body.replaceChildren(...drawBody(daysBetween(from, to), data, nameOfKey))
  }
  redraw()
  return [h('div', { class: 'row usage-controls' }, pick('measure', 'Show', measures, chosen.measure, value => {
    chosen.measure = /** @type {Measure} */ (value)
    redraw()
  }), pick('split', 'By', splits, chosen.split, value => {
    chosen.split = /** @type {Split} */ (value)
    redraw()
  }),
    pick('days', 'Last', [...ranges].filter(([days]) => Number(days) <= Math.max(keptDays, 7)), chosen.days, value => {
      chosen.days = value
      void reload()
    }), h('button', { type: 'button', class: 'quiet small', onclick: () => {
      saveText(`usage-${from}-${to}.csv`, toCsv(data, nameOfKey), 'text/csv')
    } }, 'Save as CSV')), body]
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
    return [h('p', { class: 'empty' }, 'Nothing in these days. The counts begin with your first request.')]
  }
  const total = series.reduce((all, one) => all + one.total, 0)
  const what = words[measure]
  const label = `${show(total)} ${what} from ${showDay(days[0] ?? '')} to ${showDay(days.at(-1) ?? '')}, by ${split}. `
    + 'The table “Figures of each day” has the same numbers.'
  return [
    ...series.length === 0
      ? [h('p', { class: 'empty' }, `No ${what} in these days.`)]
      : [drawChart(days, series, { label, show, least: measure === 'credits' ? 0 : 2 }),
        h('details', {}, h('summary', {}, 'Figures of each day'), drawDays(days, series, show))],
    h('p', { class: 'muted' },
      `${plural(sum(rows, 'requests'), 'request')} · ${
        credits(sum(rows, 'credits'))
      } AI credits (1 credit = 0.01 USD)`),
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
      ? `The key “${name}” has used up its ${
        count(cap)
      } credits of this month. Its calls are refused until you raise the cap.`
      : `The key “${name}” has used ${credits(used)} of its ${count(cap)} credits of this month (${
        Math.floor(100 * used / cap)
      } %).`
    return [h('div', { class: 'banner warn' }, icon('warn'), h('p', {}, says))]
  })
}
