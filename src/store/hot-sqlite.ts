// Hot state of several processes on one machine: a file of its own next to the records. Its writes wait for no disk
// (WAL, synchronous=NORMAL): a power cut may lose the last seconds, and nothing here is needed after one. Backups leave
// it out, and it may be deleted while no process runs. `docs/operations.md#engines`
import type { DatabaseSync } from 'node:sqlite'
import { holdOf, takeFrom, type Bucket, type Holds } from './hot-counters.ts'
import type { HoldStep, HotResult, HotState, HotStep, TakeStep } from './hot-state.ts'
import { createPresence } from './hot-sqlite-presence.ts'
import { asSqliteError, inTransaction, sqliteCodeOf, toStoreError } from './sqlite-error.ts'
import { openHotFile } from './hot-sqlite-file.ts'
import type { UsageRow } from './usage-store.ts'

export interface SqliteHot extends HotState {
  readonly isAlone: () => boolean
  readonly join: () => Promise<void>
  readonly close: () => void
}

interface Options {
  readonly file: string
  /** Adds to the user's usage, in the file of the records. */
  readonly count: (owner: string, rows: readonly UsageRow[], keepDays: number) => Promise<unknown>
  readonly now?: () => number
  /** Everything together. Then the values that would expire first go. */
  readonly maxBytes?: number
}

/** Rows that one sweep deletes: it must not block the thread. */
const sweptAtOnce = 500
const sweepEvery = 200
/** SQLite's code for a full file. */
const full = 13

/** The file is opened on first use. */
export function createHotSqlite ({ file, count, now = Date.now, maxBytes = 268_435_456 }: Options): SqliteHot {
  let opened: ReturnType<typeof prepare> | null = null
  let runs = 0
  const open = () => opened ??= prepare(openHotFile(file, maxBytes))
  const presence = createPresence(() => open().db)

  return {
    kind: 'sqlite',
    keepsAddresses: true,
    maxValueLength: 8_388_608,
    isAlone: presence.isAlone,
    join: () =>
      presence.join().catch((thrown: unknown) => {
        throw toStoreError(thrown)
      }),
    async run (owner, steps) {
      const results = asSqliteError(() => attempt(owner, steps))
      for (const step of steps) if (step.do === 'count') await count(owner, step.rows, step.keepDays)
      // One result for each step, in the same order.
      return results as never
    },
    async forget (owner) {
      asSqliteError(() => {
        const { db, forgetCounters, forgetValues } = open()
        inTransaction(db, () => {
          forgetCounters.run(owner)
          forgetValues.run(owner)
        })
      })
    },
    close () {
      presence.leave()
      if (opened?.db.isOpen === true) opened.db.close()
    },
  }

  function attempt (owner: string, steps: readonly HotStep[]): HotResult[] {
    const { db } = open()
    if (++runs % sweepEvery === 0) sweep()
    const all = () => steps.map(step => take(owner, step))
    if (steps.every(step => step.do === 'get' || step.do === 'count')) return all()
    try {
      return inTransaction(db, all)
    } catch (thrown) {
      if (sqliteCodeOf(thrown) !== full) throw thrown
      makeRoom()
      return inTransaction(db, all)
    }
  }

  function take (owner: string, step: HotStep): HotResult {
    const { readValue, writeValue, deleteValue } = open()
    if (step.do === 'take') return bucket(owner, step)
    if (step.do === 'hold') return hold(owner, step)
    if (step.do === 'count') return { counted: true }
    if (step.do === 'delete') return { deleted: Number(deleteValue.run(owner, step.key, now()).changes) > 0 }
    if (step.do === 'set' && step.onlyIfAbsent !== true) {
      writeValue.run(owner, step.key, step.value, untilOf(step.ttlMs))
      return { written: true }
    }
    const value = readValue.get(owner, step.key, now())?.['value'] as string | undefined ?? null
    if (step.do === 'get') return { value }
    if (value === null) writeValue.run(owner, step.key, step.value, untilOf(step.ttlMs))
    return { written: value === null }
  }

  function bucket (owner: string, step: TakeStep): HotResult {
    const key = `take ${step.key}`
    const { bucket, result } = takeFrom(readState<Bucket>(owner, key), step, now())
    open().writeCounter.run(owner, key, JSON.stringify(bucket), untilOf(step.windowMs))
    return result
  }

  function hold (owner: string, step: HoldStep): HotResult {
    const key = `hold ${step.key}`
    const { holds, result } = holdOf(new Map(readState<Array<[string, HoldOf]>>(owner, key) ?? []), step, now())
    if (holds.size === 0) open().deleteCounter.run(owner, key)
    else {
      const until = Math.max(...[...holds.values()].map(({ until }) => until))
      open().writeCounter.run(owner, key, JSON.stringify([...holds]), Math.ceil(until))
    }
    return result
  }

  /** Only this file writes the column. */
  function readState<State> (owner: string, key: string): State | undefined {
    const state = open().readCounter.get(owner, key)?.['state']
    return typeof state === 'string' ? JSON.parse(state) as State : undefined
  }

  function untilOf (ms: number): number {
    return Math.ceil(now() + Math.min(ms, 1e12))
  }

  function sweep (): void {
    const { sweepCounters, sweepValues } = open()
    sweepCounters.run(now())
    sweepValues.run(now())
  }

  function makeRoom (): void {
    const { sweepCounters, sweepValues, evict } = open()
    sweepCounters.run(now())
    if (Number(sweepValues.run(now()).changes) < sweptAtOnce) evict.run()
  }
}

type HoldOf = Holds extends ReadonlyMap<string, infer Hold> ? Hold : never

function prepare (db: DatabaseSync) {
  const some = (order: string) => `(SELECT rowid FROM vals ${order} LIMIT ${sweptAtOnce})`
  return {
    db,
    readValue: db.prepare('SELECT value FROM vals WHERE owner = ? AND key = ? AND until > ?'),
    writeValue: db.prepare(`INSERT INTO vals (owner, key, value, until) VALUES (?, ?, ?, ?)
      ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value, until = excluded.until`),
    deleteValue: db.prepare('DELETE FROM vals WHERE owner = ? AND key = ? AND until > ?'),
    forgetValues: db.prepare('DELETE FROM vals WHERE owner = ?'),
    sweepValues: db.prepare(`DELETE FROM vals WHERE rowid IN ${some('WHERE until <= ?')}`),
    evict: db.prepare(`DELETE FROM vals WHERE rowid IN ${some('ORDER BY until')}`),
    readCounter: db.prepare('SELECT state FROM counters WHERE owner = ? AND key = ?'),
    writeCounter: db.prepare(`INSERT INTO counters (owner, key, state, until) VALUES (?, ?, ?, ?)
      ON CONFLICT (owner, key) DO UPDATE SET state = excluded.state, until = excluded.until`),
    deleteCounter: db.prepare('DELETE FROM counters WHERE owner = ? AND key = ?'),
    forgetCounters: db.prepare('DELETE FROM counters WHERE owner = ?'),
    sweepCounters: db.prepare('DELETE FROM counters WHERE until <= ?'),
  }
}
