// The embedded store: one SQLite file, usually for one process; several may share it. A call blocks the thread for one
// indexed statement and, on writes, one fsync. Acknowledged writes survive a crash (WAL, synchronous=FULL).
import type { DatabaseSync } from 'node:sqlite'
import { createHotSqlite } from './hot-sqlite.ts'
import { copySqlite, sweepCopies } from './sqlite-copy.ts'
import { asSqliteError } from './sqlite-error.ts'
import { hasUsage, openSqliteFile } from './sqlite-file.ts'
import { createSqliteUsage } from './sqlite-usage.ts'
import { createRecordsVersion } from './sqlite-version.ts'
import type { Store } from './store.ts'

/** Keys per page of a listing: no cursor stays open while the caller works. */
const pageSize = 500
/** Writes between two sweeps of expired entries. */
const sweepEvery = 500

/**
 * Creates the directory (0700) and the file (0600) if they are missing. Deletes left-over copies of backups.
 * @param now milliseconds since the epoch
 * @throws {Error} in one line that names the file, when it cannot be opened, is damaged or comes from a newer version;
 *   the file stays unchanged
 */
export function openSqliteStore ({ file, now = Date.now }: { file: string, now?: () => number }): Store {
  const db = openSqliteFile(file)
  const statements = prepare(db)
  const usage = hasUsage(db) ? createSqliteUsage(db, asSqliteError) : null
  const hot = createHotSqlite({ file: hotFileOf(file), now,
    count: async (username, rows, keepDays) =>
      usage?.add([{ username, rows }], { keepDays, isLast: false, now: now() }) })
  let writes = 0

  const write = (run: () => { changes: number | bigint }): boolean =>
    asSqliteError(() => {
      const wrote = Number(run().changes) > 0
      if (++writes % sweepEvery === 0) sweep()
      return wrote
    })
  // A failed sweep (read-only file, another writer) only costs space: reads check the expiry themselves.
  const sweep = (): void => {
    try {
      statements.sweep.run(now())
    } catch { /* The next sweep tries again. */ }
  }

  sweep()
  sweepCopies(file)
  return {
    kind: 'sqlite',
    get: async key => asSqliteError(() => statements.get.get(key, now())?.['value'] as string | undefined ?? null),
    set: async (key, value, expiresAt) => {
      // Rounded down to whole milliseconds, which the column holds, so no value is served too long.
      write(() => statements.set.run(key, value, expiresAt === undefined ? null : Math.floor(expiresAt)))
    },
    create: async (key, value) => write(() => statements.create.run(key, value, now())),
    delete: async key => {
      write(() => statements.delete.run(key))
    },
    async *keys (prefix) {
      const page = (statement: typeof statements.first, from: string): string[] =>
        asSqliteError(() => statement.all(from, now(), pageSize).map(row => row['key'] as string))
      // Keys are ordered by their bytes, so all keys with the prefix follow the prefix itself.
      for (let keys = page(statements.first, prefix); keys.length > 0;
        keys = page(statements.after, keys.at(-1) ?? '')) {
        for (const key of keys) {
          if (!key.startsWith(prefix)) return
          yield key
        }
      }
    },
    recordsVersion: createRecordsVersion(db),
    ...usage === null ? {} : { usage },
    hot,
    close: async () => {
      hot.close()
      if (db.isOpen) db.close()
    },
    copy: () => copySqlite(db, file),
  }
}

/** Next to the file of the records. */
function hotFileOf (file: string): string {
  return `${file.replace(/\.sqlite$/, '')}-hot.sqlite`
}

function prepare (db: DatabaseSync) {
  const unexpired = '(expires_at IS NULL OR expires_at > ?)'
  return {
    get: db.prepare(`SELECT value FROM entries WHERE key = ? AND ${unexpired}`),
    set: db.prepare(`INSERT INTO entries (key, value, expires_at) VALUES (?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`),
    create: db.prepare(`INSERT INTO entries (key, value, expires_at) VALUES (?, ?, NULL)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = NULL WHERE entries.expires_at <= ?`),
    delete: db.prepare('DELETE FROM entries WHERE key = ?'),
    first: db.prepare(`SELECT key FROM entries WHERE key >= ? AND ${unexpired} ORDER BY key LIMIT ?`),
    after: db.prepare(`SELECT key FROM entries WHERE key > ? AND ${unexpired} ORDER BY key LIMIT ?`),
    sweep: db.prepare('DELETE FROM entries WHERE expires_at <= ?'),
  }
}
