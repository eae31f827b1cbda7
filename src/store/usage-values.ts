// Usage on a driver without tables of its own: `usage:<user>:<day>` holds one day of one user. A write reads the value,
// adds, and writes it back, so two processes that do so at the same moment lose one of the two additions. On KV, where
// writes are few, a value is written once an hour, however many processes count.
import { LRUCache } from 'lru-cache'
import { dayMs, toDay } from '../days.ts'
import { mapAtOnce } from '../map-at-once.ts'
import { keys } from './keys.ts'
import type { Store } from './store.ts'
import { foldRows, readUsageValue, writeUsageValue, type UsageValue } from './usage-value.ts'
import { mergeRows, type UsageRow, type UsageStore, type UserUsage } from './usage-store.ts'

const readsAtOnce = 16
const fewDays = 3
/**
 * A day that is over rarely changes: only a process that writes late adds to it. So a page that is loaded again reads
 * two days.
 */
const overMs = 3_600_000
/** KV has 1,000 writes a day on its free plan. */
const sparing = { everyMs: 3_600_000, firstMs: 60_000, usersAtOnce: 1, usersAtFullPace: 20 }
const usual = { everyMs: 4_000, firstMs: 4_000, usersAtOnce: 1, usersAtFullPace: Infinity }

export function createUsageValues (store: Store): UsageStore {
  const isSparing = store.kind === 'cloudflare-kv'
  const pace = isSparing ? sparing : usual
  const read = async (username: string, day: string): Promise<UsageValue> =>
    readUsageValue(await store.get(keys.usage(username, day)), day)
  const over = new LRUCache<string, { readonly rows: readonly UsageRow[] }>({ max: 5_000, maxSize: 50_000,
    sizeCalculation: ({ rows }) => rows.length + 1, ttl: overMs })
  const rowsOf = async (username: string, day: string): Promise<readonly UsageRow[]> => {
    const key = keys.usage(username, day)
    const known = over.get(key)
    if (known !== undefined) return known.rows
    const { rows } = await read(username, day)
    if (isSparing && day < toDay(Date.now() - dayMs)) over.set(key, { rows })
    return rows
  }

  const rowsOfDays = async (username: string, days: readonly string[]): Promise<readonly UsageRow[]> =>
    (await mapAtOnce(days, readsAtOnce, day => rowsOf(username, day))).flat()

  return {
    pace,
    async add (batch, { keepDays, isLast, now }) {
      for (const { username, rows } of batch) {
        const days = Map.groupBy(rows, ({ day }) => day)
        const stored = new Map<string, UsageValue>()
        for (const day of days.keys()) stored.set(day, await read(username, day))
        const waitMs = Math.max(...[...stored.values()].map(({ at }) => at + pace.everyMs - now))
        if (isSparing && !isLast && waitMs > 0) return Math.min(waitMs, pace.everyMs)
        for (const [day, added] of days) {
          over.delete(keys.usage(username, day))
          await store.set(keys.usage(username, day),
            writeUsageValue(now, foldRows(mergeRows(stored.get(day)?.rows ?? [], added))),
            Date.parse(day) + (keepDays + 1) * dayMs)
        }
      }
      return null
    },
    async read (username, from, to) {
      const days = daysOf(from, to)
      if (days.length <= fewDays) return rowsOfDays(username, days)
      // One listing costs less than a read for each day without calls. It may be a minute old: new days are read too.
      const listed = new Set<string>()
      for await (const key of store.keys(keys.usageOf(username))) listed.add(key)
      const latest = new Set(days.slice(-2))
      return rowsOfDays(username, days.filter(day => latest.has(day) || listed.has(keys.usage(username, day))))
    },
    async *all (from, to) {
      const found = new Map<string, string[]>()
      for await (const key of store.keys(keys.usagePrefix)) {
        const [username = '', day = ''] = key.slice(keys.usagePrefix.length).split(':')
        if (day >= from && day <= to) found.set(username, [...found.get(username) ?? [], day])
      }
      for (const [username, days] of found) {
        yield { username, rows: await rowsOfDays(username, days) } satisfies UserUsage
      }
    },
    async delete (username) {
      const found: string[] = []
      for await (const key of store.keys(keys.usageOf(username))) found.push(key)
      for (const key of over.keys()) if (key.startsWith(keys.usageOf(username))) over.delete(key)
      for (const key of found) await store.delete(key)
    },
    expire: async () => false, // The values expire by themselves.
  }
}

function daysOf (from: string, to: string): string[] {
  const days: string[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) days.push(toDay(at))
  return days
}
