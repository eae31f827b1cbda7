// What a user's Durable Object keeps for days, by key: the usage of past days, values of the store, and long-lived hot
// values.
import type { StateSql } from './user-state-sql.ts'

export interface KeptTable {
  readonly get: (key: string, now: number) =>
    | string
    | null
  /** Unexpired, from the first key to the last, both included. */
  readonly range: (first: string, last: string, now: number) => ReadonlyArray<readonly [key: string, value: string]>
  readonly set: (key: string, value: string, until: number) => void
  readonly delete: (key: string) => void
  readonly deleteExpired: (now: number) => void
}

export function createKeptTable (sql: StateSql): KeptTable {
  return {
    get (key, now) {
      const [row] = sql.exec('SELECT until, value FROM kept WHERE key = ?', key)
      return row === undefined || Number(row['until']) <= now ? null : String(row['value'])
    },
    range: (first, last, now) =>
      sql.exec('SELECT key, until, value FROM kept WHERE key >= ? AND key <= ?', first, last).filter(row =>
        Number(row['until']) > now
      ).map(row => [String(row['key']), String(row['value'])] as const),
    set (key, value, until) {
      sql.exec('INSERT OR REPLACE INTO kept VALUES (?, ?, ?)', key, until, value)
    },
    delete (key) {
      sql.exec('DELETE FROM kept WHERE key = ?', key)
    },
    deleteExpired (now) {
      sql.exec('DELETE FROM kept WHERE until <= ?', now)
    },
  }
}
