// What the Durable Object of one user does, without the platform: the class around it is `user-state-object.ts`, and
// tests run it on Node's SQLite. Each call reads the newest row if the object was out of memory, and writes one row.
import { dayMs, toDay } from '../days.ts'
import type { CountStep, HotResult, HotStep, SetStep } from '../store/hot-state.ts'
import { mergeRows, type UsageRow } from '../store/usage-store.ts'
import { foldRows, readUsageValue, writeUsageValue } from '../store/usage-value.ts'
import { addRows, hold, newCounters, readCounters, setMark, take, writeCounters,
  type Counters } from './user-state-counters.ts'
import { createKeptTable, type KeptTable } from './user-state-kept.ts'
import { hasSchema, stateSchema, type StateSql } from './user-state-sql.ts'
import { openStepTable, type NewValues, type StepTable } from './user-state-steps.ts'

export interface UserState {
  /** All steps, or none if it throws. */
  readonly run: (steps: readonly HotStep[]) => HotResult[]
  /** Days are `YYYY-MM-DD`, both included. `born` is null of a user who was never counted here. */
  readonly usage: (from: string, to: string) => { readonly rows: readonly UsageRow[], readonly born: string | null }
  /** The values of the store that are in the object. */
  readonly values: () => ReadonlyArray<readonly [key: string, value: string]>
  /** Null deletes. */
  readonly keep: (key: string, value: string | null, until: number) => void
  /** Call it when the storage was emptied. */
  readonly reset: () => void
}

interface Open {
  readonly counters: Counters
  readonly steps: StepTable
  readonly kept: KeptTable
}
/** What a call changes. */
interface Draft {
  counters: Counters
  readonly values: Map<string, NewValues extends ReadonlyMap<string, infer Value> ? Value : never>
}

/** A cached token is the same value for the store and for the processes that wait for its exchange. */
const isStoreKey = (key: string) => key.startsWith('cred:')
/** A hot value that lives for longer would keep the rows after it from being used again. */
const longMs = 7_200_000
const most = { keptLength: 600_000, markLength: 64, marks: 100 }
/** Prefixes in `kept`. */
const prefix = { day: 'd:', value: 'v:' } as const

/** @param now milliseconds since the epoch */
export function createUserState (sql: StateSql, now: () => number): UserState {
  let known: Open | null = null
  const today = () => toDay(now())

  return {
    run: steps =>
      existing() === null && steps.every(step => step.do === 'get')
        ? steps.map(() => ({ value: null }))
        : changing(open => runSteps(open, steps)),
    usage (from, to) {
      const open = existing()
      if (open === null) return { rows: [], born: null }
      const { counters: { born, day, rows, rowsUntil } } = open
      const past = open.kept.range(prefix.day + from, prefix.day + to, now()).flatMap(([key, value]) =>
        readUsageValue(value, key.slice(prefix.day.length)).rows
      )
      return { rows: mergeRows(past, day >= from && day <= to && rowsUntil > now() ? rows : []), born }
    },
    values: () =>
      existing()?.kept.range(prefix.value, `${prefix.value}\u{10FFFF}`, now()).map(([key, value]) =>
        [key.slice(prefix.value.length), value] as const
      ) ?? [],
    keep (key, value, until) {
      if (value === null && existing() === null) return
      changing(({ kept }) => {
        if (value === null) kept.delete(prefix.value + key)
        else kept.set(prefix.value + key, value, until)
      })
    },
    reset () {
      known = null
    },
  }

  /** Null before the first write: reading makes no tables. */
  function existing (): Open | null {
    if (known !== null || !hasSchema(sql)) return known
    const steps = openStepTable(sql)
    const text = steps.state()
    return known = { steps, kept: createKeptTable(sql),
      counters: text === null ? newCounters(today()) : readCounters(text, today()) }
  }

  function changing<T> (work: (open: Open) => T): T {
    try {
      return sql.transaction(() => {
        if (existing() === null) { for (const statement of stateSchema) sql.exec(statement) }
        const open = existing()
        if (open === null) throw new Error('the tables were not made')
        return work(open)
      })
    } catch (thrown) {
      known = null // Memory may be ahead of the tables.
      throw thrown
    }
  }

  function runSteps (open: Open, steps: readonly HotStep[]): HotResult[] {
    const draft: Draft = { counters: open.counters, values: new Map() }
    const results = steps.map(step => apply(open, draft, step))
    if (draft.counters !== open.counters || draft.values.size > 0) {
      open.steps.append(writeCounters(draft.counters, now()), draft.values, now())
      known = { ...open, counters: draft.counters }
    }
    return results
  }

  function apply (open: Open, draft: Draft, step: HotStep): HotResult {
    switch (step.do) {
      case 'take':
      case 'hold': {
        const [counters, result] = step.do === 'take'
          ? take(draft.counters, step, now())
          : hold(draft.counters, step, now())
        draft.counters = counters
        return result
      }
      case 'get':
        return { value: find(open, draft, step.key) }
      case 'set':
        return { written: set(open, draft, step) }
      case 'delete':
        return { deleted: remove(open, draft, step.key) }
      case 'count':
        count(open, draft, step)
        return { counted: true }
    }
  }

  function find ({ steps, kept }: Open, { counters, values }: Draft, key: string): string | null {
    const written = counters.marks.get(key) ?? values.get(key)
    if (written !== undefined) return written !== null && written.until > now() ? written.value : null
    return kept.get(prefix.value + key, now()) ?? steps.find(key, now())
  }

  function set (open: Open, draft: Draft, { key, value, ttlMs, onlyIfAbsent = false }: SetStep): boolean {
    if (onlyIfAbsent && find(open, draft, key) !== null) return false
    const until = now() + ttlMs
    if (ttlMs > longMs && value.length <= most.markLength && draft.counters.marks.size < most.marks) {
      draft.counters = setMark(draft.counters, key, { value, until })
      return true
    }
    if (draft.counters.marks.has(key)) draft.counters = setMark(draft.counters, key, null)
    if ((ttlMs > longMs || isStoreKey(key)) && value.length <= most.keptLength) {
      draft.values.delete(key)
      open.kept.set(prefix.value + key, value, until)
      return true
    }
    forgetKept(open, key)
    draft.values.set(key, { value, until })
    return true
  }

  function remove (open: Open, draft: Draft, key: string): boolean {
    if (find(open, draft, key) === null) return false
    forgetKept(open, key)
    if (draft.counters.marks.has(key)) draft.counters = setMark(draft.counters, key, null)
    draft.values.set(key, null)
    return true
  }

  function forgetKept ({ kept }: Open, key: string): void {
    if (kept.get(prefix.value + key, 0) !== null) kept.delete(prefix.value + key)
  }

  function count (open: Open, draft: Draft, { rows, keepDays }: CountStep): void {
    for (const [day, added] of Map.groupBy(rows, row => row.day)) {
      if (day > draft.counters.day) beginDay(open, draft, day, keepDays)
      if (day === draft.counters.day) draft.counters = addRows(draft.counters, added, endOf(day, keepDays))
      else keepDay(open, day, added, keepDays)
    }
  }

  /** What is past its time goes once a day. */
  function beginDay (open: Open, draft: Draft, day: string, keepDays: number): void {
    if (draft.counters.rows.length > 0) keepDay(open, draft.counters.day, draft.counters.rows, keepDays)
    draft.counters = { ...draft.counters, day, rows: [] }
    open.kept.deleteExpired(now())
    open.steps.shrink(now())
  }

  function keepDay ({ kept }: Open, day: string, rows: readonly UsageRow[], keepDays: number): void {
    const key = prefix.day + day
    const before = readUsageValue(kept.get(key, now()), day).rows
    kept.set(key, writeUsageValue(now(), foldRows(mergeRows(before, rows))), endOf(day, keepDays))
  }
}

function endOf (day: string, keepDays: number): number {
  return Date.parse(day) + (keepDays + 1) * dayMs
}
