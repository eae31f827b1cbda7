// Cloudflare KV over its REST API, through the official SDK: the store of a deployment outside Cloudflare. It is
// eventually consistent and limited to 1,200 calls in five minutes for the whole account, so a get is exactly one call.
// This module logs nothing. Its errors carry a status or a code and never the original error: the original project kept
// tokens in key names, and URLs contain key names.
import type Cloudflare from 'cloudflare'
import { explain, readListing, readWritten, type Explained, type Listing } from './cloudflare-kv-replies.ts'
import { createByLooking, fromKvValue, isUnexpired, toKvRecord } from './kv-record.ts'
import type { Store } from './store.ts'

export interface KvHttpOptions {
  readonly apiToken: string
  readonly accountId: string
  readonly namespaceId: string
  /** Includes the path: `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string
  readonly fetch?: typeof globalThis.fetch
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** For one try including its body. All tries of a call together take at most this time multiplied by their number. */
  readonly timeoutMs?: number
  readonly wait?: (ms: number) => Promise<void>
  /** Keys that one listing call requests, 10 to 1,000. */
  readonly pageSize?: number
}
/** One try: the request to send, and how to read a 2xx reply. */
interface Ask<T> {
  readonly send: (client: Cloudflare, options: { signal: AbortSignal, timeout: number }) => Promise<Response>
  readonly read: (response: Response) => Promise<T>
  /** The result for a missing key. Without it, a missing key is a failure like any other. */
  readonly absent?: { readonly means: T }
}

/**
 * Milliseconds before each further try, plus or minus half. A write is repeated once: put and delete are idempotent.
 */
const readRetries = [200, 600]
const writeRetries = [200]

/** Only this line loads the SDK (about 40 MiB). */
export function createKvHttpStore (options: KvHttpOptions): Store {
  const { accountId, namespaceId, now = Date.now, timeoutMs = 3_000, wait = defaultWait, pageSize = 1_000 } = options
  const account = { account_id: accountId }
  const place = { ...account, namespace_id: namespaceId }
  const client = createClient(options)
  // Each call reports the failure itself.
  client.catch(() => {})

  const ask = async <T>(retries: readonly number[], asked: Ask<T>): Promise<T> => {
    const endsAt = performance.now() + (retries.length + 1) * timeoutMs
    for (let tried = 0;; tried++) {
      // The last try gets less time because of the pauses, so that three timeouts end within nine seconds instead of
      // ten.
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
    // Uses the bulk endpoint for a single key, because it takes JSON. The single endpoint takes a form, which turns
    // line ends into CR LF, and which any undici other than Node's own sends as `[object FormData]`.
    const body = [{ key, value, ...ttlSeconds !== undefined && { expiration_ttl: ttlSeconds, metadata } }]
    await ask(writeRetries, {
      send: (client, options) =>
        client.kv.namespaces.bulkUpdate(namespaceId, { ...account, body }, options).asResponse(),
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
    async *keys (prefix) {
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

/**
 * Sets everything that the SDK would otherwise read from the environment. This module counts retries, so the SDK makes
 * none.
 */
async function createClient ({ apiToken, baseUrl, fetch }: KvHttpOptions): Promise<Cloudflare> {
  const { default: Cloudflare } = await import('cloudflare')
  return new Cloudflare({
    apiToken,
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: 'off',
    ...fetch !== undefined && { fetch },
  })
}

async function attempt<T> (
  client: Cloudflare,
  { send, read }: Ask<T>,
  timeoutMs: number,
): Promise<{ readonly value: T } | Explained> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  try {
    // The SDK's own timeout must be a whole number and ends with the headers. Ours covers the body too, and must fire
    // first.
    const response = await send(client, { signal: controller.signal, timeout: timeoutMs + 1_000 })
    return { value: await read(response) }
  } catch (thrown) {
    return explain(thrown, controller.signal.aborted)
  } finally {
    clearTimeout(timer)
  }
}

async function defaultWait (ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
