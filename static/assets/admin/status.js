// The state of the process: registration, store, upstream hosts, version.
import { byId, h, show } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { askAdmin } from './ask.js'
import { time, showTrouble } from './cells.js'
/** @import { Child } from '../lib/dom.js' */

/** @type {Readonly<Record<string, string>>} */
const names = { 'cloudflare-kv': 'Cloudflare KV', sqlite: 'SQLite', valkey: 'Valkey', memory: t('admin.status.memory'),
  github: 'GitHub', 'github-api': t('admin.status.githubApi'), 'copilot-api': 'Copilot', ok: t('admin.status.ok'),
  failing: t('admin.status.failing'), unreachable: t('admin.status.silent'), 'kv-missing': t('admin.status.missing'),
  'store-unavailable': t('admin.status.silent'), open: t('admin.status.open'), code: t('admin.status.code'),
  closed: t('admin.status.closed') }

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
    h('dl', { class: 'tiles' }, tile(t('admin.status.registration'), nameOf(registration)),
      health(t('admin.status.store', { name: nameOf(store.kind) }), store.status), upstream.map(host =>
        health(nameOf(host.name), host.status)
      ), tile(t('admin.status.version'), version), tile(t('admin.status.since'), time(startedAt))),
  )
  show(byId('backup-link'), canBackUp)
  if (!canBackUp) {
    byId('backup-note').textContent = t('admin.backup.none')
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
