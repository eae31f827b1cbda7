// Usage in a table of the SQLite file. The database adds, so several processes may count at once. One batch is one
// transaction, with one fsync. Older versions of this program ignore the table.
import type { DatabaseSync } from 'node:sqlite'
import { dayMs, toDay } from '../days.ts'
import { nextTurn } from '../next-turn.ts'
import { inTransaction } from './sqlite-error.ts'
import { countNames, type UsageRow, type UsageStore, type UserUsage } from './usage-store.ts'

const columns = { requests: 'requests', errors: 'errors', inputTokens: 'input_tokens', cachedTokens: 'cached_tokens',
  outputTokens: 'output_tokens', reasoningTokens: 'reasoning_tokens', nanoCredits: 'nano_credits',
  searches: 'searches' } as const satisfies Record<(typeof countNames)[number], string>
const place = ['username', 'day', 'key', 'seat', 'client', 'model', 'endpoint'] as const
const counted = countNames.map(name => columns[name])
/** Days that one statement reads: a busy user has 120 rows in each. */
const daysAtOnce = 15
/** Rows that one statement deletes: a busy day must not block the thread. */
const expiredAtOnce = 2_000

export const usageSchema = `
  CREATE TABLE IF NOT EXISTS usage (${place.map(name => `${name} TEXT NOT NULL`).join(', ')},
    ${counted.map(name => `${name} INTEGER NOT NULL`).join(', ')}, PRIMARY KEY (${place.join(', ')}))
    STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS usage_day ON usage (day);`

/** @param guard turns SQLite's errors into StoreErrors */
export function createSqliteUsage (db: DatabaseSync, guard: <T>(work: () => T) => T): UsageStore {
  const add = db.prepare(`INSERT INTO usage (${[...place, ...counted].join(', ')})
    VALUES (${[...place, ...counted].map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${counted.map(name => `${name} = ${name} + excluded.${name}`).join(', ')}`)
  const read = db.prepare('SELECT * FROM usage WHERE username = ? AND day >= ? AND day <= ?')
  const names = db.prepare('SELECT DISTINCT username FROM usage WHERE username > ? ORDER BY username LIMIT 500')
  const remove = db.prepare('DELETE FROM usage WHERE username = ?')
  const expired = db.prepare(`DELETE FROM usage WHERE (${place.join(', ')}) IN
    (SELECT ${place.join(', ')} FROM usage WHERE day < ? LIMIT ${expiredAtOnce})`)

  const rowsOf = (username: string, from: string, to: string): UsageRow[] =>
    guard(() => read.all(username, from, to)).map(row => ({
      day: String(row['day']),
      key: String(row['key']),
      seat: String(row['seat']),
      client: String(row['client']),
      model: String(row['model']),
      endpoint: String(row['endpoint']),
      requests: Number(row['requests']),
      errors: Number(row['errors']),
      inputTokens: Number(row['input_tokens']),
      cachedTokens: Number(row['cached_tokens']),
      outputTokens: Number(row['output_tokens']),
      reasoningTokens: Number(row['reasoning_tokens']),
      nanoCredits: Number(row['nano_credits']),
      searches: Number(row['searches']),
    }))

  return {
    pace: { everyMs: 4_000, firstMs: 4_000, usersAtOnce: 100, usersAtFullPace: Infinity },
    async add (batch) {
      guard(() => {
        inTransaction(db, () => {
          for (const { username, rows } of batch) {
            for (const row of rows) {
              add.run(username, row.day, row.key, row.seat, row.client, row.model, row.endpoint,
                ...countNames.map(name => row[name]))
            }
          }
        })
      })
      return null
    },
    async read (username, from, to) {
      const rows: UsageRow[] = []
      for (let day = Date.parse(from); day <= Date.parse(to); day += daysAtOnce * dayMs) {
        if (rows.length > 0) await nextTurn()
        const end = Math.min(day + (daysAtOnce - 1) * dayMs, Date.parse(to))
        for (const row of rowsOf(username, toDay(day), toDay(end))) rows.push(row)
      }
      return rows
    },
    async *all (from, to) {
      for (let after = '', page = ['']; page.length > 0; after = page.at(-1) ?? '') {
        page = guard(() => names.all(after)).map(row => String(row['username']))
        for (const username of page) {
          await nextTurn()
          const rows = rowsOf(username, from, to)
          if (rows.length > 0) yield { username, rows } satisfies UserUsage
        }
      }
    },
    async delete (username) {
      guard(() => remove.run(username))
    },
    async expire (before) {
      return Number(guard(() => expired.run(before)).changes) === expiredAtOnce
    },
  }
}
