// Signing in: asks the proxy for this user's usage, which it shows only with the right password.
import { busy } from '../lib/busy.js'
import { byId } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { checkSession } from '../lib/sign-in.js'
import { toUsername } from '../lib/username.js'
/** @import { Reply, Session, UsageReport } from '../types.d.ts' */

/**
 * @param {{
 *   store: () => string | null,
 *   onSignedIn: (session: Session, keep: boolean, usage: Reply<UsageReport>) => void,
 * }} page `keep` says whether the user ticked the box
 */
export function setUpSignIn ({ store, onSignedIn }) {
  byId('sign-in').addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('sign-in-button'), submit)
  })

  async function submit () {
    const session = { username: toUsername(byId('in-username').value), password: byId('in-password').value.trim() }
    const problem = session.username === ''
      ? 'Enter your user name.'
      : isPassword(session.password)
      ? ''
      : 'A password is acpc- and ten letters or digits.'
    say(problem)
    if (problem !== '') return byId(session.username === '' ? 'in-username' : 'in-password').focus()
    const { ok, answer } = await checkSession(session, { store: store(), onSpreading: showSpreading })
    byId('sign-in-state').textContent = ''
    if (ok) {
      byId('in-password').value = ''
      return onSignedIn(session, byId('in-keep').checked, answer)
    }
    say(
      answer.status === 401
        ? wrong(store())
        : answer.status === 429
        ? 'Too many wrong passwords from your address. Wait a minute.'
        : answer.message,
    )
  }
}

/** @param {number} seconds */
export function showSpreading (seconds) {
  byId('sign-in-state').textContent =
    `Your new access is spreading through Cloudflare’s network; this can take a minute. Trying again… (${seconds} s)`
}

/** @param {string | null} store */
function wrong (store) {
  return `User name or password is wrong.${
    store === 'cloudflare-kv'
      ? ' If you registered or changed the password within the last minute on another device, wait a moment and try '
        + 'again.'
      : ''
  }`
}

/** @param {string} text */
function say (text) {
  byId('sign-in-problem').textContent = text
}
