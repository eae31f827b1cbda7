// GET /v1/usage/history: what a user's keys, clients and models used, by day. It takes the password or a session, never
// a key. `docs/usage.md`
import { guard } from '../auth/user-store.ts'
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { addCounts, noCounts, type UsageCounts, type UsageRow } from '../store/usage-store.ts'
import { dayMs, readDay, toDay } from '../days.ts'
import { ownerOf } from './keys.ts'
import { json } from './reply.ts'

export const usageColumns = ['day', 'model', 'key', 'client', 'seat', 'endpoint'] as const
export type UsageColumn = (typeof usageColumns)[number]

export interface UsageRange {
  readonly from: string
  readonly to: string
}

/** The last 30 days, today included. */
const usualDays = 30
/** No server keeps more. */
const mostDays = 400
const csvHeaders = { 'content-type': 'text/csv; charset=utf-8', 'cache-control': 'no-store' }

export function usageHistory ({ history, clock }: Core): Handler {
  return async call => {
    const { username } = ownerOf(call)
    const { from, to } = readRange(call.query, clock.now())
    const by = readColumns(call.query.get('by'))
    const isCsv = readFormat(call.query.get('format'))
    const data = group(await guard(history.of(username, from, to)), by)
    if (!isCsv) return json(200, { object: 'list', from, to, by, kept_days: history.keptDays, data })
    return { status: 200, body: toCsv(by, data),
      headers: { ...csvHeaders, 'content-disposition': `attachment; filename="usage-${username}-${from}-${to}.csv"` } }
  }
}

/** @param now milliseconds since the epoch @throws {GatewayError} `invalid_request` */
export function readRange (query: URLSearchParams, now: number): UsageRange {
  const to = dayOf(query, 'to') ?? toDay(now)
  const from = dayOf(query, 'from') ?? toDay(Date.parse(to) - (usualDays - 1) * dayMs)
  if (from > to) throw invalid('from', 'must not be after `to`.')
  if (Date.parse(to) - Date.parse(from) >= mostDays * dayMs) throw invalid('from', `${mostDays} days at most.`)
  return { from, to }
}

/** The counts of rows as the API names them. */
export function showCounts (counts: UsageCounts): object {
  return {
    requests: counts.requests,
    errors: counts.errors,
    input_tokens: counts.inputTokens,
    cached_tokens: counts.cachedTokens,
    output_tokens: counts.outputTokens,
    reasoning_tokens: counts.reasoningTokens,
    credits: counts.nanoCredits / 1e9,
    searches: counts.searches,
  }
}

/** The names of the counts, in their order. */
export const usageFields: readonly string[] = Object.keys(showCounts(noCounts()))

type Shown = Readonly<Record<string, string | number>>

/** One row for each combination of the columns, in their order. */
export function group (rows: readonly UsageRow[], by: readonly UsageColumn[]): Shown[] {
  const groups = new Map<string, { place: Record<string, string>, counts: UsageCounts }>()
  for (const row of rows) {
    const key = by.map(column => row[column]).join('\n')
    const found = groups.get(key)
      ?? { place: Object.fromEntries(by.map(column => [column, row[column]])), counts: noCounts() }
    groups.set(key, found)
    addCounts(found.counts, row)
  }
  return [...groups].sort(([one], [two]) => one < two ? -1 : 1).map(([, { place, counts }]) => ({ ...place,
    ...showCounts(counts) })
  )
}

function dayOf (query: URLSearchParams, name: string): string | null {
  const text = query.get(name)
  const day = text === null ? null : readDay(text)
  if (text !== null && day === null) throw invalid(name, 'must be a day as YYYY-MM-DD (UTC).')
  return day
}

function readColumns (text: string | null): UsageColumn[] {
  const names = (text ?? 'day').split(',').map(name => name.trim())
  const columns = names.map(name => usageColumns.find(column => column === name))
  if (columns.includes(undefined) || new Set(names).size < names.length) {
    throw invalid('by', `must be a list of ${usageColumns.join(', ')}, each at most once.`)
  }
  return columns.filter(column => column !== undefined)
}

function readFormat (text: string | null): boolean {
  if (text !== null && text !== 'csv' && text !== 'json') throw invalid('format', 'must be csv or json.')
  return text === 'csv'
}

/** No name begins with a sign that a spreadsheet takes for a formula, and none has a comma: `usage-history.ts`. */
function toCsv (by: readonly UsageColumn[], rows: readonly Shown[]): string {
  const names = [...by, ...usageFields]
  return `${
    [names, ...rows.map(row => names.map(name => String(row[name])))].map(row => row.join(',')).join('\r\n')
  }\r\n`
}

function invalid (param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\`: ${message}`, { param })
}
