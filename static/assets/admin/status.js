// The state of the process: registration, store, upstream hosts, version.
import { byId, h, show } from '../lib/dom.js'
import { askAdmin } from './ask.js'
import { time, showTrouble } from './cells.js'
/** @import { Child } from '../lib/dom.js' */

/** @type {Readonly<Record<string, string>>} */
const names = { 'cloudflare-kv': 'Cloudflare KV', sqlite: 'SQLite', valkey: 'Valkey', memory: 'Memory',
  github: 'GitHub', 'github-api': 'GitHub’s API', 'copilot-api': 'Copilot', ok: 'answers',
  failing: 'answers with errors', unreachable: 'does not answer', 'kv-missing': 'not configured',
  'store-unavailable': 'does not answer', open: 'open', code: 'with a code or an invite',
  closed: 'with an invite only' }

/** @returns {Promise<boolean>} whether the session is good */
export async function drawStatus () {
  const answer = await askAdmin('/status')
  const body = byId('status-body')
  if (!answer.ok) {
    showTrouble(body, answer)
    return answer.status !== 401
  }
  const { version, registration, started_at: startedAt, store, upstream, can_back_up: canBackUp } = answer.data
  body.replaceChildren(
    h('dl', { class: 'tiles' }, tile('Registration', nameOf(registration)),
      health(`Store: ${nameOf(store.kind)}`, store.status),
      upstream.map(host => health(nameOf(host.name), host.status)), tile('Version', version),
      tile('Running since', time(startedAt))),
  )
  show(byId('backup-link'), canBackUp)
  if (!canBackUp) {
    byId('backup-note').textContent = 'Only an SQLite file can be downloaded. From another store, the command '
      + '“migrate” copies users into one.'
  }
  return true
}

/**
 * @param {string} name
 * @param {string} status
 */
function health (name, status) {
  return tile(name, h('span', { class: `dot ${status === 'ok' ? 'good' : 'bad'}`, 'aria-hidden': 'true' }),
    nameOf(status))
}

/**
 * @param {string} name
 * @param {...Child} children
 */
function tile (name, ...children) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, ...children))
}

/** @param {string} word */
function nameOf (word) {
  return names[word] ?? word
}
