// What /readyz says of this proxy: its store, who may register, whether it can work at all.
import { ask } from './api.js'
import { h } from './dom.js'

const storeNames = { 'cloudflare-kv': 'Cloudflare KV', sqlite: 'SQLite', memory: 'memory' }

/** @returns `{ status, store, registration, version }`; status `unreachable` when nobody answers */
export async function readServerState () {
  const { data, status } = await ask('/readyz')
  if (typeof data?.store === 'string') return { status: data.status, store: data.store, registration: data.registration ?? 'open', version: data.version ?? '' }
  return { status: status === 0 ? 'unreachable' : 'unknown', store: null, registration: 'open', version: '' }
}

/** A dot and two words in the page's header. */
export function drawServerState (element, { status, store, version }) {
  const words = { ok: storeNames[store] ?? store, 'kv-missing': 'no store', 'store-unavailable': 'store unreachable', draining: 'restarting', unreachable: 'offline' }
  const text = words[status] ?? 'unknown'
  element.replaceChildren(h('span', { class: `dot ${status === 'ok' ? 'good' : 'bad'}`, 'aria-hidden': 'true' }), h('span', {}, status === 'ok' ? `Store: ${text}` : text))
  element.title = version === '' ? '' : `Version ${version}`
}
