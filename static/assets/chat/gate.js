// Signing in to the chat. The session that the setup page was asked to keep opens it at once.
import { busy } from '../lib/busy.js'
import { byId, show } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { readServerState } from '../lib/server-state.js'
import { restore, session, signIn, signOut } from '../lib/session.js'
import { checkSession } from '../lib/sign-in.js'
import { toUsername } from '../lib/username.js'

/** @param onOpen called once somebody is signed in */
export function createGate (onOpen) {
  byId('gate-form').addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('gate-button'), submit)
  })
  return {
    /** @returns whether an earlier page has left a session */
    async begin () {
      if (restore() === null) return close('')
      open()
    },
    /** Back at the door, with a reason or without. */
    close,
  }

  async function submit () {
    const next = { username: toUsername(byId('gate-username').value), password: byId('gate-password').value.trim() }
    if (next.username === '' || !isPassword(next.password)) return say('Enter your user name, and the password: acpc- and ten letters or digits.')
    say('')
    const { store } = await readServerState()
    const { ok, answer } = await checkSession(next, { store, onSpreading: seconds => { byId('gate-state').textContent = `Your new access is spreading through Cloudflare’s network. Trying again… (${seconds} s)` } })
    byId('gate-state').textContent = ''
    if (!ok) return say(answer.status === 401 ? 'User name or password is wrong.' : answer.message)
    signIn(next, byId('gate-keep').checked)
    byId('gate-password').value = ''
    open()
  }

  function open () {
    show(byId('gate'), false)
    show(byId('chat'), true)
    onOpen(session())
  }

  function close (reason) {
    const name = session()?.username ?? ''
    signOut()
    byId('gate-username').value = name
    show(byId('chat'), false)
    show(byId('gate'), true)
    say(reason)
    byId(name === '' ? 'gate-username' : 'gate-password').focus()
  }

  function say (text) {
    byId('gate-problem').textContent = text
  }
}
