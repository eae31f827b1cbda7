// Changes of one user's record take turns in this process: each reads the record and writes it back whole, and no store
// compares and writes in one step. Two processes can still overwrite each other's change: the last one stays.
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'

/**
 * Runs the work when no other work of this name runs.
 * @throws {GatewayError} `overloaded` if others take too long: KV takes one write a second for a record
 */
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>

interface Line {
  heldSince: number
  /** Each takes over the turn. */
  readonly waiting: Set<() => void>
}

/** Workers may end a request in the middle of its turn. After this time its turn is over. */
const longestTurnMs = 15_000
const longestWaitMs = 10_000

export function createTurns ({ monotonic }: Pick<Clock, 'monotonic'>): Turns {
  const lines = new Map<string, Line>()

  return async (name, work) => {
    const line = lines.get(name) ?? { heldSince: -Infinity, waiting: new Set() }
    lines.set(name, line)
    if (monotonic() - line.heldSince < longestTurnMs) await wait(line)
    const own = monotonic()
    line.heldSince = own
    try {
      return await work()
    } finally {
      if (line.heldSince === own) pass(name, line)
    }
  }

  function pass (name: string, line: Line): void {
    const [next] = line.waiting
    if (next !== undefined) {
      line.heldSince = monotonic()
      return next()
    }
    line.heldSince = -Infinity
    lines.delete(name)
  }
}

function wait (line: Line): Promise<void> {
  return new Promise((resolve, reject) => {
    const start = () => {
      line.waiting.delete(start)
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      if (!line.waiting.delete(start)) return
      reject(turnsTaken())
    }, longestWaitMs)
    line.waiting.add(start)
  })
}

export function turnsTaken (): GatewayError {
  return new GatewayError('overloaded', 'Other changes of this user are under way. Try again in a moment.', {
    retryAfterSeconds: 5,
  })
}
