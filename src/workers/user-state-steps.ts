// The journal of a user's Durable Object: finds values by key, and writes each call's values and counters as one row.
import type { SqlRow, StateSql } from './user-state-sql.ts'

/** Null deletes. */
export type NewValues = ReadonlyMap<string, { readonly value: string, readonly until: number } | null>

export interface StepTable {
  /** The counters, as they were last written; null at the very first. */
  readonly state: () => string | null
  readonly find: (key: string, now: number) => string | null
  readonly append: (state: string, values: NewValues, now: number) => void
  /** Deletes expired rows beyond those that the next calls use again. */
  readonly shrink: (now: number) => void
}

/** Where a value, or a piece of it, is. */
interface Place {
  readonly n: number
  readonly until: number
  readonly start: number
  readonly end: number
}
/** `[key, until, start, end, piece]` */
type Entry = readonly [string, number, number, number, number]
interface NewRow {
  readonly entries: Entry[]
  data: string
}

/** A character has three bytes at most, and a row 2 MB. */
const maxRowLength = 600_000
/** An index of an object that lives for long holds expired keys too: beyond so many it is read again. */
const maxIndexed = 5_000
/** Expired rows that are kept for the next calls. */
const spareRows = 64

/** Reads the newest row when it is made. */
export function openStepTable (sql: StateSql): StepTable {
  const [newest] = sql.exec('SELECT n, state FROM step ORDER BY n DESC LIMIT 1')
  let last = number(newest, 'n')
  /** Read when a value is first needed: most calls only write. */
  let index: Map<string, Place[]> | null = null

  return {
    state: () => newest === undefined ? null : String(newest['state']),
    find (key, now) {
      if (index === null || index.size > maxIndexed) index = readIndex(sql, now)
      const places = index.get(key) ?? []
      if (places.length === 0 || places.some(({ until }) => until <= now)) return null
      return places.map(({ n, start, end }) => dataOf(n).slice(start, end)).join('')
    },
    append (state, values, now) {
      const rows = toRows(values)
      for (const [at, row] of rows.entries()) write(row, at === rows.length - 1 ? state : '', now)
    },
    shrink (now) {
      // Oldest first, up to the first that is still needed: a newer row may hide an older value.
      const rows = sql.exec('SELECT n, until FROM step ORDER BY n')
      const needed = rows.findIndex(row => number(row, 'until') > now)
      const expired = (needed === -1 ? rows.length - 1 : needed) - spareRows
      if (expired > 0) sql.exec('DELETE FROM step WHERE n <= ?', number(rows[expired - 1], 'n'))
    },
  }

  function dataOf (n: number): string {
    const [row] = sql.exec('SELECT data FROM step WHERE n = ?', n)
    return row === undefined ? '' : String(row['data'])
  }

  function write ({ entries, data }: NewRow, state: string, now: number): void {
    const until = Math.max(0, ...entries.map(([, until]) => until))
    const [oldest] = sql.exec('SELECT n, until FROM step ORDER BY n LIMIT 1')
    const row = [++last, until, entries.length === 0 ? '' : JSON.stringify(entries), state, data] as const
    if (oldest === undefined || number(oldest, 'until') > now) {
      sql.exec('INSERT INTO step VALUES (?, ?, ?, ?, ?)', ...row)
    } else {
      sql.exec('UPDATE step SET n = ?, until = ?, keys = ?, state = ?, data = ? WHERE n = ?', ...row,
        number(oldest, 'n'))
    }
    if (index !== null) note(index, last, entries)
  }
}

function readIndex (sql: StateSql, now: number): Map<string, Place[]> {
  const index = new Map<string, Place[]>()
  for (const row of sql.exec("SELECT n, keys FROM step WHERE keys <> '' ORDER BY n")) {
    note(index, number(row, 'n'), JSON.parse(String(row['keys'])) as Entry[])
  }
  for (const [key, [first]] of index) if (first !== undefined && first.until <= now) index.delete(key)
  return index
}

function note (index: Map<string, Place[]>, n: number, entries: readonly Entry[]): void {
  for (const [key, until, start, end, piece] of entries) {
    const before = piece === 0 ? [] : index.get(key) ?? []
    index.set(key, [...before, { n, until, start, end }])
  }
}

/** One row at least: it carries the counters. */
function toRows (values: NewValues): NewRow[] {
  let row: NewRow = { entries: [], data: '' }
  const rows = [row]
  for (const [key, set] of values) {
    const pieces = piecesOf(set?.value ?? '')
    for (const [at, piece] of pieces.entries()) {
      if (row.data.length + piece.length > maxRowLength) {
        row = { entries: [], data: '' }
        rows.push(row)
      }
      row.entries.push([key, set?.until ?? 0, row.data.length, row.data.length + piece.length, at])
      row.data += piece
    }
  }
  return rows
}

function piecesOf (value: string): string[] {
  const pieces: string[] = []
  for (let at = 0; at < value.length;) {
    // The two halves of a character stay together: SQLite would replace each.
    const end = at + maxRowLength - (isFirstHalf(value.charCodeAt(at + maxRowLength - 1)) ? 1 : 0)
    pieces.push(value.slice(at, end))
    at = end
  }
  return pieces.length === 0 ? [''] : pieces
}

function isFirstHalf (code: number): boolean {
  return code >= 0xd8_00 && code < 0xdc_00
}

function number (row: SqlRow | undefined, name: string): number {
  return Number(row?.[name] ?? 0)
}
