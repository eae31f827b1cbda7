// The users: names, days, keys, and a button that deletes a user.
import { busy } from '../lib/busy.js'
import { byId, closeByButtons, h, show } from '../lib/dom.js'
import { plural } from '../lib/format.js'
import { askAdmin } from './ask.js'
import { cell, nothing, table, showTrouble } from './cells.js'
/** @import { AdminUser } from './types.d.ts' */

/** Those on the page, and the name after which the next page begins. */
let users = /** @type {readonly AdminUser[]} */ ([])
let next = /** @type {string | null} */ (null)
/** The user that the open dialog asks about. */
let doomed = ''

export function setUpUsers () {
  const dialog = byId('expel-dialog')
  closeByButtons(dialog)
  dialog.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('expel-save'), expel)
  })
  byId('users-more').addEventListener('click', () => busy(byId('users-more'), addPage))
}

export async function drawUsers () {
  users = []
  next = null
  await addPage()
}

export function clearUsers () {
  users = []
  byId('users-body').replaceChildren()
}

async function addPage () {
  const answer = await askAdmin('/users', { more: next === null ? '' : `?after=${encodeURIComponent(next)}` })
  if (!answer.ok) return showTrouble(byId('users-body'), answer)
  users = [...users, ...answer.data.users]
  next = answer.data.next
  draw()
}

function draw () {
  byId('users-count').textContent = `${plural(users.length, 'user')}${next === null ? '' : ', and more'}`
  show(byId('users-more'), next !== null)
  byId('users-body').replaceChildren(
    users.length === 0
      ? nothing('No users yet.')
      : table('List of users', ['Name', 'Created', 'Last used', 'Keys', ''], users.map(row)),
  )
}

/** @param {AdminUser} user */
function row ({ username, created, last_used: used, keys }) {
  return h('tr', {}, h('th', { scope: 'row' }, username), cell('Created', created ?? 'unknown'),
    cell('Last used', used ?? 'never'),
    keys === null
      ? cell('Keys', h('span', { class: 'badge warn' }, 'the record cannot be read'))
      : keys.length === 0
      ? cell('Keys', h('span', { class: 'muted' }, 'none'))
      : cell('Keys', h('ul', { class: 'keys-of' }, keys.map(keyLine))),
    h('td', { class: 'actions' },
      h('button', { type: 'button', class: 'quiet small danger', 'aria-label': `Delete ${username}`, onclick: () => {
        doomed = username
        byId('expel-name').textContent = username
        byId('expel-problem').textContent = ''
        byId('expel-dialog').showModal()
      } }, 'Delete')))
}

/** @param {NonNullable<AdminUser['keys']>[number]} key */
function keyLine ({ name, last_used_day: used, expires_at: end }) {
  const isOver = end !== null && Date.parse(end) <= Date.now()
  return h('li', {}, name, ' ',
    h('span', { class: 'muted small-text' },
      `${used === null ? 'never used' : `used ${used}`}${isOver ? ', ended' : ''}`))
}

async function expel () {
  const answer = await askAdmin('/users', { method: 'DELETE', more: `/${encodeURIComponent(doomed)}` })
  if (!answer.ok && answer.status !== 404) {
    byId('expel-problem').textContent = answer.message
    return
  }
  byId('expel-dialog').close()
  users = users.filter(({ username }) => username !== doomed)
  draw()
  byId('users-title').focus()
}
