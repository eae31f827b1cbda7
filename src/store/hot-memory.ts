// Hot state in memory: the reference for the other drivers, and what tests use. A gateway that runs alone has no need
// of it.
import { holdOf, takeFrom, type Bucket, type Holds } from './hot-counters.ts'
import type { HotResult, HotState, HotStep } from './hot-state.ts'
import type { UsageRow } from './usage-store.ts'

interface Owned {
  readonly buckets: Map<string, Bucket>
  readonly holds: Map<string, Holds>
  readonly values: Map<string, { readonly value: string, readonly until: number }>
}

/** @param count adds the rows to the user's usage @param now milliseconds since the epoch */
export function createHotMemory (
  count: (owner: string, rows: readonly UsageRow[]) => void,
  now: () => number = Date.now,
): HotState {
  const owners = new Map<string, Owned>()

  return {
    kind: 'memory',
    keepsAddresses: true,
    maxValueLength: 4_194_304,
    async run (owner, steps) {
      const owned = owners.get(owner) ?? { buckets: new Map(), holds: new Map(), values: new Map() }
      owners.set(owner, owned)
      const results: HotResult[] = []
      for (const step of steps) results.push(take(owner, owned, step))
      // One result for each step, in the same order.
      return results as never
    },
    async forget (owner) {
      owners.delete(owner)
    },
  }

  function take (owner: string, { buckets, holds, values }: Owned, step: HotStep): HotResult {
    const { do: kind } = step
    if (kind === 'take') {
      const { bucket, result } = takeFrom(buckets.get(step.key), step, now())
      buckets.set(step.key, bucket)
      return result
    }
    if (kind === 'hold') {
      const { holds: next, result } = holdOf(holds.get(step.key) ?? new Map(), step, now())
      holds.set(step.key, next)
      return result
    }
    if (kind === 'count') {
      count(owner, step.rows)
      return { counted: true }
    }
    const held = values.get(step.key)
    const value = held !== undefined && held.until > now() ? held.value : null
    if (kind === 'get') return { value }
    if (kind === 'delete') return { deleted: values.delete(step.key) && value !== null }
    if (step.onlyIfAbsent === true && value !== null) return { written: false }
    values.set(step.key, { value: step.value, until: now() + step.ttlMs })
    return { written: true }
  }
}
