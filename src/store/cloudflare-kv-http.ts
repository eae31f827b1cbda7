// Cloudflare KV over its REST API, by the official SDK: the store of a deployment outside Cloudflare. Eventual, and
// dear: 1,200 calls in five minutes for the whole account, so a get is exactly one call. Nothing is logged. Errors
// carry a status or a code and never what caused them: the original project kept tokens in key names, which stand in URLs.
import type Cloudflare from 'cloudflare'
import { explain, readListing, readWritten, type Explained, type Listing } from './cloudflare-kv-replies.ts'
import { createByLooking, fromKvValue, isUnexpired, toKvRecord } from './kv-record.ts'
import type { Store } from './store.ts'

export interface KvHttpOptions {
  readonly apiToken: string
  readonly accountId: string
  readonly namespaceId: string
  /** With the path, as `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string
  readonly fetch?: typeof globalThis.fetch
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** For one try, its body included; all tries of a call take no longer than their number times this. */
  readonly timeoutMs?: number
  readonly wait?: (ms: number) => Promise<void>
  /** Keys a listing asks for at a time, 10 to 1,000. */
  readonly pageSize?: number
}
/** One try: what to send, and how to read a reply of the 2xx kind. */
interface Ask<T> {
  readonly send: (client: Cloudflare, options: { signal: AbortSignal, timeout: number }) => Promise<Response>
  readonly read: (response: Response) => Promise<T>
  /** What it means that there is no such key; left out where that is a failure like others. */
  readonly absent?: { readonly means: T }
}

/** Milliseconds before each further try, give or take half. A write is repeated once: putting and deleting are idempotent. */
const readRetries = [200, 600]
const writeRetries = [200]

/** The SDK (some 40 MiB) is loaded here and nowhere else. */
export function createKvHttpStore (options: KvHttpOptions): Store {
  const { accountId, namespaceId, now = Date.now, timeoutMs = 3_000, wait = defaultWait, pageSize = 1_000 } = options
  const account = { account_id: accountId }
  const place = { ...account, namespace_id: namespaceId }
  const client = createClient(options)
  // Whoever makes a call hears of it.
  client.catch(() => {})

  const ask = async <T>(retries: readonly number[], asked: Ask<T>): Promise<T> => {
    const endsAt = performance.now() + (retries.length + 1) * timeoutMs
    for (let tried = 0; ; tried++) {
      // The pauses come off the last try, so that three hangs end within nine seconds and not after ten.
      const leftMs = Math.ceil(Math.max(timeoutMs / 2, Math.min(timeoutMs, endsAt - performance.now())))
      const outcome = await attempt(await client, asked, leftMs)
      if ('value' in outcome) return outcome.value
      if (outcome.absent && asked.absent !== undefined) return asked.absent.means
      const pauseMs = retries[tried]
      if (!outcome.mayRetry || pauseMs === undefined) throw outcome.error
      await wait(pauseMs * (0.5 + Math.random()))
    }
  }
  const get = async (key: string): Promise<string | null> => {
    const stored = await ask<string | null>(readRetries, {
      send: (client, options) => client.kv.namespaces.values.get(key, place, options).asResponse(),
      read: response => response.text(),
      absent: { means: null },
    })
    return stored === null ? null : fromKvValue(stored, now())
  }
  const set = async (key: string, text: string, expiresAt?: number): Promise<void> => {
    const { value, ttlSeconds, metadata } = toKvRecord(text, expiresAt, now())
    // The bulk endpoint, for one key: JSON, where the single one takes a form that turns line ends into CR LF and that
    // a fetch from another undici than Node's own sends as `[object FormData]`.
    const body = [{ key, value, ...ttlSeconds !== undefined && { expiration_ttl: ttlSeconds, metadata } }]
    await ask(writeRetries, {
      send: (client, options) => client.kv.namespaces.bulkUpdate(namespaceId, { ...account, body }, options).asResponse(),
      read: readWritten,
    })
  }
  const list = async (prefix: string, cursor: string): Promise<Listing> => {
    const query = { ...account, limit: pageSize, ...prefix !== '' && { prefix }, ...cursor !== '' && { cursor } }
    return ask(readRetries, {
      send: (client, options) => client.kv.namespaces.keys.list(namespaceId, query, options).asResponse(),
      read: readListing,
    })
  }

  return {
    kind: 'cloudflare-kv',
    get,
    set,
    create: createByLooking(get, set),
    delete: async key => {
      await ask(writeRetries, {
        send: (client, options) => client.kv.namespaces.values.delete(key, place, options).asResponse(),
        read: readWritten,
        absent: { means: undefined },
      })
    },
    async * keys (prefix) {
      for (let cursor = '', more = true; more;) {
        const page = await list(prefix, cursor)
        for (const { name, metadata } of page.keys) if (isUnexpired(metadata, now())) yield name
        cursor = page.cursor
        more = cursor !== ''
      }
    },
    close: async () => {},
  }
}

/** Everything the SDK would else take from the environment is said; retries are counted here, so it makes none. */
async function createClient ({ apiToken, baseUrl, fetch }: KvHttpOptions): Promise<Cloudflare> {
  const { default: Cloudflare } = await import('cloudflare')
  return new Cloudflare({
    apiToken, apiKey: null, apiEmail: null, userServiceKey: null, baseURL: baseUrl, maxRetries: 0, logLevel: 'off',
    ...fetch !== undefined && { fetch },
  })
}

async function attempt<T> (client: Cloudflare, { send, read }: Ask<T>, timeoutMs: number): Promise<{ readonly value: T } | Explained> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  try {
    // The SDK's own timeout, a whole number, ends with the headers. Ours covers the body too, and so must fire first.
    const response = await send(client, { signal: controller.signal, timeout: timeoutMs + 1_000 })
    return { value: await read(response) }
  } catch (thrown) {
    return explain(thrown, controller.signal.aborted)
  } finally { clearTimeout(timer) }
}

async function defaultWait (ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
