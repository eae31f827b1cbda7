// Time that stands still until a test moves it.
import type { Clock } from '../../../src/contract.ts'

export interface HandClock extends Clock {
  readonly advance: (ms: number) => void
  /** Steps the wall clock alone, as an operator or NTP does. */
  readonly step: (ms: number) => void
}

export function createHandClock (): HandClock {
  let wall = Date.parse('2026-03-28T12:00:00Z')
  let steady = 1_000_000
  return {
    now: () => wall,
    monotonic: () => steady,
    advance (ms) { wall += ms; steady += ms },
    step (ms) { wall += ms },
  }
}

/** Lets everything run that waits for nothing but other promises. */
export function settle (): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
