// What the user can change, each in a dialog that asks for the password: link GitHub again, change the password, delete
// the user.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain as explainCause } from '../lib/causes.js'
import { byId, closeByButtons } from '../lib/dom.js'
import { generatePassword, isPassword } from '../lib/password.js'
import { markSaved, signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
import { createGitHubLink, problemOfToken } from './github-link.js'
/** @import { Failed } from '../lib/causes.js' */

/**
 * @param {{ onRelinked: (state: string) => void, onRotated: (password: string) => void, onDeleted: () => void }} page
 */
export function setUpAccount ({ onRelinked, onRotated, onDeleted }) {
  const link = createGitHubLink(byId('relink-body'), {
    onChange: () => byId('relink-save').classList.toggle('primary', problemOfToken(link.read()) === null),
  })

  setUpDialog('relink', {
    reset: () => link.reset(),
    check: () => link.isRunning() ? t('setup.link.running') : problemOfToken(link.read()),
    async work (credentials) {
      const answer = await ask('/', { method: 'POST', body: { ...credentials, token: link.read() } })
      if (!answer.ok) return explain(answer)
      byId('relink-dialog').close()
      onRelinked(answer.state)
      return ''
    },
  })

  setUpDialog('rotate', { async work (credentials) {
    const next = generatePassword()
    const answer = await ask('/users/password', { method: 'POST', body: { ...credentials, new_password: next } })
    if (!answer.ok) return explain(answer)
    markSaved(credentials.username)
    byId('rotate-dialog').close()
    onRotated(next)
    return ''
  } })

  setUpDialog('delete', { async work (credentials) {
    const answer = await ask('/users/delete', { method: 'POST', body: credentials })
    if (!answer.ok) return explain(answer)
    byId('delete-dialog').close()
    onDeleted()
    return ''
  } })
}

/** @param {Failed} answer */
function explain (answer) {
  return answer.state === 'auth-failed' ? t('setup.password.wrong') : explainCause(answer)
}

/**
 * The button `#name` opens `#name-dialog`. Its form does `work` with the password that the user types there.
 * @param {'relink' | 'rotate' | 'delete'} name
 * @param {{
 *   reset?: () => void, check?: () => string | null,
 *   work: (credentials: { username: string, password: string }) => Promise<string>,
 * }} dialog `reset` runs before and after; `check` and `work` return what is wrong, or nothing
 */
function setUpDialog (name, { reset = () => {}, check = () => null, work }) {
  const element = byId(`${name}-dialog`)
  const field = byId(`${name}-password`)
  /** @param {string} text */
  const say = text => {
    byId(`${name}-problem`).textContent = text
  }
  byId(name).addEventListener('click', () => {
    say('')
    reset()
    element.showModal()
  })
  element.addEventListener('close', () => {
    field.value = ''
    reset()
  })
  closeByButtons(element)
  element.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    say(check() ?? '')
    if (byId(`${name}-problem`).textContent !== '') return
    const password = field.value.trim()
    if (!isPassword(password)) {
      say(t('setup.password.whole'))
      return field.focus()
    }
    void busy(byId(`${name}-save`), async () => say(await work({ username: signedIn().username, password })))
  })
}
