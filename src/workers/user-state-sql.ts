// The tables of a user's Durable Object, made so that a call costs one row written. The free plan has 100,000 of them a
// day, and deleting a row counts as writing it. So nothing is deleted when it expires: a row of `step` is used again
// once all of its values have expired, always the oldest first, and moving a row counts once. No table has an index
// beyond its key, which would count a second time. `docs/workers.md#what-a-durable-object-costs`

/** The part of `ctx.storage` that is used. Tests bring SQLite from Node. */
export interface StateSql {
  exec(query: string, ...values: readonly SqlValue[]): SqlRow[]
  /** All or nothing. */
  transaction<T>(work: () => T): T
}
export type SqlValue = string | number
export type SqlRow = Readonly<Record<string, unknown>>

/**
 * `step` is a journal: each row has values that live for minutes or hours, and all counters at that moment, so that the
 * newest row alone has them. `kept` has what lives for longer, by key.
 */
export const stateSchema = [
  'CREATE TABLE step (n INTEGER PRIMARY KEY, until INTEGER NOT NULL, keys TEXT NOT NULL, state TEXT NOT NULL,'
  + ' data TEXT NOT NULL)',
  'CREATE TABLE kept (key TEXT PRIMARY KEY, until INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID',
]

export function hasSchema (sql: StateSql): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'kept'").length > 0
}
