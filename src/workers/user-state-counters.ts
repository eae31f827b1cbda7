// The counters of a user's Durable Object: usage of today, buckets and places. They are written whole with each call,
// because the object may leave memory ten seconds later.
import { isObject } from '../json.ts'
import { takeFrom, holdOf, type Bucket, type Holds } from '../store/hot-counters.ts'
import type { HoldStep, HotResult, TakeStep } from '../store/hot-state.ts'
import { mergeRows, type UsageRow } from '../store/usage-store.ts'
import { foldRows, readUsageValue, writeUsageValue } from '../store/usage-value.ts'

export interface Counters {
  /** The day on which the object began. Earlier versions of the Worker may have kept usage elsewhere until then. */
  readonly born: string
  /** Of `rows`, in UTC. */
  readonly day: string
  readonly rows: readonly UsageRow[]
  /** When the rows may be deleted. */
  readonly rowsUntil: number
  readonly buckets: ReadonlyMap<string, Bucket & { readonly fullAt: number }>
  readonly holds: ReadonlyMap<string, Holds>
  /** Short values that live for long: a row of their own would cost more. */
  readonly marks: ReadonlyMap<string, Mark>
}
export interface Mark {
  readonly value: string
  readonly until: number
}

export function newCounters (today: string): Counters {
  return { born: today, day: today, rows: [], rowsUntil: 0, buckets: new Map(), holds: new Map(), marks: new Map() }
}

export function take (counters: Counters, step: TakeStep, now: number): [Counters, HotResult<TakeStep>] {
  const { bucket, result } = takeFrom(counters.buckets.get(step.key), step, now)
  // Nothing was taken: the bucket fills up as before.
  if (result.granted === 0) return [counters, result]
  const fullAt = now + (step.limit - bucket.left) * step.windowMs / step.limit
  return [{ ...counters, buckets: new Map(counters.buckets).set(step.key, { ...bucket, fullAt }) }, result]
}

export function hold (counters: Counters, step: HoldStep, now: number): [Counters, HotResult<HoldStep>] {
  const before = counters.holds.get(step.key) ?? new Map()
  const { holds, result } = holdOf(before, step, now)
  if (result.granted === 0 && !before.has(step.holder)) return [counters, result]
  return [{ ...counters, holds: new Map(counters.holds).set(step.key, holds) }, result]
}

/** @param mark null deletes */
export function setMark (counters: Counters, key: string, mark: Mark | null): Counters {
  const marks = new Map(counters.marks)
  if (mark === null) marks.delete(key)
  else marks.set(key, mark)
  return { ...counters, marks }
}

/** @param rows of the counters' day */
export function addRows (counters: Counters, rows: readonly UsageRow[], rowsUntil: number): Counters {
  return { ...counters, rows: foldRows(mergeRows(counters.rows, rows)), rowsUntil }
}

/** Without full buckets, and without expired places and marks. */
export function writeCounters ({ born, day, rows, rowsUntil, buckets, holds, marks }: Counters, now: number): string {
  const isLive = ([, { until }]: readonly [string, { readonly until: number }]) => until > now
  return JSON.stringify({ born, day, usage: writeUsageValue(now, rows), rowsUntil,
    buckets: [...buckets].filter(([, { fullAt }]) => fullAt > now),
    holds: [...holds].map(([key, held]) => [key, [...held].filter(isLive)] as const).filter(([, held]) =>
      held.length > 0
    ), marks: [...marks].filter(isLive) })
}

/** Only `writeCounters` writes the text, of this version or of another one. */
export function readCounters (text: string, today: string): Counters {
  const raw: unknown = JSON.parse(text)
  const { born = today, day = today, usage = '', rowsUntil = 0, buckets = [], holds = [], marks = [] } = isObject(raw)
    ? raw
    : {}
  return { born: String(born), day: String(day), rows: readUsageValue(String(usage), String(day)).rows,
    rowsUntil: Number(rowsUntil), buckets: new Map(buckets as Array<[string, Bucket & { fullAt: number }]>),
    holds: new Map((holds as WrittenHolds).map(([key, held]) => [key, new Map(held)])),
    marks: new Map(marks as Array<[string, Mark]>) }
}

type WrittenHolds = Array<[string, Array<[string, { amount: number, until: number }]>]>
