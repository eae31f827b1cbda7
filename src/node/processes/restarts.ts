// When a worker that ended is replaced: at once, then later and later, and no more once too many have ended.
import type { Clock } from '../../contract.ts'

/** This many ends within the time are a loop: then the whole server ends, and its own supervisor has to act. */
export const loop = { ends: 10, withinMs: 60_000 } as const
const firstWaitMs = 100
const longestWaitMs = 5_000

export interface Restarts {
  /** A worker has ended. @returns how long to wait before the next starts; null: too many have ended */
  readonly ended: () => number | null
}

export function createRestarts ({ monotonic }: Pick<Clock, 'monotonic'>): Restarts {
  let ends: number[] = []
  return {
    ended () {
      const now = monotonic()
      ends = [...ends.filter(at => now - at < loop.withinMs), now]
      if (ends.length >= loop.ends) return null
      return ends.length === 1 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (ends.length - 2))
    },
  }
}
