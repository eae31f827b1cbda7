// Valkey, or any server that speaks the protocol of Redis 7: for several gateways. A write is acknowledged when the
// server has it in memory and, with `appendfsync always`, on disk. `docs/valkey.md`
import { fromKvValue, toKvRecord } from './kv-record.ts'
import type { HotState } from './hot-state.ts'
import type { Store } from './store.ts'
import { keys } from './keys.ts'
import { createScript, createValkeyClient, type ValkeyClient, type ValkeyOptions } from './valkey-client.ts'
import { createValkeyHot } from './valkey-hot.ts'
import { valkeyKeys } from './valkey-keys.ts'
import { scanValkey } from './valkey-scan.ts'
import { createValkeyUsage } from './valkey-usage.ts'

/** The longest header of a value that expires, `kv-record.ts`. */
const headerLength = 32

/** How long the server keeps an expired value. */
const laterMs = 60_000

/** Writes if there is no value, or an expired one: ARGV has the value, and the time in milliseconds. */
const createIfAbsent = createScript(`
local value = redis.call('GET', KEYS[1])
local expires = value and string.match(value, '^expires:(%d+):')
if value and not (expires and tonumber(expires) <= tonumber(ARGV[2])) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1`)

export type ValkeyStore =
  & Store
  & Required<Pick<Store, 'usage'>>
  & { readonly hot: HotState }

/** Connects in the background: calls fail until the server is there. @param now milliseconds since the epoch */
export function createValkeyStore (
  { now = Date.now, ...options }: ValkeyOptions & { now?: () => number },
): ValkeyStore {
  const client = createValkeyClient(options)
  const id = crypto.randomUUID()
  /** Null until it is first asked for: a command that ends soon need not listen. */
  let version: number | null = null
  const listen = (): number => {
    version = 0
    client.listen(valkeyKeys.changes, message => {
      if (message !== id) version = (version ?? 0) + 1
    })
    return version
  }
  const announce = async (key: string): Promise<void> => {
    if (!key.startsWith(keys.userPrefix)) return
    // Without it, another gateway reads the record again within AUTH_REVALIDATE_SECONDS.
    await client.call('PUBLISH', valkeyKeys.changes, id).catch(() => {})
  }

  return {
    kind: 'valkey',
    async get (key) {
      const stored = await client.call('GET', valkeyKeys.record(key))
      return typeof stored === 'string' ? fromKvValue(stored, now()) : null
    },
    async set (key, text, expiresAt) {
      const { value } = toKvRecord(text, expiresAt, now())
      // The value has the exact time. The server deletes it later: a duration, because its clock may differ.
      const ttl = expiresAt === undefined ? [] : ['PX', String(Math.max(0, Math.ceil(expiresAt - now())) + laterMs)]
      await client.call('SET', valkeyKeys.record(key), value, ...ttl)
      await announce(key)
    },
    async create (key, text) {
      const { value } = toKvRecord(text, undefined, now())
      const wrote = await client.runOnce(createIfAbsent, [valkeyKeys.record(key)], [value, Math.floor(now())]) === 1
      if (wrote) await announce(key)
      return wrote
    },
    async delete (key) {
      await client.call('DEL', valkeyKeys.record(key))
      await announce(key)
    },
    recordsVersion: () => version ?? listen(),
    async *keys (prefix) {
      for await (const page of listRecords(client, prefix, now)) yield* page
    },
    usage: createValkeyUsage(client),
    hot: createValkeyHot(client, now),
    close: async () => {
      client.close()
    },
  }
}

async function* listRecords (
  client: ValkeyClient,
  prefix: string,
  now: () => number,
): AsyncGenerator<readonly string[]> {
  for await (const { node, keys } of scanValkey(client, valkeyKeys.record(prefix))) {
    // A listing gives no values, and the server knows the exact time of expiry by its own clock alone.
    const heads = await node.callAll(keys.map(key => ['GETRANGE', key, '0', String(headerLength)]))
    yield keys.filter((_, at) => isLive(heads[at], now())).map(key => key.slice(valkeyKeys.recordPrefix.length))
  }
}

/** @param head the beginning of a value, which has its time of expiry */
function isLive (head: unknown, now: number): boolean {
  return typeof head !== 'string' || fromKvValue(head, now) !== null
}
