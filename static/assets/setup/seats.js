// The user's seats: GitHub accounts, each linked under a name. Links further ones by device flow or by token, links one
// again, and removes it.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { byId, closeByButtons, failure, h, show } from '../lib/dom.js'
import { session, signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
import { nameForm } from '../lib/username.js'
import { createGitHubLink, problemOfToken } from './github-link.js'
/** @import { Session, UserSeat } from '../types.d.ts' */

const most = 5
/** The seat that the open dialog asks about; null for a new one. */
let chosen = /** @type {string | null} */ (null)

export function setUpSeats () {
  const link = createGitHubLink(byId('seat-link'), {
    onChange: () => byId('seat-save').classList.toggle('primary', problemOfToken(link.read()) === null),
  })
  byId('seats-add').addEventListener('click', () => openLink(null))
  byId('seat-dialog').addEventListener('close', () => link.reset())
  for (const dialog of [byId('seat-dialog'), byId('unlink-dialog')]) {
    closeByButtons(dialog)
  }
  byId('seat-dialog').querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    const name = chosen ?? byId('seat-name').value.trim()
    const problem = !nameForm.test(name)
      ? t('setup.seats.bad-name')
      : link.isRunning()
      ? t('setup.link.running')
      : problemOfToken(link.read())
    byId('seat-problem').textContent = problem ?? ''
    if (problem === null) void busy(byId('seat-save'), () => save(name, link.read()))
  })
  byId('unlink-dialog').querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('unlink-save'), remove)
  })
}

/** @param {Session} now */
export async function drawSeats (now) {
  const answer = await ask('/seats', { session: now })
  if (session() !== now) return
  if (!answer.ok) {
    return byId('seats-body').replaceChildren(failure(explain(answer)))
  }
  const { data: seats } = answer.data
  byId('seats-count').textContent = seats.length === 1 ? '' : t('setup.seats.count', { count: seats.length, most })
  byId('seats-add').disabled = seats.length >= most
  byId('seats-body').replaceChildren(table(seats))
  drawChoice(seats)
}

export function clearSeats () {
  byId('seats-body').replaceChildren()
  byId('seats-count').textContent = ''
  byId('seats-state').textContent = ''
  drawChoice([])
}

/**
 * The seat of a new key: there is a choice once the user has two.
 * @param {readonly UserSeat[]} seats
 */
function drawChoice (seats) {
  show(byId('keys-seat-field'), seats.length > 1)
  byId('keys-seat').replaceChildren(h('option', { value: '' }, t('setup.keys.seat.any')),
    ...seats.map(({ name }) => h('option', { value: name }, name)))
}

/** @param {string | null} name null for a new seat */
function openLink (name) {
  chosen = name
  byId('seat-title').textContent = name === null ? t('setup.seats.add') : t('setup.seats.again', { name })
  show(byId('seat-name-field'), name === null)
  byId('seat-name').value = ''
  byId('seat-problem').textContent = ''
  byId('seat-dialog').showModal()
}

/**
 * @param {string} name
 * @param {string} token
 */
async function save (name, token) {
  const now = signedIn()
  const answer = await ask(`/seats/${name}`, { session: now, method: 'PUT', body: { token } })
  if (session() !== now) return
  if (!answer.ok) {
    byId('seat-problem').textContent = explain(answer)
    return
  }
  byId('seat-dialog').close()
  byId('seats-state').textContent = t(answer.data.status === 'saved' ? 'setup.seats.linked' : 'setup.seats.unchecked', {
    name,
  })
  await drawSeats(now)
}

async function remove () {
  if (chosen === null) return
  const now = signedIn()
  const answer = await ask(`/seats/${chosen}`, { session: now, method: 'DELETE' })
  if (!answer.ok && answer.status !== 404) {
    byId('unlink-problem').textContent = explain(answer)
    return
  }
  byId('unlink-dialog').close()
  byId('seats-state').textContent = t('setup.seats.removed', { name: chosen })
  await drawSeats(now)
  byId('seats-title').focus()
}

/** @param {readonly UserSeat[]} seats */
function table (seats) {
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': t('setup.seats.table') },
    h('table', { class: 'stack' },
      h('thead', {},
        h('tr', {},
          [t('setup.column.name'), t('setup.column.github'), t('setup.column.plan')].map(name =>
            h('th', { scope: 'col' }, name)
          ), h('td', {}))), h('tbody', {}, seats.map(seat => row(seat)))))
}

/** @param {UserSeat} seat */
function row ({ name, login, plan, problem }) {
  const isDefault = name === 'default'
  return h('tr', { dataset: { seat: name } }, h('th', { scope: 'row' }, name),
    h('td', { dataset: { name: t('setup.column.github') } },
      problem === null
        ? login ?? t('setup.seats.unknown')
        : h('span', { class: 'badge warn' }, t('setup.seats.broken')),
      problem === null ? null : h('p', { class: 'small-text' }, problem)),
    h('td', { dataset: { name: t('setup.column.plan') } }, plan ?? t('setup.unknown')),
    h('td', { class: 'actions' },
      h('button', { type: 'button', class: 'quiet small', 'aria-label': t('setup.seats.again.what', { name }),
        onclick: () => {
          openLink(name)
        } }, t('setup.seats.link-again')),
      isDefault
        ? null
        : h('button', { type: 'button', class: 'quiet small danger',
          'aria-label': t('setup.seats.remove.what', { name }), onclick: () => {
            chosen = name
            byId('unlink-name').textContent = name
            byId('unlink-problem').textContent = ''
            byId('unlink-dialog').showModal()
          } }, t('setup.unlink.save'))))
}
