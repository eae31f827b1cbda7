// The users: names, days, keys, and a button that deletes a user.
import { busy } from '../lib/busy.js'
import { byId, closeByButtons, h, show } from '../lib/dom.js'
import { calendarDay } from '../lib/format.js'
import { t } from '../lib/text.js'
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
  byId('users-count').textContent = t(next === null ? 'admin.users.count' : 'admin.users.countMore', {
    count: users.length,
  })
  show(byId('users-more'), next !== null)
  byId('users-body').replaceChildren(
    users.length === 0
      ? nothing(t('admin.users.none'))
      : table(t('admin.users.list'), [t('admin.users.name'), t('admin.users.created'), t('admin.users.used'),
        t('admin.users.keys'), ''], users.map(row)),
  )
}

/** @param {AdminUser} user */
function row ({ username, created, last_used: used, keys }) {
  return h('tr', {}, h('th', { scope: 'row' }, username),
    cell(t('admin.users.created'), created === null ? t('admin.users.unknown') : calendarDay(created)),
    cell(t('admin.users.used'), used === null ? t('admin.users.never') : calendarDay(used)),
    keys === null
      ? cell(t('admin.users.keys'), h('span', { class: 'badge warn' }, t('admin.users.broken')))
      : keys.length === 0
      ? cell(t('admin.users.keys'), h('span', { class: 'muted' }, t('admin.users.noKeys')))
      : cell(t('admin.users.keys'), h('ul', { class: 'keys-of' }, keys.map(keyLine))),
    h('td', { class: 'actions' },
      h('button', { type: 'button', class: 'quiet small danger',
        'aria-label': t('admin.users.deleteOne', { name: username }), onclick: () => {
          doomed = username
          byId('expel-name').textContent = username
          byId('expel-problem').textContent = ''
          byId('expel-dialog').showModal()
        } }, t('admin.users.delete'))))
}

/** @param {NonNullable<AdminUser['keys']>[number]} key */
function keyLine ({ name, last_used_day: used, expires_at: end }) {
  const isOver = end !== null && Date.parse(end) <= Date.now()
  return h('li', {}, name, ' ',
    h('span', { class: 'muted small-text' },
      [used === null ? t('admin.users.keyUnused') : t('admin.users.keyUsed', { day: calendarDay(used) }),
        isOver ? t('admin.users.keyOver') : ''].filter(Boolean).join(', ')))
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
