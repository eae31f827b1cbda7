// SQLite's errors as errors of the store, and its transactions.
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store.ts'

/** SQLite's result codes that deserve their own message, https://sqlite.org/rescode.html */
const reasons: Readonly<Record<number, string>> = {
  5: 'locked by another process',
  8: 'the file is read-only',
  10: 'reading or writing the file failed',
  11: 'the file is damaged',
  13: 'the disk is full',
}

/** @throws {StoreError} for everything that the work throws */
export function asSqliteError<T> (work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw toStoreError(thrown)
  }
}

/** SQLite's messages name tables, never values. */
export function toStoreError (thrown: unknown): StoreError {
  return new StoreError(`SQLite: ${reasons[sqliteCodeOf(thrown)] ?? 'the statement failed'}`, { cause: thrown })
}

/** The low byte is the primary code; the other bytes distinguish variants. 0 for an error of another kind. */
export function sqliteCodeOf (thrown: unknown): number {
  return thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) & 0xff : 0
}

/** All of the work, or nothing of it. */
export function inTransaction<T> (db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (thrown) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw thrown
  }
}
