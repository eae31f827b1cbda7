// What the user can change, each in a dialog: link GitHub again, change the password, delete the user.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { byId } from '../lib/dom.js'
import { generatePassword, isPassword } from '../lib/password.js'
import { markSaved, signedIn } from '../lib/session.js'
import { createGitHubLink, problemOfToken } from './github-link.js'
/** @import { Session } from '../types.d.ts' */

/**
 * @param {{ onRelinked: (state: string) => void, onRotated: (session: Session) => void, onDeleted: () => void }} page
 */
export function setUpAccount ({ onRelinked, onRotated, onDeleted }) {
  const link = createGitHubLink(byId('relink-body'), {
    onChange: () => byId('relink-save').classList.toggle('primary', problemOfToken(link.read()) === null),
  })

  setUpDialog('relink', () => link.reset(), async say => {
    const token = link.read()
    const problem = link.isRunning() ? 'Finish linking first.' : problemOfToken(token)
    if (problem !== null) return say(problem)
    const answer = await ask('/', { method: 'POST', body: { ...signedIn(), token } })
    if (!answer.ok) return say(answer.message)
    byId('relink-dialog').close()
    onRelinked(answer.state)
  }, () => link.reset())

  setUpDialog('rotate', () => {}, async say => {
    const { username, password } = signedIn()
    const next = generatePassword()
    const answer = await ask('/users/password', { method: 'POST', body: { username, password, new_password: next } })
    if (!answer.ok) return say(answer.message)
    markSaved(username)
    byId('rotate-dialog').close()
    onRotated({ username, password: next })
  })

  setUpDialog('delete', () => {
    byId('delete-password').value = ''
  }, async say => {
    const { username } = signedIn()
    const password = byId('delete-password').value.trim()
    if (!isPassword(password)) return say('Type the whole password: acpc- and ten letters or digits.')
    const answer = await ask('/users/delete', { method: 'POST', body: { username, password } })
    if (!answer.ok) {
      return say(answer.state === 'auth-failed' ? 'That is not the password. Nothing was deleted.' : answer.message)
    }
    byId('delete-dialog').close()
    onDeleted()
  })
}

/**
 * The button `#name` opens `#name-dialog`. Its form does `work`, which reports what went wrong through `say`.
 * @param {'relink' | 'rotate' | 'delete'} name
 * @param {() => void} onOpen
 * @param {(say: (text: string) => void) => Promise<void>} work
 * @param {() => void} [onClose]
 */
function setUpDialog (name, onOpen, work, onClose = () => {}) {
  const element = byId(`${name}-dialog`)
  /** @param {string} text */
  const say = text => {
    byId(`${name}-problem`).textContent = text
  }
  byId(name).addEventListener('click', () => {
    say('')
    onOpen()
    element.showModal()
  })
  element.addEventListener('close', onClose)
  for (const button of element.querySelectorAll('[data-close]')) button.addEventListener('click', () => element.close())
  element.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    say('')
    void busy(byId(`${name}-save`), () => work(say))
  })
}
