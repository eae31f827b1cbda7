// The operator's page: it signs in with the admin token, and then shows users, usage, invites, errors and health.
import { busy } from '../lib/busy.js'
import { byId, show } from '../lib/dom.js'
import { setUpFrame } from '../lib/frame.js'
import { drawServerState, readServerState } from '../lib/server-state.js'
import { t } from '../lib/text.js'
import { askAdmin, forgetAsked, mayHaveSession, whenSessionEnds } from './ask.js'
import { drawErrors } from './errors.js'
import { clearInvites, drawInvites, setUpInvites } from './invites.js'
import { drawStatus } from './status.js'
import { drawUsageOfAll } from './usage.js'
import { clearUsers, drawUsers, setUpUsers } from './users.js'

setUpFrame()
setUpUsers()
setUpInvites()
whenSessionEnds(() => {
  if (!byId('admin-home').hidden) leave(t('admin.door.ended'))
})
byId('admin-form').addEventListener('submit', event => {
  event.preventDefault()
  void busy(byId('admin-enter'), signIn)
})
byId('sign-out').addEventListener('click', () => busy(byId('sign-out'), signOut))
byId('admin-refresh').addEventListener('click', () => busy(byId('admin-refresh'), fill))

drawServerState(byId('server'), await readServerState())
if (mayHaveSession() && await drawStatus()) await enter()
else byId('status-body').replaceChildren()
document.documentElement.dataset.ready = 'true'

async function signIn () {
  const field = byId('admin-token')
  const token = field.value.trim()
  if (token === '') {
    byId('admin-problem').textContent = t('admin.door.empty')
    return field.focus()
  }
  const answer = await askAdmin('/session', { method: 'POST', body: { token } })
  byId('admin-problem').textContent = answer.ok ? '' : answer.status === 401 ? t('admin.door.wrong') : answer.message
  if (!answer.ok) return field.select()
  field.value = ''
  await enter()
}

async function enter () {
  show(byId('admin-door'), false)
  show(byId('admin-home'), true)
  await fill()
  byId('admin-title').focus()
}

/** @returns {Promise<unknown>} */
function fill () {
  return Promise.all([drawStatus(), drawUsers(), drawUsageOfAll(), drawInvites(), drawErrors()])
}

async function signOut () {
  const answer = await askAdmin('/session', { method: 'DELETE' })
  leave(answer.ok ? '' : t('admin.door.notEnded', { reason: answer.message }))
}

/** @param {string} problem */
function leave (problem) {
  forgetAsked()
  clearUsers()
  clearInvites()
  for (const id of /** @type {const} */ (['status-body', 'admin-usage-body', 'errors-body'])) byId(id).replaceChildren()
  show(byId('admin-home'), false)
  show(byId('admin-door'), true)
  byId('admin-problem').textContent = problem
  byId('admin-token').focus()
}
