// Signing in: ask the proxy for something of this user's, and see whether it knows the password.
import { busy } from '../lib/busy.js'
import { byId } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { checkSession } from '../lib/sign-in.js'
import { toUsername } from '../lib/username.js'

/** @param onSignedIn called with the session, whether to keep it, and what /usage answered */
export function setUpSignIn ({ store, onSignedIn }) {
  const form = byId('sign-in')
  form.addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('sign-in-button'), async () => {
      const session = { username: toUsername(byId('in-username').value), password: byId('in-password').value.trim() }
      const problem = session.username === '' ? 'Enter your user name.' : isPassword(session.password) ? '' : 'A password is acpc- and ten letters or digits.'
      say(problem)
      if (problem !== '') return byId(session.username === '' ? 'in-username' : 'in-password').focus()
      const { ok, answer } = await checkSession(session, { store: store(), onSpreading: spreading })
      byId('sign-in-state').textContent = ''
      if (ok) {
        byId('in-password').value = ''
        return onSignedIn(session, byId('in-keep').checked, answer)
      }
      say(answer.status === 401 ? wrong(store()) : answer.status === 429 ? 'Too many wrong passwords from your address. Wait a minute.' : answer.message)
    })
  })
}

export function spreading (seconds) {
  byId('sign-in-state').textContent = `Your new access is spreading through Cloudflare’s network; this can take a minute. Trying again… (${seconds} s)`
}

function wrong (store) {
  return `User name or password is wrong.${store === 'cloudflare-kv' ? ' If you registered or changed the password within the last minute on another device, wait a moment and try again.' : ''}`
}

function say (text) {
  byId('sign-in-problem').textContent = text
}
