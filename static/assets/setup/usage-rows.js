// Turns the rows of /usage/history into the series that chart and table share. No DOM.
import { t } from '../lib/text.js'
/** @import { UsageCounts, UsageRow } from '../types.d.ts' */

const dayMs = 86_400_000
/** Readers confuse the colours of more series. */
const mostSeries = 5

/** @typedef {'model' | 'key' | 'client'} Split */
/** @typedef {'requests' | 'tokens' | 'credits'} Measure */
/**
 * `values` has one number for each day. `nth` is the colour.
 * @typedef {object} Series
 * @property {string} name
 * @property {number} nth
 * @property {readonly number[]} values
 * @property {number} total
 */

/**
 * Days as `YYYY-MM-DD`, in UTC.
 * @param {string} from
 * @param {string} to
 */
export function daysBetween (from, to) {
  const days = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) days.push(new Date(at).toISOString().slice(0, 10))
  return days
}

/** @param {number} count of days up to now, today included */
export function lastDays (count, now = Date.now()) {
  return { from: new Date(now - (count - 1) * dayMs).toISOString().slice(0, 10),
    to: new Date(now).toISOString().slice(0, 10) }
}

/**
 * @param {UsageCounts} row
 * @param {Measure} measure
 */
export function amountOf (row, measure) {
  return measure === 'tokens' ? row.input_tokens + row.output_tokens : row[measure]
}

/**
 * The largest series, and the others as one.
 * @param {readonly UsageRow[]} rows
 * @param {readonly string[]} days
 * @param {{ split: Split, measure: Measure, nameOf: (value: string) => string }} options
 * @returns {Series[]}
 */
export function seriesOf (rows, days, { split, measure, nameOf }) {
  const places = new Map(days.map((day, at) => [day, at]))
  /** @type {Map<string, number[]>} */
  const found = new Map()
  for (const row of rows) {
    const at = places.get(row.day)
    if (at === undefined) continue
    const values = found.get(row[split]) ?? days.map(() => 0)
    found.set(row[split], values)
    values[at] = (values[at] ?? 0) + amountOf(row, measure)
  }
  const all = [...found].map(([value, values]) => ({ name: nameOf(value), values, total: sum(values) })).filter((
    { total },
  ) => total > 0).sort((one, two) => two.total - one.total)
  if (all.length <= mostSeries + 1) return all.map((series, nth) => ({ ...series, nth }))
  const rest = all.slice(mostSeries)
  const values = days.map((_, at) => sum(rest.map(series => series.values[at] ?? 0)))
  return [...all.slice(0, mostSeries), { name: t('setup.usage.others', { count: rest.length }), values,
    total: sum(values) }].map((series, nth) => ({ ...series, nth }))
}

/**
 * One row for each value of a column, the busiest first.
 * @param {readonly UsageRow[]} rows
 * @param {Split} split
 */
export function totalsOf (rows, split) {
  /** @type {Map<string, UsageCounts>} */
  const totals = new Map()
  for (const row of rows) totals.set(row[split], add(totals.get(row[split]), row))
  return [...totals].map(([value, counts]) => ({ value, counts })).sort((one, two) =>
    two.counts.requests - one.counts.requests
  )
}

/**
 * @param {UsageCounts | undefined} one
 * @param {UsageCounts} two
 * @returns {UsageCounts}
 */
function add (one, two) {
  return { requests: (one?.requests ?? 0) + two.requests, errors: (one?.errors ?? 0) + two.errors,
    input_tokens: (one?.input_tokens ?? 0) + two.input_tokens,
    cached_tokens: (one?.cached_tokens ?? 0) + two.cached_tokens,
    output_tokens: (one?.output_tokens ?? 0) + two.output_tokens,
    reasoning_tokens: (one?.reasoning_tokens ?? 0) + two.reasoning_tokens, credits: (one?.credits ?? 0) + two.credits,
    searches: (one?.searches ?? 0) + two.searches }
}

/** @param {readonly number[]} values */
function sum (values) {
  return values.reduce((total, value) => total + value, 0)
}

/**
 * The smallest of 1, 2 and 4 times a power of ten that is not below the value.
 * @param {number} value
 */
export function roundUp (value) {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 10].map(step => step * power).find(step => step >= value * 0.999_999) ?? 10 * power
}

/**
 * @param {readonly UsageRow[]} rows
 * @param {(key: string) => string} nameOfKey
 */
export function toCsv (rows, nameOfKey) {
  const columns =
    /** @type {const} */ (['day', 'model', 'key', 'client', 'requests', 'errors', 'input_tokens', 'cached_tokens',
      'output_tokens', 'reasoning_tokens', 'credits', 'searches'])
  const lines = rows.map(row => [...columns.map(column => row[column]), quoted(nameOfKey(row.key))])
  return [[...columns, 'key_name'], ...lines].map(line => `${line.join(',')}\r\n`).join('')
}

/**
 * A name is the user's own text. A spreadsheet takes some signs at its beginning for a formula.
 * @param {string} text
 */
function quoted (text) {
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
