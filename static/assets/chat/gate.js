// Signing in to the chat. If the browser has a session, the chat opens at once.
import { busy } from '../lib/busy.js'
import { byId, show } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { lastUser } from '../lib/last-user.js'
import { readServerState } from '../lib/server-state.js'
import { enterSession, leaveSession, session } from '../lib/session.js'
import { checkSession, findSession, openSession } from '../lib/sign-in.js'
import { t } from '../lib/text.js'
import { toUsername } from '../lib/username.js'
/** @import { Session } from '../types.d.ts' */

/** @param {(session: Session) => unknown} onOpen called whenever somebody has signed in */
export function createGate (onOpen) {
  byId('gate-form').addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('gate-button'), submit)
  })
  return {
    /** Opens the chat if the browser has a session, else shows the form. */
    async begin () {
      const found = await findSession({ onSpreading (seconds) {
        if (byId('gate').hidden) close('')
        showSpreading(seconds)
      } })
      byId('gate-state').textContent = ''
      const offline = found.status === 0 ? lastUser() : null
      if (found.ok) open(found.data, false)
      // The chats are on this device. What needs the server says so.
      else if (offline !== null) open({ username: offline }, false)
      else close(found.status === 401 ? '' : found.message)
    },
    close,
  }

  async function submit () {
    const credentials = { username: toUsername(byId('gate-username').value),
      password: byId('gate-password').value.trim() }
    const { username } = credentials
    if (username === '' || !isPassword(credentials.password)) {
      return say(t('gate.form'))
    }
    say('')
    byId('gate-state').textContent = ''
    const { store } = await readServerState()
    const opened = await openSession(credentials, { remember: byId('gate-keep').checked, store,
      onSpreading: showSpreading })
    byId('gate-state').textContent = ''
    if (!opened.ok) return say(opened.state === 'auth-failed' ? t('gate.wrong') : opened.message)
    byId('gate-password').value = ''
    const { ok, answer } = await checkSession({ username }, { store, onSpreading: showSpreading })
    byId('gate-state').textContent = ''
    if (ok) return open({ username }, true)
    say(answer.status === 401 ? t('gate.cookies') : answer.message)
  }

  /**
   * @param {Session} opened
   * @param {boolean} isNew
   */
  function open (opened, isNew) {
    enterSession(opened, { isNew })
    show(byId('gate'), false)
    show(byId('chat'), true)
    const now = session()
    if (now !== null) onOpen(now)
  }

  /**
   * Shows the form again.
   * @param {string} reason may be empty
   */
  function close (reason) {
    const name = session()?.username ?? ''
    leaveSession()
    byId('gate-username').value = name
    show(byId('chat'), false)
    show(byId('gate'), true)
    say('')
    byId('gate-state').textContent = reason
    byId(name === '' ? 'gate-username' : 'gate-password').focus()
  }

  /** @param {string} text */
  function say (text) {
    byId('gate-problem').textContent = text
  }
}

/** @param {number} seconds */
function showSpreading (seconds) {
  byId('gate-state').textContent = t('gate.spreading', { seconds })
}
