// Where the user is signed in: a list like that of the keys, with this device marked. Revoking this device signs out.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { byId, failure, h } from '../lib/dom.js'
import { plural } from '../lib/format.js'
import { session, signedIn } from '../lib/session.js'
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
  if (!answer.ok) {
    return byId('devices-body').replaceChildren(failure(answer.message))
  }
  const { data: devices } = answer.data
  byId('devices-count').textContent = plural(devices.length, 'device')
  byId('devices-body').replaceChildren(
    h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Your devices' },
      h('table', { class: 'stack' }, h('thead', {}, h('tr', {}, ['Name', 'Signed in', 'Last used', 'Ends'].map(name =>
        h('th', { scope: 'col' }, name)
      ), h('td', {}))), h('tbody', {}, devices.map(device =>
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
    'aria-label': current ? 'Revoke this device' : `Revoke ${name}, signed in on ${made.slice(0, 10)}`, onclick: () => {
      void busy(revoke, () => current ? signOut() : remove(id))
    } }, 'Revoke')
  return h('tr', { dataset: { device: id } },
    h('th', { scope: 'row' }, name, ...(current ? [' ', h('span', { class: 'badge' }, 'this device')] : [])),
    cell('Signed in', day(made)), cell('Last used', day(used ?? made)),
    cell('Ends', remembered && end !== null ? day(end) : 'when the browser closes'),
    h('td', { class: 'actions' }, revoke))
}

/** @param {string} id */
async function remove (id) {
  const now = signedIn()
  const answer = await ask(`/devices/${id}`, { session: now, method: 'DELETE' })
  byId('devices-problem').textContent = answer.ok || answer.status === 404 ? '' : answer.message
  await drawDevices(now)
  byId('devices-title').focus()
}

/** @param {string} time */
function day (time) {
  return h('span', { class: 'date' }, time.slice(0, 10))
}

/**
 * @param {string} name for narrow screens, which hide the head of the table
 * @param {string | HTMLElement} text
 */
function cell (name, text) {
  return h('td', { dataset: { name } }, text)
}
