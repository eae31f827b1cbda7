// What can be done to an account, each in a dialog: link GitHub anew, change the password, delete.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { byId } from '../lib/dom.js'
import { generatePassword, isPassword } from '../lib/password.js'
import { markSaved } from '../lib/session.js'
import { createGitHubLink, problemOfToken } from './github-link.js'

export function setUpAccount ({ session, onRelinked, onRotated, onDeleted }) {
  const link = createGitHubLink(byId('relink-body'), { onChange: () => byId('relink-save').classList.toggle('primary', problemOfToken(link.read()) === null) })

  dialog('relink', () => link.reset(), async say => {
    const token = link.read()
    const problem = link.isRunning() ? 'Finish linking first.' : problemOfToken(token)
    if (problem !== null) return say(problem)
    const answer = await ask('/', { method: 'POST', body: { ...session(), token } })
    if (!answer.ok) return say(answer.message)
    byId('relink-dialog').close()
    onRelinked(answer.state)
  }, () => link.reset())

  dialog('rotate', () => {}, async say => {
    const { username, password } = session()
    const next = generatePassword()
    const answer = await ask('/users/password', { method: 'POST', body: { username, password, new_password: next } })
    if (!answer.ok) return say(answer.message)
    markSaved(username)
    byId('rotate-dialog').close()
    onRotated({ username, password: next })
  })

  dialog('delete', () => { byId('delete-password').value = '' }, async say => {
    const { username } = session()
    const password = byId('delete-password').value.trim()
    if (!isPassword(password)) return say('Type the whole password: acpc- and ten letters or digits.')
    const answer = await ask('/users/delete', { method: 'POST', body: { username, password } })
    if (!answer.ok) return say(answer.state === 'auth-failed' ? 'That is not the password. Nothing was deleted.' : answer.message)
    byId('delete-dialog').close()
    onDeleted()
  })
}

/** A button `#name` opens `#name-dialog`; its form does `work`, which says what went wrong. */
function dialog (name, onOpen, work, onClose = () => {}) {
  const element = byId(`${name}-dialog`)
  const say = text => { byId(`${name}-problem`).textContent = text }
  byId(name).addEventListener('click', () => {
    say('')
    onOpen()
    element.showModal()
  })
  element.addEventListener('close', onClose)
  for (const button of element.querySelectorAll('[data-close]')) button.addEventListener('click', () => element.close())
  element.querySelector('form').addEventListener('submit', event => {
    event.preventDefault()
    say('')
    void busy(byId(`${name}-save`), () => work(say))
  })
}
