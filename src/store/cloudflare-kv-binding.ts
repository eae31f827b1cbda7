// Cloudflare KV inside a Worker. Reads may be stale for 60 s or more, also for missing keys. KV accepts one write a
// second for each key.
import { createByLooking, fromKvValue, isUnexpired, toKvRecord } from './kv-record.ts'
import { StoreError, type Store } from './store.ts'

/** The part of a Worker's `KVNamespace` that this driver uses. */
export interface KvNamespace {
  get(key: string): Promise<string | null>
  put(key: string, value: string, options?: { expirationTtl?: number, metadata?: unknown }): Promise<void>
  delete(key: string): Promise<void>
  list(options: { prefix: string, limit: number, cursor?: string }): Promise<KvPage>
}
export interface KvPage {
  readonly keys: ReadonlyArray<{ readonly name: string, readonly metadata?: unknown }>
  readonly list_complete: boolean
  /** Absent on the last page. */
  readonly cursor?: string
}

/**
 * @param now milliseconds since the epoch
 * @param pageSize keys that one listing call requests, 1,000 at most
 */
export function createKvBindingStore (
  namespace: KvNamespace,
  { now = Date.now, pageSize = 1_000 }: { now?: () => number, pageSize?: number } = {},
): Store {
  const get = async (key: string): Promise<string | null> => {
    const stored = await asStoreError('get', namespace.get(key))
    return stored === null ? null : fromKvValue(stored, now())
  }
  const set = async (key: string, text: string, expiresAt?: number): Promise<void> => {
    const { value, ttlSeconds, metadata } = toKvRecord(text, expiresAt, now())
    await asStoreError('put',
      namespace.put(key, value, ttlSeconds === undefined ? {} : { expirationTtl: ttlSeconds, metadata }))
  }

  return {
    kind: 'cloudflare-kv',
    get,
    set,
    create: createByLooking(get, set),
    delete: async key => asStoreError('delete', namespace.delete(key)),
    async *keys (prefix) {
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: KvPage = await asStoreError('list',
          namespace.list({ prefix, limit: pageSize, ...cursor !== '' && { cursor } }))
        for (const { name, metadata } of page.keys) if (isUnexpired(metadata, now())) yield name
        cursor = page.list_complete ? undefined : page.cursor
      }
    },
    close: async () => {},
  }
}

async function asStoreError<T> (operation: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (thrown) {
    // workerd throws `KV GET failed: 429 Too Many Requests`. Only the status is used: newer messages might contain key
    // names.
    const status = /failed: (\d{3})\b/.exec(String(thrown))?.[1]
    throw new StoreError(`Cloudflare KV: ${operation} failed${status === undefined ? '' : ` with ${status}`}`)
  }
}
