// Opens the SQLite file: permissions, damage, settings, schema. Everything that may prevent the start is in this file.
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction, sqliteCodeOf } from './sqlite-error.ts'
import { usageSchema } from './sqlite-usage.ts'
import { hasVersion, versionSchema } from './sqlite-version.ts'

/** Milliseconds that a statement waits for another process to release the file. It blocks the thread. */
const busyMs = 2_000
/** `PRAGMA user_version`. A newer program wrote a file with a higher version, so leave such a file alone. */
const schemaVersion = 1
/** https://sqlite.org/rescode.html#readonly */
const readOnly = 8
const schema = `
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER)
    STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entries_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
  PRAGMA user_version = ${schemaVersion};
  COMMIT`

/** @throws {Error} in one line that names the file; the file stays unchanged */
export function openSqliteFile (file: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite()
  let db: DatabaseSync | undefined
  try {
    prepareFile(file)
    checkFile(new DatabaseSync(file, { readOnly: true, timeout: busyMs }))
    db = new DatabaseSync(file, { timeout: busyMs })
    // SQLite overwrites deleted data: a record of the original layout holds its secrets in clear.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    if (userVersion(db) < schemaVersion) db.exec(schema)
    // Tables that older versions ignore need no new version number, so that they can still open the file.
    if (!hasUsage(db)) add(db, usageSchema)
    if (!hasVersion(db)) add(db, versionSchema)
    return db
  } catch (thrown) {
    db?.close()
    const reason = thrown instanceof Error ? thrown.message.split('\n', 1)[0] : 'unknown'
    throw new Error(`The SQLite file ${file} cannot be used: ${reason}`, { cause: thrown })
  }
}

/** SQLite gives its -wal and -shm files the permissions of the main file, so this settles all three. */
export function prepareFile (file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const mode = statSync(file, { throwIfNoEntry: false })?.mode
  if (mode === undefined) closeSync(openSync(file, 'a', 0o600))
  else if ((mode & 0o077) !== 0) {
    try {
      chmodSync(file, mode & 0o600)
    } catch { /* This process does not own the file: leave the permissions to the owner. */ }
  }
}

/** Uses a read-only handle: closing a writable one folds the log into the file, even into a damaged file. */
function checkFile (db: DatabaseSync): void {
  try {
    if (userVersion(db) > schemaVersion) throw new Error('it was written by a newer version of this program')
    // Rows of one column; a sound file gives the single row 'ok'.
    const found = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    if (found !== 'ok') throw new Error('it is damaged; restore a backup, or move it away to start empty')
  } finally {
    db.close()
  }
}

/** Adds nothing to a file that this process may only read. */
function add (db: DatabaseSync, tables: string): void {
  try {
    inTransaction(db, () => {
      db.exec(tables)
    })
  } catch (thrown) {
    if (sqliteCodeOf(thrown) !== readOnly) throw thrown
  }
}

/** False for a file of an older version that this process may only read. */
export function hasUsage (db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'usage_day'").get() !== undefined
}

function userVersion (db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
}

/** Node 22 warns once that its SQLite is experimental. Operators cannot act on that, so the warning is suppressed. */
export function loadSqlite (): { DatabaseSync: typeof DatabaseSync } {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning')
  process.emitWarning = () => {}
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    if (own !== undefined) Object.defineProperty(process, 'emitWarning', own)
  }
}
