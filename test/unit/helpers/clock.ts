// A clock that only a test moves.
import type { Clock } from '../../../src/contract.ts'

export interface HandClock extends Clock {
  /** Moves both times, and calls the timers that are due on the way, each at its own time. */
  readonly advance: (ms: number) => void
  /** As `advance`, but runs waiting promises after each timer, as a runtime does. */
  readonly run: (ms: number) => Promise<void>
  /** Resolves when the clock has moved by `ms`. */
  readonly sleep: (ms: number) => Promise<void>
  /** Steps only the wall clock, as an operator or NTP does. */
  readonly step: (ms: number) => void
  /** The number of waiting timers. */
  readonly timers: () => number
}

interface Timer {
  readonly dueAt: number
  readonly work: () => void
}

export function createHandClock (): HandClock {
  let wall = Date.parse('2026-03-28T12:00:00Z')
  let steady = 1_000_000
  const timers = new Set<Timer>()

  const moveTo = (moment: number): void => {
    wall += moment - steady
    steady = moment
  }
  const nextBy = (end: number): Timer | undefined =>
    [...timers].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0]
  const fire = (timer: Timer): void => {
    timers.delete(timer)
    moveTo(Math.max(steady, timer.dueAt))
    timer.work()
  }
  const setTimer = (work: () => void, ms: number): () => void => {
    const timer = { dueAt: steady + ms, work }
    timers.add(timer)
    return () => {
      timers.delete(timer)
    }
  }

  return {
    now: () => wall,
    monotonic: () => steady,
    setTimer,
    advance (ms) {
      const end = steady + ms
      for (let due = nextBy(end); due !== undefined; due = nextBy(end)) fire(due)
      moveTo(end)
    },
    async run (ms) {
      const end = steady + ms
      await settle()
      for (let due = nextBy(end); due !== undefined; due = nextBy(end)) {
        fire(due)
        await settle()
      }
      moveTo(end)
    },
    sleep: ms =>
      new Promise(resolve => {
        setTimer(resolve, ms)
      }),
    step (ms) {
      wall += ms
    },
    timers: () => timers.size,
  }
}

/** Runs everything that waits only for other promises. */
export function settle (): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
