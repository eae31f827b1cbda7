// The user's keys: creates, lists, renames and revokes them. The secret of a new key is shown once.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { copyButton } from '../lib/copy.js'
import { byId, closeByButtons, failure, h, show } from '../lib/dom.js'
import { count, credits, plural } from '../lib/format.js'
import { session, signedIn } from '../lib/session.js'
/** @import { Session, UserKey } from '../types.d.ts' */

const dayMs = 86_400_000

/** @type {(keys: readonly UserKey[]) => unknown} */
let onKeys = () => undefined
/** The key that the open dialog asks about. */
let doomed = /** @type {UserKey | null} */ (null)

/** @param {{ onList: (keys: readonly UserKey[]) => unknown }} page `onList` receives each list */
export function setUpKeys ({ onList }) {
  onKeys = onList
  byId('keys-form').addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('keys-save'), create)
  })
  const dialog = byId('revoke-dialog')
  closeByButtons(dialog)
  dialog.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('revoke-save'), revoke)
  })
}

/** @param {Session} now */
export async function drawKeys (now) {
  const answer = await ask('/keys', { session: now })
  if (session() !== now) return
  if (!answer.ok) {
    return byId('keys-body').replaceChildren(failure(answer.message))
  }
  const { data: keys } = answer.data
  onKeys(keys)
  byId('keys-count').textContent = keys.length === 0 ? '' : `${plural(keys.length, 'key')} of 20`
  byId('keys-body').replaceChildren(
    keys.length === 0 ? h('p', { class: 'empty' }, 'No keys yet. Create one for each tool.') : table(keys),
  )
}

export function clearKeys () {
  byId('keys-body').replaceChildren()
  byId('keys-form').reset()
  byId('keys-problem').textContent = ''
  showNew(null)
}

async function create () {
  const [name, days, cap, models] = [byId('keys-name').value.trim(), Number(byId('keys-end').value),
    byId('keys-cap').value.trim(), byId('keys-models').value.split(',').map(id => id.trim()).filter(Boolean)]
  const problem = name === ''
    ? 'Give the key a name, such as that of the tool.'
    : cap !== '' && !(Number(cap) >= 0)
    ? 'The credits are a number, such as 500.'
    : ''
  byId('keys-problem').textContent = problem
  if (problem !== '') return
  const now = signedIn()
  const answer = await ask('/keys', { session: now, method: 'POST', body: {
    name,
    expires_at: days === 0 ? null : new Date(Date.now() + days * dayMs).toISOString(),
    monthly_credits: cap === '' ? null : Number(cap),
    models: models.length === 0 ? null : models,
    seat: byId('keys-seat').value || null,
  } })
  if (session() !== now) return
  if (!answer.ok) {
    byId('keys-problem').textContent = answer.message
    return
  }
  byId('keys-form').reset()
  showNew(answer.data.key)
  await drawKeys(now)
}

/** @param {string | null} key */
function showNew (key) {
  const box = byId('keys-new')
  show(box, key !== null)
  if (key === null) return box.replaceChildren()
  const shown = h('code', { id: 'new-key', class: 'grow', tabindex: '0' }, key)
  box.replaceChildren(h('p', {}, h('strong', {}, 'Copy the key now. '), 'The page shows it only this once.'),
    h('div', { class: 'row' }, shown, copyButton(() => key, { what: 'the key', fallback: shown })))
  shown.focus()
}

/** @param {readonly UserKey[]} keys */
function table (keys) {
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Your keys' },
    h('table', { class: 'stack' },
      h('thead', {},
        h('tr', {},
          ['Name', 'Last used', 'Ends', 'Models', 'Seat', 'Credits this month', ''].map(name =>
            name === '' ? h('td', {}) : h('th', { scope: 'col' }, name)
          ))), h('tbody', {}, keys.map(key => row(key)))))
}

/** @param {UserKey} key */
function row (key) {
  const { id, name, models, seat, expires_at: end, monthly_credits: cap, credits_used: spent, last_used_day: used } =
    key
  const isOver = end !== null && Date.parse(end) <= Date.now()
  const isNear = cap !== null && spent >= cap * 0.8
  const title = h('th', { scope: 'row' })
  drawName(title, key)
  return h('tr', { dataset: { key: id } }, title, cell('Last used', used ?? 'never'),
    cell('Ends', end === null ? 'when revoked' : isOver ? `ended on ${end.slice(0, 10)}` : end.slice(0, 10), isOver),
    cell('Models', models === null ? 'all' : models.join(', ')), cell('Seat', seat ?? 'by header, else default'),
    cell('Credits this month', cap === null ? credits(spent) : `${credits(spent)} of ${count(cap)}`, isNear),
    h('td', { class: 'actions' },
      h('button', { type: 'button', class: 'quiet small', 'aria-label': `Rename ${name}`, onclick: () => {
        edit(title, key)
      } }, 'Rename'),
      h('button', { type: 'button', class: 'quiet small danger', 'aria-label': `Revoke ${name}`, onclick: () => {
        doomed = key
        byId('revoke-name').textContent = name
        byId('revoke-problem').textContent = ''
        byId('revoke-dialog').showModal()
      } }, 'Revoke')))
}

/**
 * @param {HTMLElement} title
 * @param {UserKey} key
 */
function drawName (title, { id, name }) {
  title.replaceChildren(name, h('span', { class: 'id' }, `acpk-${id}-…`))
}

/**
 * @param {HTMLElement} title
 * @param {UserKey} key
 */
function edit (title, key) {
  const input = h('input', { value: key.name, maxlength: '64', 'aria-label': `New name of ${key.name}` })
  const save = h('button', { type: 'submit', class: 'small' }, 'Save')
  const form = h('form', { class: 'row tight', onsubmit: event => {
    event.preventDefault()
    void busy(save, async () => {
      const now = signedIn()
      const answer = await ask(`/keys/${key.id}`, { session: now, method: 'PATCH', body: { name: input.value } })
      byId('keys-problem').textContent = answer.ok ? '' : answer.message
      await drawKeys(now)
    })
  }, onkeydown: event => {
    if (event instanceof KeyboardEvent && event.key === 'Escape') drawName(title, key)
  } }, input, save)
  title.replaceChildren(form)
  input.select()
}

async function revoke () {
  if (doomed === null) return
  const now = signedIn()
  const answer = await ask(`/keys/${doomed.id}`, { session: now, method: 'DELETE' })
  if (!answer.ok && answer.status !== 404) {
    byId('revoke-problem').textContent = answer.message
    return
  }
  byId('revoke-dialog').close()
  await drawKeys(now)
  byId('keys-title').focus()
}

/**
 * @param {string} name for narrow screens, which hide the head of the table
 * @param {string} text
 * @param {boolean} [isWarning]
 */
function cell (name, text, isWarning = false) {
  return h('td', { dataset: { name } }, isWarning ? h('span', { class: 'badge warn' }, text) : text)
}
