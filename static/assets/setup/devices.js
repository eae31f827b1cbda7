// Where the user is signed in: a list like that of the keys, with this device marked. Revoking this device signs out.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { byId, failure, h } from '../lib/dom.js'
import { calendarDay } from '../lib/format.js'
import { session, signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
/** @import { Device, Session } from '../types.d.ts' */

/** @type {() => Promise<unknown>} */
let signOut = async () => undefined

/** @param {{ onSignOut: () => Promise<unknown> }} page ends the session of this device */
export function setUpDevices ({ onSignOut }) {
  signOut = onSignOut
}

/** @param {Session} now */
export async function drawDevices (now) {
  const answer = await ask('/devices', { session: now })
  if (session() !== now) return
  if (answer.ok) return drawList(answer.data.data)
  byId('devices-body').replaceChildren(failure(explain(answer)))
}

/** @param {readonly Device[]} devices */
export function drawList (devices) {
  byId('devices-count').textContent = t('setup.devices.count', { count: devices.length })
  byId('devices-body').replaceChildren(
    h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': t('setup.devices.table') },
      h('table', { class: 'stack' },
        h('thead', {},
          h('tr', {},
            [t('setup.column.name'), t('setup.column.signed-in'), t('setup.column.last-used'), t('setup.column.ends')]
              .map(name => h('th', { scope: 'col' }, name)), h('td', {}))), h('tbody', {}, devices.map(device =>
            row(device)
          )))),
  )
}

export function clearDevices () {
  byId('devices-body').replaceChildren()
  byId('devices-count').textContent = ''
  byId('devices-problem').textContent = ''
}

/** @param {Device} device */
function row (device) {
  const { id, name, created_at: made, last_used_day: used, expires_at: end, remembered, current } = device
  const revoke = h('button', { type: 'button', class: 'quiet small danger',
    'aria-label': current
      ? t('setup.devices.revoke-this')
      : t('setup.devices.revoke', { name, day: calendarDay(made) }), onclick: () => {
      void busy(revoke, () => current ? signOut() : remove(id))
    } }, t('setup.revoke'))
  return h('tr', { dataset: { device: id } },
    h('th', { scope: 'row' }, name, ...(current ? [' ', h('span', { class: 'badge' }, t('setup.devices.this'))] : [])),
    cell(t('setup.column.signed-in'), day(made)), cell(t('setup.column.last-used'), day(used ?? made)),
    cell(t('setup.column.ends'), remembered && end !== null ? day(end) : t('setup.devices.closes')),
    h('td', { class: 'actions' }, revoke))
}

/** @param {string} id */
async function remove (id) {
  const now = signedIn()
  const answer = await ask(`/devices/${id}`, { session: now, method: 'DELETE' })
  byId('devices-problem').textContent = answer.ok || answer.status === 404 ? '' : explain(answer)
  await drawDevices(now)
  byId('devices-title').focus()
}

/** @param {string} time */
function day (time) {
  return h('span', { class: 'date' }, calendarDay(time))
}

/**
 * @param {string} name for narrow screens, which hide the head of the table
 * @param {string | HTMLElement} text
 */
function cell (name, text) {
  return h('td', { dataset: { name } }, text)
}
