// One day of one user's usage as text: what stores without tables hold.
import { isObject } from '../json.ts'
import { countNames, foldedPlace, maxPlacesPerDay, mergeRows, type UsageRow } from './usage-store.ts'

const placeNames = ['key', 'seat', 'client', 'model', 'endpoint'] as const

/** Rows as arrays: the five parts of the place without the day, then the counts. */
export interface UsageValue {
  /** When the value was last written. */
  readonly at: number
  readonly rows: readonly UsageRow[]
}

/** A value stays within what every store takes: the places beyond the limit become one. */
export function foldRows (rows: readonly UsageRow[]): UsageRow[] {
  if (rows.length <= maxPlacesPerDay) return [...rows]
  const byUse = rows.toSorted((one, two) => two.requests - one.requests)
  return mergeRows(byUse.slice(0, maxPlacesPerDay - 1),
    byUse.slice(maxPlacesPerDay - 1).map(row => ({ ...row, ...foldedPlace(row) })))
}

export function writeUsageValue (at: number, rows: readonly UsageRow[]): string {
  return JSON.stringify({ at,
    rows: rows.map(row => [...placeNames.map(name => row[name]), ...countNames.map(name => row[name])]) })
}

/** Accepts any value, because other software may have written it. */
export function readUsageValue (value: string | null, day: string): UsageValue {
  try {
    const raw: unknown = JSON.parse(value ?? 'null')
    if (!isObject(raw) || !Array.isArray(raw['rows'])) return { at: -Infinity, rows: [] }
    const at = typeof raw['at'] === 'number' ? raw['at'] : -Infinity
    return { at, rows: raw['rows'].flatMap(row => readRow(row, day)) }
  } catch {
    return { at: -Infinity, rows: [] }
  }
}

function readRow (row: unknown, day: string): UsageRow[] {
  if (!Array.isArray(row)) return []
  const [key, seat, client, model, endpoint, ...counts] = row as readonly unknown[]
  const names = [key, seat, client, model, endpoint]
  if (!names.every(name => typeof name === 'string')) return []
  const [requests = 0, errors = 0, inputTokens = 0, cachedTokens = 0, outputTokens = 0, reasoningTokens = 0,
    nanoCredits = 0, searches = 0] = counts.map(count =>
      typeof count === 'number' && Number.isFinite(count) && count >= 0 ? count : 0
    )
  return [{ day, key: String(key), seat: String(seat), client: String(client), model: String(model),
    endpoint: String(endpoint), requests, errors, inputTokens, cachedTokens, outputTokens, reasoningTokens, nanoCredits,
    searches }]
}
