// Opens the file of hot state. Nothing in it is worth a failed start: a damaged file, or one of another version, is
// replaced by an empty one.
import { rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { sqliteCodeOf } from './sqlite-error.ts'
import { loadSqlite, prepareFile } from './sqlite-file.ts'

/** Milliseconds that a statement waits for another process. It blocks the thread. */
const busyMs = 1_000
const pageBytes = 4_096
/** `PRAGMA user_version`. */
const version = 1
const schema = `
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS vals (owner TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, until INTEGER NOT NULL,
    UNIQUE (owner, key)) STRICT;
  CREATE INDEX IF NOT EXISTS vals_until ON vals (until);
  CREATE TABLE IF NOT EXISTS counters (owner TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL,
    until INTEGER NOT NULL, PRIMARY KEY (owner, key)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS counters_until ON counters (until);
  CREATE TABLE IF NOT EXISTS processes (id TEXT PRIMARY KEY, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${version};
  COMMIT`

/** @throws {Error} if the folder cannot be written */
export function openHotFile (file: string, maxBytes: number): DatabaseSync {
  try {
    return open(file, maxBytes)
  } catch (thrown) {
    if (!isDamaged(thrown)) throw thrown
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    return open(file, maxBytes)
  }
}

function open (file: string, maxBytes: number): DatabaseSync {
  const { DatabaseSync } = loadSqlite()
  prepareFile(file)
  const db = new DatabaseSync(file, { timeout: busyMs })
  try {
    db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      PRAGMA max_page_count = ${Math.ceil(maxBytes / pageBytes)}`)
    db.exec(schema)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, https://sqlite.org/rescode.html */
function isDamaged (thrown: unknown): boolean {
  return [11, 26].includes(sqliteCodeOf(thrown))
}
