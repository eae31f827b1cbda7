// A clock that only a test moves.
import type { Clock } from '../../../src/contract.ts'

export interface HandClock extends Clock {
  readonly advance: (ms: number) => void
  /** Steps only the wall clock, as an operator or NTP does. */
  readonly step: (ms: number) => void
}

export function createHandClock (): HandClock {
  let wall = Date.parse('2026-03-28T12:00:00Z')
  let steady = 1_000_000
  return {
    now: () => wall,
    monotonic: () => steady,
    advance (ms) {
      wall += ms
      steady += ms
    },
    step (ms) {
      wall += ms
    },
  }
}

/** Runs everything that waits only for other promises. */
export function settle (): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
