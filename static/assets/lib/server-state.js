// The state of this proxy by /readyz: its store, who may register, whether it can work at all.
import { ask } from './api.js'
import { h } from './dom.js'
/** @import { ServerState } from '../types.d.ts' */

/** @type {Readonly<Record<string, string>>} */
const storeNames = { 'cloudflare-kv': 'Cloudflare KV', sqlite: 'SQLite', valkey: 'Valkey', memory: 'memory' }

/**
 * A proxy that is not ready answers with an error status and the same object.
 * @returns {Promise<ServerState>} with the status `unreachable` when no server answers
 */
export async function readServerState () {
  const { data, status } = await ask('/readyz')
  const known = /** @type {Partial<ServerState> | null} */ (data)
  if (typeof known?.store !== 'string') {
    return { status: status === 0 ? 'unreachable' : 'unknown', store: null, registration: 'open', version: '' }
  }
  return { status: known.status ?? 'unknown', store: known.store, registration: known.registration ?? 'open',
    version: known.version ?? '' }
}

/**
 * Draws a dot and two words in the page's header.
 * @param {HTMLElement} element
 * @param {ServerState} state
 */
export function drawServerState (element, { status, store, version }) {
  /** @type {Readonly<Record<string, string>>} */
  const words = {
    ok: storeNames[store ?? ''] ?? store ?? '',
    'kv-missing': 'no store',
    'store-unavailable': 'store unreachable',
    draining: 'restarting',
    unreachable: 'offline',
  }
  const text = words[status] ?? 'unknown'
  element.replaceChildren(h('span', { class: `dot ${status === 'ok' ? 'good' : 'bad'}`, 'aria-hidden': 'true' }),
    h('span', {}, status === 'ok' ? `Store: ${text}` : text))
  element.title = version === '' ? '' : `Version ${version}`
}
