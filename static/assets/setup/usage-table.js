// The figures of usage as tables: the totals of each name, and the days of the chart.
import { h } from '../lib/dom.js'
import { compact, count, credits } from '../lib/format.js'
import { t } from '../lib/text.js'
import { showDay } from './usage-chart.js'
/** @import { UsageCounts } from '../types.d.ts' */
/** @import { Series } from './usage-rows.js' */

/**
 * @param {string} title of the first column
 * @param {ReadonlyArray<{ readonly value: string, readonly counts: UsageCounts }>} totals
 * @param {(value: string) => string} nameOf
 */
export function drawTotals (title, totals, nameOf) {
  const columns = [title, t('setup.usage.requests'), t('setup.usage.errors'), t('setup.usage.input'),
    t('setup.usage.cached'), t('setup.usage.output'), t('setup.usage.reasoning'), t('setup.usage.credits'),
    t('setup.usage.searches')]
  return table(t('setup.usage.by', { split: title.toLowerCase() }), columns,
    totals.map(({ value, counts }) => ({ name: nameOf(value),
      cells: [count(counts.requests), count(counts.errors), compact(counts.input_tokens), compact(counts.cached_tokens),
        compact(counts.output_tokens), compact(counts.reasoning_tokens), credits(counts.credits),
        count(counts.searches)] })
    ))
}

/**
 * The days with usage, the last one first.
 * @param {readonly string[]} days
 * @param {readonly Series[]} series
 * @param {(value: number) => string} show
 */
export function drawDays (days, series, show) {
  const rows = days.map((day, at) => {
    const values = series.map(({ values }) => values[at] ?? 0)
    return { day, values, total: values.reduce((sum, value) => sum + value, 0) }
  }).filter(({ total }) => total > 0).reverse()
  return table(t('setup.usage.by-day'), [t('setup.usage.day'), ...series.map(({ name }) => name), t('setup.usage.all')],
    rows.map(({ day, values, total }) => ({
      name: showDay(day),
      cells: [...values, total].map(show),
    })))
}

/**
 * @param {string} label
 * @param {readonly string[]} columns
 * @param {ReadonlyArray<{ readonly name: string, readonly cells: readonly string[] }>} rows
 */
function table (label, columns, rows) {
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': label },
    h('table', { class: 'stack' },
      h('thead', {},
        h('tr', {}, columns.map((name, at) => h('th', { scope: 'col', class: at === 0 ? null : 'number' }, name)))),
      h('tbody', {},
        rows.map(({ name, cells }) =>
          h('tr', {}, h('th', { scope: 'row' }, name), cells.map((text, at) =>
            h('td', { class: 'number', dataset: { name: columns[at + 1] ?? '' } }, text)
          ))
        ))))
}
