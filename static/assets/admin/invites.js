// The invites: creates, lists and revokes them. A new code is shown once, as a link and as a QR code.
import { busy } from '../lib/busy.js'
import { copyButton } from '../lib/copy.js'
import { byId, h, show } from '../lib/dom.js'
import { nodes, t } from '../lib/text.js'
import { askAdmin } from './ask.js'
import { cell, nothing, showTrouble, table, time } from './cells.js'
import { drawQr } from '../lib/qr.js'
/** @import { Invite } from './types.d.ts' */

export function setUpInvites () {
  byId('invites-form').addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('invites-save'), create)
  })
}

export async function drawInvites () {
  const answer = await askAdmin('/invites')
  const body = byId('invites-body')
  if (!answer.ok) return showTrouble(body, answer)
  const { data } = answer.data
  byId('invites-count').textContent = data.length === 0 ? '' : t('admin.invites.open', { count: data.length, most: 50 })
  body.replaceChildren(
    data.length === 0
      ? nothing(t('admin.invites.none'))
      : table(t('admin.invites.list'), [t('admin.invites.id'), t('admin.invites.created'), t('admin.invites.ends'), ''],
        data.map(row)),
  )
}

export function clearInvites () {
  showNew(null)
  byId('invites-body').replaceChildren()
}

async function create () {
  const answer = await askAdmin('/invites', { method: 'POST',
    body: { expires_in_hours: Number(byId('invites-hours').value) } })
  byId('invites-problem').textContent = answer.ok ? '' : answer.message
  if (!answer.ok) return
  showNew(answer.data.code)
  await drawInvites()
}

/** @param {string | null} code The secret is in the fragment, which browsers send to no server. */
function showNew (code) {
  const box = byId('invites-new')
  show(box, code !== null)
  if (code === null) return box.replaceChildren()
  const link = `${location.origin}/#invite=${code}`
  const shown = h('code', { id: 'new-invite', class: 'grow', tabindex: '0' }, link)
  box.replaceChildren(
    h('div', { class: 'invite' },
      h('div', {}, h('p', {}, nodes('admin.invites.once', { link: h('strong', {}, t('admin.invites.give')) })), shown,
        h('div', { class: 'row' }, copyButton(() => link, { fallback: shown, label: t('admin.invites.copyLink') }),
          copyButton(() => code, { label: t('admin.invites.copyCode') }))), drawQr(link, t('admin.invites.qr'))),
  )
  shown.focus()
}

/** @param {Invite} invite */
function row ({ id, created_at: createdAt, expires_at: expiresAt }) {
  const button = h('button', { type: 'button', class: 'quiet small danger',
    'aria-label': t('admin.invites.revokeOne', { id }) }, t('admin.invites.revoke'))
  button.addEventListener('click', () => busy(button, () => revoke(id)))
  return h('tr', {}, h('th', { scope: 'row', class: 'mono' }, id), cell(t('admin.invites.created'), time(createdAt)),
    cell(t('admin.invites.ends'), time(expiresAt)), h('td', { class: 'actions' }, button))
}

/** @param {string} id */
async function revoke (id) {
  const answer = await askAdmin('/invites', { method: 'DELETE', more: `/${id}` })
  byId('invites-problem').textContent = answer.ok || answer.status === 404 ? '' : answer.message
  if (byId('invites-new').textContent.includes(`acpi-${id}-`)) showNew(null)
  await drawInvites()
  byId('invites-title').focus()
}
