// The user's seats: GitHub accounts, each linked under a name. Links further ones by device flow or by token, links one
// again, and removes it.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { byId, closeByButtons, failure, h, show } from '../lib/dom.js'
import { session, signedIn } from '../lib/session.js'
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
      ? 'A name has lower-case letters, digits and single hyphens between them.'
      : link.isRunning()
      ? 'Finish linking first.'
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
    return byId('seats-body').replaceChildren(failure(answer.message))
  }
  const { data: seats } = answer.data
  byId('seats-count').textContent = seats.length === 1 ? '' : `${seats.length} seats of ${most}`
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
  byId('keys-seat').replaceChildren(h('option', { value: '' }, 'by header, else default'),
    ...seats.map(({ name }) => h('option', { value: name }, name)))
}

/** @param {string | null} name null for a new seat */
function openLink (name) {
  chosen = name
  byId('seat-title').textContent = name === null ? 'Add a seat' : `Link “${name}” again`
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
    byId('seat-problem').textContent = answer.message
    return
  }
  byId('seat-dialog').close()
  byId('seats-state').textContent = answer.data.status === 'saved'
    ? `“${name}” is linked.`
    : `“${name}” is saved, but GitHub could not be reached to check the token.`
  await drawSeats(now)
}

async function remove () {
  if (chosen === null) return
  const now = signedIn()
  const answer = await ask(`/seats/${chosen}`, { session: now, method: 'DELETE' })
  if (!answer.ok && answer.status !== 404) {
    byId('unlink-problem').textContent = answer.message
    return
  }
  byId('unlink-dialog').close()
  byId('seats-state').textContent = `“${chosen}” is removed.`
  await drawSeats(now)
  byId('seats-title').focus()
}

/** @param {readonly UserSeat[]} seats */
function table (seats) {
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Your seats' },
    h('table', { class: 'stack' },
      h('thead', {},
        h('tr', {}, ['Name', 'GitHub account', 'Plan'].map(name => h('th', { scope: 'col' }, name)), h('td', {}))),
      h('tbody', {}, seats.map(seat => row(seat)))))
}

/** @param {UserSeat} seat */
function row ({ name, login, plan, problem }) {
  const isDefault = name === 'default'
  return h('tr', { dataset: { seat: name } }, h('th', { scope: 'row' }, name),
    h('td', { dataset: { name: 'GitHub account' } },
      problem === null ? login ?? 'not shown by GitHub' : h('span', { class: 'badge warn' }, 'not working'),
      problem === null ? null : h('p', { class: 'small-text' }, problem)),
    h('td', { dataset: { name: 'Plan' } }, plan ?? 'unknown'),
    h('td', { class: 'actions' },
      h('button', { type: 'button', class: 'quiet small', 'aria-label': `Link again: ${name}`, onclick: () => {
        openLink(name)
      } }, 'Link again'),
      isDefault
        ? null
        : h('button', { type: 'button', class: 'quiet small danger', 'aria-label': `Remove ${name}`, onclick: () => {
          chosen = name
          byId('unlink-name').textContent = name
          byId('unlink-problem').textContent = ''
          byId('unlink-dialog').showModal()
        } }, 'Remove')))
}
