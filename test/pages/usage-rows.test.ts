// The figures behind the page's charts of usage, without a browser.
import t from 'tap'

interface Bucket {
  readonly kind: string
  readonly entitlement: number | null
  readonly used: number | null
  readonly remaining: number | null
}
interface Series {
  readonly name: string
  readonly nth: number
  readonly values: readonly number[]
  readonly total: number
}
const [rowsPath, forecastPath]: [string, string] = ['../../static/assets/setup/usage-rows.js',
  '../../static/assets/setup/usage-forecast.js']
const { daysBetween, lastDays, roundUp, seriesOf, toCsv } = await import(rowsPath) as {
  daysBetween: (from: string, to: string) => string[],
  lastDays: (count: number, now: number) => { from: string, to: string },
  roundUp: (value: number) => number,
  seriesOf: (rows: readonly object[], days: readonly string[], options: object) => Series[],
  toCsv: (rows: readonly object[], nameOfKey: (key: string) => string) => string,
}
const { forecast } = await import(forecastPath) as {
  forecast: (
    bucket: Bucket,
    resetsAt: string | null,
    now: number,
  ) => { usedAtReset: number, runsOutAt: number | null } | null,
}

const row = (day: string, model: string, requests: number) => ({ day, model, key: 'password', client: 'codex', requests,
  errors: 0, input_tokens: 10, cached_tokens: 0, output_tokens: 5, reasoning_tokens: 0, credits: 1, searches: 0 })

t.test('days are those of UTC, both ends included', async t => {
  t.same(daysBetween('2026-02-27', '2026-03-01'), ['2026-02-27', '2026-02-28', '2026-03-01'])
  t.same(lastDays(30, Date.parse('2026-11-29T23:59:59Z')), { from: '2026-10-31', to: '2026-11-29' })
})

t.test('the largest series come first, and those beyond the colours are one', async t => {
  const days = ['2026-03-01', '2026-03-02']
  const rows = Array.from({ length: 9 }, (_, nth) => row(days[nth % 2] ?? '', `m${nth}`, nth + 1))
  const options = { split: 'model', measure: 'requests', nameOf: (name: string) => name }
  const series = seriesOf([...rows, row('2026-03-01', 'm8', 5), row('2020-01-01', 'old', 99)], days, options)
  t.same(series.map(({ name, nth, total }) => [name, nth, total]), [['m8', 0, 14], ['m7', 1, 8], ['m6', 2, 7], ['m5', 3,
    6], ['m4', 4, 5], ['4 others', 5, 10]])
  t.same(series[0]?.values, [14, 0])
  t.same(seriesOf(rows, days, { ...options, measure: 'tokens' }).map(({ total }) => total).reduce((a, b) => a + b), 135)
  t.same(seriesOf([], days, options), [])
})

t.test('the scale ends at 1, 2 or 4 times a power of ten', async t => {
  for (const [value, top] of [[0, 1], [1, 1], [1.1, 2], [3, 4], [6, 10], [10, 10], [101, 200], [0.03, 0.04]] as const) {
    t.ok(Math.abs(roundUp(value) - top) < 1e-9, `${value}: ${roundUp(value)}`)
  }
})

t.test('the file quotes names, and none becomes a formula', async t => {
  const text = toCsv([row('2026-03-01', 'gpt-4o', 1)], () => '=HYPERLINK("x")')
  t.equal(text.split('\r\n')[1], '2026-03-01,gpt-4o,password,codex,1,0,10,0,5,0,1,0,"\'=HYPERLINK(""x"")"')
})

t.test('a forecast goes on at the pace of the month so far', async t => {
  const metered = { kind: 'metered', entitlement: 300, used: 100, remaining: 200 }
  const reset = '2026-12-01T00:00:00Z'
  const at = Date.parse('2026-11-11T00:00:00Z')
  t.same(forecast(metered, reset, at), { usedAtReset: 300, runsOutAt: null })
  const fast = forecast({ ...metered, used: 200, remaining: 100 }, reset, at)
  t.same(fast, { usedAtReset: 600, runsOutAt: Date.parse('2026-11-16T00:00:00Z') })
  t.equal(forecast({ ...metered, used: 310, remaining: 0 }, reset, at)?.runsOutAt, at)
  for (const [bucket, resetsAt, now] of [[{ ...metered, kind: 'unlimited' }, reset, at], [{ ...metered, used: 0 },
    reset, at], [metered, null, at], [metered, reset, Date.parse('2026-11-01T12:00:00Z')], [metered, reset,
    Date.parse('2026-12-02T00:00:00Z')], [{ ...metered, used: null }, reset, at]] as const) {
    t.equal(forecast(bucket, resetsAt, now), null)
  }
})
