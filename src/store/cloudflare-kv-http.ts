// Cloudflare KV over its REST API: the store of a deployment outside Cloudflare. Four calls need no SDK (Cloudflare's
// own takes 120 MB). The store is eventually consistent and limited to 1,200 calls in five minutes for the whole
// account, so a get is exactly one call. This module logs nothing. Its errors carry a status or a code and never the
// original error: the original project kept tokens in key names, and URLs contain key names.
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
  readonly method:
    | 'GET'
    | 'PUT'
    | 'DELETE'
  /** Below the namespace. */
  readonly path: string
  readonly json?: unknown
  readonly read: (response: Response) => Promise<T>
  /** The result for a missing key. Without it, a missing key is a failure like any other. */
  readonly absent?: { readonly means: T }
}

/**
 * Milliseconds before each further try, plus or minus half. A write is repeated once: put and delete are idempotent.
 */
const readRetries = [200, 600]
const writeRetries = [200]

export function createKvHttpStore (options: KvHttpOptions): Store {
  const { now = Date.now, timeoutMs = 3_000, wait = defaultWait, pageSize = 1_000 } = options
  const attempt = createAttempt(options)

  const ask = async <T>(retries: readonly number[], asked: Ask<T>): Promise<T> => {
    const endsAt = performance.now() + (retries.length + 1) * timeoutMs
    for (let tried = 0;; tried++) {
      // The last try gets less time because of the pauses, so that three timeouts end within nine seconds instead of
      // ten.
      const leftMs = Math.ceil(Math.max(timeoutMs / 2, Math.min(timeoutMs, endsAt - performance.now())))
      const outcome = await attempt(asked, leftMs)
      if ('value' in outcome) return outcome.value
      if (outcome.absent && asked.absent !== undefined) return asked.absent.means
      const pauseMs = retries[tried]
      if (!outcome.mayRetry || pauseMs === undefined) throw outcome.error
      await wait(pauseMs * (0.5 + Math.random()))
    }
  }
  const get = async (key: string): Promise<string | null> => {
    const stored = await ask<string | null>(readRetries, {
      method: 'GET',
      path: `/values/${encodeURIComponent(key)}`,
      read: response => response.text(),
      absent: { means: null },
    })
    return stored === null ? null : fromKvValue(stored, now())
  }
  const set = async (key: string, text: string, expiresAt?: number): Promise<void> => {
    const { value, ttlSeconds, metadata } = toKvRecord(text, expiresAt, now())
    // Uses the bulk endpoint for a single key, because it takes JSON. The single endpoint takes a form, which turns
    // line ends into CR LF.
    const json = [{ key, value, ...ttlSeconds !== undefined && { expiration_ttl: ttlSeconds, metadata } }]
    await ask(writeRetries, { method: 'PUT', path: '/bulk', json, read: readWritten })
  }
  const list = async (prefix: string, cursor: string): Promise<Listing> => {
    const query = new URLSearchParams({ limit: String(pageSize), ...prefix !== '' && { prefix },
      ...cursor !== '' && { cursor } })
    return ask(readRetries, { method: 'GET', path: `/keys?${query}`, read: readListing })
  }

  return {
    kind: 'cloudflare-kv',
    get,
    set,
    create: createByLooking(get, set),
    delete: async key => {
      await ask(writeRetries, {
        method: 'DELETE',
        path: `/values/${encodeURIComponent(key)}`,
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

/** The timer covers the body too. No redirect is followed: the token is for this address. */
function createAttempt ({ apiToken, accountId, namespaceId, baseUrl, fetch: send = fetch }: KvHttpOptions) {
  const place = `${baseUrl}/accounts/${encodeURIComponent(accountId)}/storage/kv/namespaces/${
    encodeURIComponent(namespaceId)
  }`
  const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' }
  return async <T>(
    { method, path, json, read }: Ask<T>,
    timeoutMs: number,
  ): Promise<{ readonly value: T } | Explained> => {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    try {
      const response = await send(place + path, { method, headers, redirect: 'manual', signal: controller.signal,
        ...json !== undefined && { body: JSON.stringify(json) } })
      if (!response.ok) throw await refusalOf(response)
      return { value: await read(response) }
    } catch (thrown) {
      return explain(thrown, controller.signal.aborted)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** In the form that `explain` reads. */
async function refusalOf (response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null)
  const errors = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : undefined
  return Object.assign(new Error('Cloudflare KV refused'), { status: response.status, headers: response.headers,
    errors })
}

async function defaultWait (ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
