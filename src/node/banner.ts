// What a person sees when the server starts on a terminal. Without a terminal the log has the same facts as JSON.
import type { Config } from '../config.ts'
import { storeRemedy } from '../store-remedy.ts'
import { sqliteFile } from './open-store.ts'

/** @param origin where the server listens */
export function bannerOf (
  { store, publicOrigin }: Pick<Config, 'store' | 'publicOrigin'>,
  origin: string,
  version: string,
): string {
  const address = publicOrigin === null || publicOrigin === origin ? origin : `${origin}, for others ${publicOrigin}`
  const isMissing = store.kind === 'cloudflare-kv' && store.missing.length > 0
  return ['', `  copilot-proxy ${version}`, '', `  Address  ${address}`, `  Store    ${storeLine(store)}`,
    `  Next     ${
      isMissing ? `${storeRemedy(store.missing)}, and start again` : 'open the address, register, and link GitHub'
    }`, '  Stop     Ctrl+C', '', ''].join('\n')
}

function storeLine (store: Config['store']): string {
  switch (store.kind) {
    case 'sqlite':
      return `the file ${sqliteFile(store)}`
    case 'memory':
      return 'memory: users are forgotten when the process ends'
    case 'valkey':
      return `Valkey at ${store.addresses.map(({ host, port }) => `${host}:${port}`).join(', ')}`
    case 'cloudflare-kv':
      return store.missing.length > 0 ? 'Cloudflare KV, not configured' : 'Cloudflare KV'
  }
}
