// Carries usage and the credits that keys spent this month to another store: each day of a user that it does not have.
import { keys } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'
import { usageOf } from '../../store/usage-of-store.ts'
import type { UsageRow } from '../../store/usage-store.ts'

/** @throws {StoreError} what was carried stays, and the next run continues */
export type CarryUsage = (username: string) => Promise<void>

const [firstDay, lastDay] = ['0000-01-01', '9999-12-31']

/** Reads the usage of both stores once. @param keepDays the setting USAGE_DAYS @throws {StoreError} */
export async function createUsageCarrier (from: Store, to: Store, keepDays: number): Promise<CarryUsage> {
  const here = await byUser(from)
  const there = await byUser(to)
  return async username => {
    const spent = await from.get(keys.spending(username))
    if (spent !== null && await to.get(keys.spending(username)) === null) await to.set(keys.spending(username), spent)
    const known = new Set(there.get(username)?.map(({ day }) => day))
    const missing = (here.get(username) ?? []).filter(({ day }) => !known.has(day))
    for (const rows of Map.groupBy(missing, ({ day }) => day).values()) {
      await usageOf(to).add([{ username, rows }], { keepDays, isLast: true, now: Date.now() })
    }
  }
}

async function byUser (store: Store): Promise<ReadonlyMap<string, readonly UsageRow[]>> {
  const found = new Map<string, readonly UsageRow[]>()
  for await (const { username, rows } of usageOf(store).all(firstDay, lastDay)) found.set(username, rows)
  return found
}
