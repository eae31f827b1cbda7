// The cap of a key over all processes: each holds, as places of the cap, what it spent of it. When there is no more
// room for one, all together have spent it.
import type { SharedSpending } from '../usage/spending.ts'
import type { Hot } from './hot.ts'

/** Longer than a month. */
const ttlMs = 32 * 86_400_000

/** Null where one more call for each request of such a key costs too much: then each process has its own count. */
export function createSharedSpending ({ engine, holder }: Hot): SharedSpending | null {
  if (!engine.keepsAddresses) return null
  return async (username, id, { month, own, cap }) => {
    if (!engine.isOn()) return null
    const limit = Math.round(cap)
    const spent = Math.min(limit, Math.round(own))
    const hold = { do: 'hold', key: `spent:${month}:${id}`, holder, limit, ttlMs } as const
    // Asks for one more than it spent: below the cap there is room for that. Then holds what it spent.
    const [held] = await engine.run(username, [{ ...hold, amount: spent + 1 }, { ...hold, amount: spent }]) ?? []
    return held === undefined ? null : held.granted <= spent
  }
}
