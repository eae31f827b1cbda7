// The cap of a key over all processes: each holds, as places of the cap, what it spent of it. When there is no more
// room for one, all together have spent it.
import type { SharedSpending, SpentOfCap } from '../usage/spending.ts'
import type { Hot } from './hot.ts'
import type { NewsSource } from './outbox.ts'

/** Longer than a month. */
const ttlMs = 32 * 86_400_000

interface CapsOfKeys extends SharedSpending {
  /** For the outbox: what was noted since. */
  readonly news: NewsSource
}

/** Null where one more call for each request of such a key costs too much: then each process has its own count. */
export function createSharedSpending ({ engine, holder }: Hot): CapsOfKeys | null {
  if (!engine.keepsAddresses) return null
  /** By user, and the id of the key. */
  const noted = new Map<string, Map<string, SpentOfCap>>()

  return {
    isOn: engine.isOn,
    async isReached (username, id, spent) {
      const hold = holdOf(id, spent)
      // Asks for one more than it spent: below the cap there is room for that. Then holds what it spent.
      const [held] = await engine.run(username, [{ ...hold, amount: hold.amount + 1 }, hold]) ?? []
      return held === undefined ? null : held.granted <= hold.amount
    },
    note (username, id, spent) {
      if (engine.isAlone()) return
      const ofUser = noted.get(username) ?? new Map<string, SpentOfCap>()
      noted.set(username, ofUser.set(id, spent))
    },
    news (username) {
      const ofUser = noted.get(username)
      if (ofUser === undefined) return null
      noted.delete(username)
      return {
        steps: [...ofUser].map(([id, spent]) => holdOf(id, spent)),
        // The next call of the key states it in any case.
        apply: () => {},
      }
    },
  }

  function holdOf (id: string, { month, own, cap }: SpentOfCap) {
    const limit = Math.round(cap)
    const amount = Math.min(limit, Math.round(own))
    return { do: 'hold', key: `spent:${month}:${id}`, holder, limit, ttlMs, amount } as const
  }
}
