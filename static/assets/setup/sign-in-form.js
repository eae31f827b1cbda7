// Signing in: makes the browser's session, and asks for this user's usage to see that the session counts.
import { busy } from '../lib/busy.js'
import { byId } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { checkSession, openSession } from '../lib/sign-in.js'
import { toUsername } from '../lib/username.js'
/** @import { Reply, Session, UsageReport } from '../types.d.ts' */

/**
 * @param {{
 *   store: () => string | null, onSignedIn: (session: Session, usage: Reply<UsageReport>) => void,
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
      ? 'Enter your user name.'
      : isPassword(credentials.password)
      ? ''
      : 'A password is acpc- and ten letters or digits.'
    say(problem)
    if (problem !== '') return byId(credentials.username === '' ? 'in-username' : 'in-password').focus()
    const waiting = { store: store(), onSpreading: showSpreading }
    const opened = await openSession(credentials, { remember: byId('in-keep').checked, ...waiting })
    byId('sign-in-state').textContent = ''
    if (!opened.ok) return say(explain(opened, store()))
    byId('in-password').value = ''
    const { ok, answer } = await checkSession({ username: credentials.username }, waiting)
    byId('sign-in-state').textContent = ''
    if (ok) return onSignedIn({ username: credentials.username }, answer)
    say(
      answer.status === 401
        ? 'The browser did not keep the sign-in. Allow cookies for this address, and try again.'
        : answer.message,
    )
  }
}

/** @param {number} seconds */
export function showSpreading (seconds) {
  byId('sign-in-state').textContent = spreading(seconds)
}

/** @param {number} seconds */
export function spreading (seconds) {
  return 'Your new access is spreading through Cloudflare’s network; this can take a minute. Trying again… '
    + `(${seconds} s)`
}

/**
 * @param {{ status: number, state: string, message: string }} answer
 * @param {string | null} store
 */
function explain ({ status, state, message }, store) {
  if (status === 429) return 'Too many wrong passwords from your address. Wait a minute.'
  if (state !== 'auth-failed') return message
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
