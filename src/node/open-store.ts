// Opens the store that the settings choose. Cloudflare's SDK and Valkey's client are loaded only for their stores.
import { join } from 'node:path'
import type { Config, StoreConfig } from '../config.ts'
import type { Clock } from '../contract.ts'
import type { Store } from '../store/store.ts'

/**
 * Null for Cloudflare KV with a missing credential.
 * @throws {Error} in one line, if the SQLite file cannot be used
 */
export async function openStore ({ store }: Config, { now, monotonic }: Clock): Promise<Store | null> {
  switch (store.kind) {
    case 'memory':
      return (await import('../store/memory.ts')).createMemoryStore({ now })
    case 'sqlite':
      return (await import('../store/sqlite.ts')).openSqliteStore({ file: sqliteFile(store), now })
    case 'valkey':
      return (await import('../store/valkey.ts')).createValkeyStore({ ...store, now })
    case 'cloudflare-kv': {
      if (store.missing.length > 0) return null
      const { createKvHttpStore } = await import('../store/cloudflare-kv-http.ts')
      const { withBreaker } = await import('../store/breaker.ts')
      const { withWriteLimits } = await import('../store/kv-writes.ts')
      return withWriteLimits(withBreaker(createKvHttpStore({ ...store, now }), { now: monotonic }), { now, monotonic })
    }
  }
}

export function sqliteFile ({ dir }: Extract<StoreConfig, { kind: 'sqlite' }>): string {
  return join(dir, 'copilot-proxy.sqlite')
}
