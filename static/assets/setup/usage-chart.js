// A stacked bar for each day, as SVG. Screen readers get one sentence; the table next to it has the same figures.
import { h } from '../lib/dom.js'
import { language, t } from '../lib/text.js'
import { roundUp } from './usage-rows.js'
/** @import { Series } from './usage-rows.js' */

const svg = 'http://www.w3.org/2000/svg'
const height = 100
const barWidth = 8
const slot = 10
const dayName = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' })

/**
 * @param {readonly string[]} days
 * @param {readonly Series[]} series
 * @param {{ label: string, show: (value: number) => string, least: number }} options
 *   `least`: the lowest top of the scale
 */
export function drawChart (days, series, { label, show, least }) {
  const totals = days.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  const top = roundUp(Math.max(...totals, least))
  const [first = '', last = ''] = [days[0], days.at(-1)]
  return h('figure', { class: 'chart' },
    h('div', { class: 'plot' },
      h('div', { class: 'scale', 'aria-hidden': 'true' }, [top, top / 2, 0].map(value => h('span', {}, show(value)))),
      bars(days, series, top, { label, show })),
    h('div', { class: 'days', 'aria-hidden': 'true' }, h('span', {}, showDay(first)), h('span', {}, showDay(last))),
    h('ul', { class: 'legend' },
      series.map(({ name, nth, total }) =>
        h('li', {}, swatch(nth), h('span', { class: 'name' }, name), h('span', { class: 'muted' }, show(total)))
      )))
}

/** @param {string} day */
export function showDay (day) {
  return dayName.format(Date.parse(day))
}

/** @param {number} nth */
export function swatch (nth) {
  return h('span', { class: `swatch s${nth}`, 'aria-hidden': 'true' })
}

/**
 * @param {readonly string[]} days
 * @param {readonly Series[]} series
 * @param {number} top
 * @param {{ label: string, show: (value: number) => string }} options
 */
function bars (days, series, top, { label, show }) {
  const chart = draw('svg', { viewBox: `0 0 ${days.length * slot} ${height}`, preserveAspectRatio: 'none', role: 'img',
    'aria-label': label })
  for (const y of [0, height / 2, height]) {
    chart.append(draw('line', { x1: 0, x2: days.length * slot, y1: y, y2: y, class: 'rule' }))
  }
  for (const [at, day] of days.entries()) {
    let y = height
    for (const { name, nth, values } of series) {
      const value = values[at] ?? 0
      if (value <= 0) continue
      const tall = value / top * height
      y -= tall
      const bar = draw('rect', { x: at * slot + 1, y, width: barWidth, height: tall, class: `s${nth}` })
      const title = draw('title', {})
      title.textContent = t('setup.usage.bar', { day: showDay(day), name, value: show(value) })
      bar.append(title)
      chart.append(bar)
    }
  }
  return chart
}

/**
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} attributes
 */
function draw (name, attributes) {
  const element = document.createElementNS(svg, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}
