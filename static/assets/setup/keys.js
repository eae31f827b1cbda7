// The user's keys: creates, lists, renames and revokes them. The secret of a new key is shown once.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { byId, closeByButtons, failure, h, show } from '../lib/dom.js'
import { calendarDay, count, credits } from '../lib/format.js'
import { drawSecret } from '../lib/secret.js'
import { session, signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
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
    return byId('keys-body').replaceChildren(failure(explain(answer)))
  }
  const { data: keys } = answer.data
  onKeys(keys)
  byId('keys-count').textContent = keys.length === 0 ? '' : t('setup.keys.count', { count: keys.length, most: 20 })
  byId('keys-body').replaceChildren(keys.length === 0 ? h('p', { class: 'empty' }, t('setup.keys.none')) : table(keys))
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
    ? t('setup.keys.no-name')
    : cap !== '' && !(Number(cap) >= 0)
    ? t('setup.keys.no-number')
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
    byId('keys-problem').textContent = explain(answer)
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
  const { element, buttons } = drawSecret(key, { id: 'new-key', what: t('setup.key.what') })
  box.replaceChildren(h('p', {}, h('strong', {}, t('setup.keys.copy')), ' ', t('setup.once')),
    h('div', { class: 'row' }, element, ...buttons))
  element.focus()
}

/** The head of the table, without the name. Narrow screens show it in each cell. */
function columns () {
  return [t('setup.column.last-used'), t('setup.column.ends'), t('setup.tab.models'), t('setup.column.seat'),
    t('setup.column.credits')]
}

/** @param {readonly UserKey[]} keys */
function table (keys) {
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': t('setup.keys.table') },
    h('table', { class: 'stack' },
      h('thead', {},
        h('tr', {}, [t('setup.column.name'), ...columns()].map(name => h('th', { scope: 'col' }, name)), h('td', {}))),
      h('tbody', {}, keys.map(key => row(key)))))
}

/** @param {UserKey} key */
function row (key) {
  const { id, name, models, seat, expires_at: end, monthly_credits: cap, credits_used: spent, last_used_day: used } =
    key
  const [lastUsed = '', ends = '', allowed = '', ofSeat = '', creditsUsed = ''] = columns()
  const isOver = end !== null && Date.parse(end) <= Date.now()
  const isNear = cap !== null && spent >= cap * 0.8
  const title = h('th', { scope: 'row' })
  drawName(title, key)
  return h('tr', { dataset: { key: id } }, title, cell(lastUsed, used === null ? t('setup.never') : calendarDay(used)),
    cell(ends,
      end === null
        ? t('setup.keys.open-end')
        : isOver
        ? t('setup.keys.ended', { day: calendarDay(end) })
        : calendarDay(end), isOver), cell(allowed, models === null ? t('setup.keys.all') : models.join(', ')),
    cell(ofSeat, seat ?? t('setup.keys.seat.any')),
    cell(creditsUsed, cap === null ? credits(spent) : t('setup.of', { part: credits(spent), all: count(cap) }), isNear),
    h('td', { class: 'actions' },
      h('button', { type: 'button', class: 'quiet small', 'aria-label': t('setup.rename.what', { name }),
        onclick: () => {
          edit(title, key)
        } }, t('setup.rename')),
      h('button', { type: 'button', class: 'quiet small danger', 'aria-label': t('setup.revoke.what', { name }),
        onclick: () => {
          doomed = key
          byId('revoke-name').textContent = name
          byId('revoke-problem').textContent = ''
          byId('revoke-dialog').showModal()
        } }, t('setup.revoke'))))
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
  const input = h('input', { value: key.name, maxlength: '64',
    'aria-label': t('setup.rename.new', { name: key.name }) })
  const save = h('button', { type: 'submit', class: 'small' }, t('setup.save'))
  const form = h('form', { class: 'row tight', onsubmit: event => {
    event.preventDefault()
    void busy(save, async () => {
      const now = signedIn()
      const answer = await ask(`/keys/${key.id}`, { session: now, method: 'PATCH', body: { name: input.value } })
      byId('keys-problem').textContent = answer.ok ? '' : explain(answer)
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
    byId('revoke-problem').textContent = explain(answer)
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
