// The state of this proxy by /readyz: its store, who may register, whether it can work at all.
import { ask } from './api.js'
import { drawDemo } from './demo.js'
import { h } from './dom.js'
import { t } from './text.js'
/** @import { ServerState } from '../types.d.ts' */

/** @type {Readonly<Record<string, string>>} */
const storeNames = { 'cloudflare-kv': 'Cloudflare KV', sqlite: 'SQLite', valkey: 'Valkey', memory: t('server.memory') }

/**
 * A proxy that is not ready answers with an error status and the same object.
 * @returns {Promise<ServerState>} with the status `unreachable` when no server answers
 */
export async function readServerState () {
  const { data, status } = await ask('/readyz')
  const known = /** @type {Partial<ServerState> | null} */ (data)
  if (typeof known?.store !== 'string') {
    return { status: status === 0 ? 'unreachable' : 'unknown', store: null, registration: 'open', version: '',
      demo: false }
  }
  return { status: known.status ?? 'unknown', store: known.store, registration: known.registration ?? 'open',
    version: known.version ?? '', demo: known.demo === true }
}

/**
 * Draws a dot and two words in the page's header, and below it whether this is a demo.
 * @param {HTMLElement} element
 * @param {ServerState} state
 */
export function drawServerState (element, state) {
  const { status, store, version } = state
  /** @type {Readonly<Record<string, string>>} */
  const words = {
    ok: storeNames[store ?? ''] ?? store ?? '',
    'kv-missing': t('server.no-store'),
    'store-unavailable': t('server.store-unreachable'),
    draining: t('server.draining'),
    unreachable: t('server.offline'),
  }
  const text = words[status] ?? t('server.unknown')
  element.replaceChildren(h('span', { class: `dot ${status === 'ok' ? 'good' : 'bad'}`, 'aria-hidden': 'true' }),
    h('span', {}, status === 'ok' ? t('server.store', { store: text }) : text))
  element.title = version === '' ? '' : t('server.version', { version })
  drawDemo(state)
}
