// Usage in Valkey: a hash for each day of a user, with a field for each count of a place. The server adds, so all
// gateways may count at once. Days expire by themselves.
import { noCounts, countNames, type UsageRow, type UsageStore } from './usage-store.ts'
import type { ValkeyClient } from './valkey-client.ts'
import { valkeyKeys } from './valkey-keys.ts'
import { scanValkey } from './valkey-scan.ts'
import { hotScript } from './valkey-scripts.ts'
import { toScriptCall } from './valkey-steps.ts'

export function createValkeyUsage (client: ValkeyClient): UsageStore {
  const daysOf = async (username: string): Promise<readonly string[]> =>
    stringsOf(await client.call('SMEMBERS', valkeyKeys.days(username)))
  const read = async (username: string, from: string, to: string): Promise<readonly UsageRow[]> => {
    const days = (await daysOf(username)).filter(day => day >= from && day <= to)
    const found = await client.callAll(days.map(day => ['HGETALL', valkeyKeys.day(username, day)]))
    return days.flatMap((day, at) => rowsOf(day, stringsOf(found[at])))
  }
  async function* users (): AsyncGenerator<string> {
    for await (const { keys } of scanValkey(client, valkeyKeys.daysPrefix)) {
      for (const key of keys) yield key.slice(valkeyKeys.daysPrefix.length, -1)
    }
  }

  return {
    // A script is atomic for one user.
    pace: { everyMs: 4_000, firstMs: 4_000, usersAtOnce: 1, usersAtFullPace: Infinity },
    async add (batch, { keepDays, now }) {
      for (const { username, rows } of batch) {
        const { keys, args } = toScriptCall(username, [{ do: 'count', rows, keepDays }], now)
        await client.run(hotScript, keys, args)
      }
      return null
    },
    read,
    async *all (from, to) {
      for await (const username of users()) {
        const rows = await read(username, from, to)
        if (rows.length > 0) yield { username, rows }
      }
    },
    async delete (username) {
      const days = await daysOf(username)
      await client.call('UNLINK', valkeyKeys.days(username), ...days.map(day => valkeyKeys.day(username, day)))
    },
    async expire (before) {
      // Only a smaller USAGE_DAYS leaves any.
      for await (const username of users()) {
        const days = (await daysOf(username)).filter(day => day < before)
        if (days.length === 0) continue
        await client.call('UNLINK', ...days.map(day => valkeyKeys.day(username, day)))
        await client.call('SREM', valkeyKeys.days(username), ...days)
      }
      return false
    },
  }
}

/** @param fields names and amounts in turn; a name is that of `fieldOf` in `valkey-steps.ts` */
function rowsOf (day: string, fields: readonly string[]): UsageRow[] {
  const rows = new Map<string, UsageRow>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [key, seat, client, model, endpoint, name] = fields[at]?.split('\n') ?? []
    const count = countNames.find(known => known === name)
    if (key === undefined || seat === undefined || client === undefined || model === undefined
      || endpoint === undefined || count === undefined) continue
    const place = `${key}\n${seat}\n${client}\n${model}\n${endpoint}`
    const row = rows.get(place) ?? { day, key, seat, client, model, endpoint, ...noCounts() }
    row[count] += Number(fields[at + 1])
    rows.set(place, row)
  }
  return [...rows.values()]
}

function stringsOf (reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.map(String) : []
}
