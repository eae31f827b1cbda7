// SQLite's errors as errors of the store.
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
    // The low byte is the primary code; the other bytes distinguish variants. SQLite's messages name tables, never
    // values.
    const code = thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) & 0xff : 0
    throw new StoreError(`SQLite: ${reasons[code] ?? 'the statement failed'}`, { cause: thrown })
  }
}
