// Signing in to the chat. If the setup page has kept a session, the chat opens at once.
import { busy } from '../lib/busy.js'
import { byId, show } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { readServerState } from '../lib/server-state.js'
import { restore, session, signIn, signOut } from '../lib/session.js'
import { checkSession } from '../lib/sign-in.js'
import { toUsername } from '../lib/username.js'
/** @import { Session } from '../types.d.ts' */

/** @param {(session: Session) => unknown} onOpen called whenever somebody has signed in */
export function createGate (onOpen) {
  byId('gate-form').addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('gate-button'), submit)
  })
  return {
    /** Opens the chat if an earlier page has kept a session, else shows the form. */
    begin () {
      const kept = restore()
      if (kept === null) close('')
      else open(kept)
    },
    close,
  }

  async function submit () {
    const next = { username: toUsername(byId('gate-username').value), password: byId('gate-password').value.trim() }
    if (next.username === '' || !isPassword(next.password)) {
      return say('Enter your user name, and the password: acpc- and ten letters or digits.')
    }
    say('')
    const { store } = await readServerState()
    const { ok, answer } = await checkSession(next, { store, onSpreading: seconds => {
      byId('gate-state').textContent =
        `Your new access is spreading through Cloudflare’s network. Trying again… (${seconds} s)`
    } })
    byId('gate-state').textContent = ''
    if (!ok) return say(answer.status === 401 ? 'User name or password is wrong.' : answer.message)
    signIn(next, byId('gate-keep').checked)
    byId('gate-password').value = ''
    open(next)
  }

  /** @param {Session} opened */
  function open (opened) {
    show(byId('gate'), false)
    show(byId('chat'), true)
    onOpen(opened)
  }

  /**
   * Signs out and shows the form again.
   * @param {string} reason may be empty
   */
  function close (reason) {
    const name = session()?.username ?? ''
    signOut()
    byId('gate-username').value = name
    show(byId('chat'), false)
    show(byId('gate'), true)
    say(reason)
    byId(name === '' ? 'gate-username' : 'gate-password').focus()
  }

  /** @param {string} text */
  function say (text) {
    byId('gate-problem').textContent = text
  }
}
