// Tells whether another process changed a user's record. SQLite's own number changes with every commit of another
// connection: usage, tokens, lists of models. So triggers count the writes of records, whichever program makes them.
import type { DatabaseSync } from 'node:sqlite'

const isRecord = (row: 'NEW' | 'OLD') => `${row}.key >= 'user:' AND ${row}.key < 'user;'`
const count = 'BEGIN UPDATE records_version SET version = version + 1; END;'

export const versionSchema = `
  CREATE TABLE IF NOT EXISTS records_version (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO records_version (id, version) VALUES (0, 0);
  CREATE TRIGGER IF NOT EXISTS record_made AFTER INSERT ON entries WHEN ${isRecord('NEW')} ${count}
  CREATE TRIGGER IF NOT EXISTS record_deleted AFTER DELETE ON entries WHEN ${isRecord('OLD')} ${count}
  CREATE TRIGGER IF NOT EXISTS record_changed AFTER UPDATE ON entries WHEN ${isRecord('NEW')} ${count}`

/** False for a file of an older version that this process may only read. */
export function hasVersion (db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'record_changed'").get()
    !== undefined
}

/** @returns the version; it costs a few microseconds, and never throws */
export function createRecordsVersion (db: DatabaseSync): () => number {
  const commits = db.prepare('PRAGMA data_version')
  const read = hasVersion(db) ? db.prepare('SELECT version FROM records_version') : null
  let seen = NaN
  let version = 0
  return () => {
    try {
      const latest = Number(commits.get()?.['data_version'])
      if (latest !== seen) version = read === null ? latest : Number(read.get()?.['version'])
      seen = latest
    } catch { /* The reads of the store report what is wrong with the file. */ }
    return version
  }
}
