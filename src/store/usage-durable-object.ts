// Usage in each user's Durable Object. Earlier versions of the Worker kept it in KV: those days are read there until
// they expire, and nothing is moved, so that an operator can go back.
import { dayMs, toDay } from '../days.ts'
import { mapAtOnce } from '../map-at-once.ts'
import { keys } from './keys.ts'
import { callObject, type StateNamespace } from './state-object.ts'
import type { Store } from './store.ts'
import { mergeRows, type UsageRow, type UsageStore } from './usage-store.ts'
import { createUsageValues } from './usage-values.ts'

const objectsAtOnce = 16

/** @param store where earlier versions kept usage, and which has the users' records */
export function createDurableUsage (namespace: StateNamespace, store: Store): UsageStore {
  const earlier = createUsageValues(store)

  const rowsOf = async (username: string, from: string, to: string): Promise<readonly UsageRow[]> => {
    const { rows, born } = await callObject(namespace, username, object => object.usage(from, to))
    // While a new version is deployed, an isolate of the last one may still write.
    const last = born === null ? to : earlierOf(to, toDay(Date.parse(born) + dayMs))
    return last < from ? rows : mergeRows(rows, await earlier.read(username, from, last))
  }

  return {
    pace: { everyMs: 60_000, firstMs: 60_000, usersAtOnce: 1, usersAtFullPace: Infinity },
    async add (batch, { keepDays }) {
      for (const { username, rows } of batch) {
        await callObject(namespace, username, object => object.run([{ do: 'count', rows, keepDays }]))
      }
      return null
    },
    read: rowsOf,
    /** One call for each user: a Worker's request may make 1,000. */
    async *all (from, to) {
      const before = new Map<string, readonly UsageRow[]>()
      for await (const { username, rows } of earlier.all(from, to)) before.set(username, rows)
      const names: string[] = []
      for await (const key of store.keys(keys.userPrefix)) names.push(key.slice(keys.userPrefix.length))
      for (let at = 0; at < names.length; at += objectsAtOnce) {
        const found = await mapAtOnce(names.slice(at, at + objectsAtOnce), objectsAtOnce, async username => {
          const { rows } = await callObject(namespace, username, object => object.usage(from, to))
          return { username, rows: mergeRows(rows, before.get(username) ?? []) }
        })
        yield* found.filter(({ rows }) => rows.length > 0)
      }
    },
    async delete (username) {
      await callObject(namespace, username, object => object.empty())
      await earlier.delete(username)
    },
    expire: async () => false, // The object deletes old days when a new one begins.
  }
}

function earlierOf (one: string, two: string): string {
  return one < two ? one : two
}
