// Changes of one user's record take turns over all processes: no store compares and writes in one step, so the second
// of two changes at the same moment would undo the first.
import { turnsTaken, type Turns } from '../auth/turns.ts'
import type { Clock } from '../contract.ts'
import type { Hot } from './hot.ts'
import { later } from './waiting.ts'

/** A process that dies in its turn blocks the others until then. */
const leaseMs = 15_000
const longestWaitMs = 10_000
const pollMs = { least: 10, most: 40 }

/** @param local comes first, so that one process asks for one turn at a time */
export function shareTurns (local: Turns, { engine, holder }: Pick<Hot, 'engine' | 'holder'>, clock: Clock): Turns {
  return (name, work) =>
    local(name, async () => {
      if (!engine.isOn()) return work()
      await wait(name)
      try {
        return await work()
      } finally {
        await engine.run(name, [{ ...hold, holder, amount: 0 }])
      }
    })

  /** @throws {GatewayError} `overloaded` */
  async function wait (name: string): Promise<void> {
    for (const deadline = clock.monotonic() + longestWaitMs;;) {
      const results = await engine.run(name, [{ ...hold, holder, amount: 1 }])
      // Without an engine, the last writer wins.
      if (results === null || results[0].granted > 0) return
      if (clock.monotonic() >= deadline) throw turnsTaken()
      await later(clock, pollMs)
    }
  }
}

const hold = { do: 'hold', key: 'record', limit: 1, ttlMs: leaseMs } as const
