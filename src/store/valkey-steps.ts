// Writes the steps of one `run` as keys and arguments of the script, and reads its results.
import { randomBytes } from 'node:crypto'
import { dayMs } from '../days.ts'
import type { CountStep, HotResult, HotStep } from './hot-state.ts'
import { countNames, placeKey } from './usage-store.ts'
import { valkeyKeys } from './valkey-keys.ts'

export interface ScriptCall {
  readonly keys: readonly string[]
  readonly args: ReadonlyArray<string | number>
}

/** @param now milliseconds since the epoch; it decides how long a day of usage is kept */
export function toScriptCall (owner: string, steps: readonly HotStep[], now: number): ScriptCall {
  const keys = [valkeyKeys.counters(owner), valkeyKeys.values(owner), valkeyKeys.days(owner), valkeyKeys.writes(owner)]
  const args: Array<string | number> = [randomBytes(9).toString('base64')]
  for (const step of steps) args.push(step.do, ...argumentsOf(step))
  return { keys, args }

  function numberOf (key: string): number {
    return keys.push(key)
  }

  function argumentsOf (step: HotStep): ReadonlyArray<string | number> {
    switch (step.do) {
      case 'take':
        return [step.key, step.amount, step.limit, step.windowMs]
      case 'hold':
        return [step.key, step.holder, step.amount, step.limit, whole(step.ttlMs)]
      case 'get':
      case 'delete':
        return [numberOf(valkeyKeys.value(owner, step.key))]
      case 'set':
        return [numberOf(valkeyKeys.value(owner, step.key)), step.value, whole(step.ttlMs),
          step.onlyIfAbsent === true ? 1 : 0]
      case 'count':
        return countArguments(step)
    }
  }

  function countArguments ({ rows, keepDays }: CountStep): Array<string | number> {
    const days = [...Map.groupBy(rows, ({ day }) => day)].filter(([day]) => ttlOf(day, keepDays) > 0)
    return [days.length, ...days.flatMap(([day, rows]) => {
      const fields = rows.flatMap(row =>
        countNames.filter(name => row[name] > 0).flatMap(name => [fieldOf(placeKey(row), name), whole(row[name])])
      )
      return [day, numberOf(valkeyKeys.day(owner, day)), ttlOf(day, keepDays), fields.length / 2, ...fields]
    })]
  }

  /** From now on, because the server's clock may differ. */
  function ttlOf (day: string, keepDays: number): number {
    return Math.ceil(Date.parse(day) + (keepDays + 1) * dayMs - now)
  }
}

/** A field of a day: the place without the day, then what is counted, a line each. */
function fieldOf (place: string, name: string): string {
  return `${place.slice(place.indexOf('\n') + 1)}\n${name}`
}

/** @param results what the script returned: numbers, and null or a string for a value */
export function toHotResults (steps: readonly HotStep[], results: unknown): readonly HotResult[] {
  return steps.map((step, at) => {
    const [first, second] = (results as ReadonlyArray<readonly [unknown, unknown?]>)[at] ?? [null]
    switch (step.do) {
      case 'take':
        return { granted: Number(first), waitMs: Number(second) }
      case 'hold':
        return { granted: Number(first) }
      case 'get':
        return { value: typeof first === 'string' ? first : null }
      case 'set':
        return { written: first === 1 }
      case 'delete':
        return { deleted: first === 1 }
      case 'count':
        return { counted: true }
    }
  })
}

/** Without an exponent. */
function whole (amount: number): string {
  return String(BigInt(Math.max(1, Math.ceil(amount))))
}
