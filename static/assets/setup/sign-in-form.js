// Signing in: makes the browser's session, and sees that it counts.
import { busy } from '../lib/busy.js'
import { explain as explainCause } from '../lib/causes.js'
import { byId } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { checkSession, openSession } from '../lib/sign-in.js'
import { t } from '../lib/text.js'
import { toUsername } from '../lib/username.js'
/** @import { Failed } from '../lib/causes.js' */
/** @import { Session } from '../types.d.ts' */

/**
 * @param {{
 *   store: () => string | null, onSignedIn: (session: Session) => void,
 * }} page
 */
export function setUpSignIn ({ store, onSignedIn }) {
  byId('sign-in').addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('sign-in-button'), submit)
  })

  async function submit () {
    const credentials = { username: toUsername(byId('in-username').value), password: byId('in-password').value.trim() }
    const problem = credentials.username === ''
      ? t('setup.username.enter')
      : isPassword(credentials.password)
      ? ''
      : t('setup.password.form')
    say(problem)
    if (problem !== '') return byId(credentials.username === '' ? 'in-username' : 'in-password').focus()
    const waiting = { store: store(), onSpreading: showSpreading }
    const opened = await openSession(credentials, { remember: byId('in-keep').checked, ...waiting })
    byId('sign-in-state').textContent = ''
    if (!opened.ok) return say(explain(opened, store()))
    byId('in-password').value = ''
    const { ok, answer } = await checkSession({ username: credentials.username }, waiting)
    byId('sign-in-state').textContent = ''
    if (ok) return onSignedIn({ username: credentials.username })
    say(answer.status === 401 ? t('setup.sign-in.cookies') : explainCause(answer))
  }
}

/** @param {number} seconds */
export function showSpreading (seconds) {
  byId('sign-in-state').textContent = spreading(seconds)
}

/** @param {number} seconds */
export function spreading (seconds) {
  return t('setup.spreading', { seconds: String(seconds) })
}

/**
 * @param {Failed} answer
 * @param {string | null} store
 */
function explain (answer, store) {
  if (answer.status === 429) return t('setup.sign-in.limited')
  if (answer.state !== 'auth-failed') return explainCause(answer)
  return t('setup.sign-in.wrong') + (store === 'cloudflare-kv' ? ` ${t('setup.sign-in.spreading')}` : '')
}

/** @param {string} text */
function say (text) {
  byId('sign-in-problem').textContent = text
}
