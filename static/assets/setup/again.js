// A session that ended while the page was open: a dialog asks for the password again. The page behind it keeps what the
// user typed.
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { h } from '../lib/dom.js'
import { isPassword } from '../lib/password.js'
import { enterSession } from '../lib/session.js'
import { openSession } from '../lib/sign-in.js'
import { t } from '../lib/text.js'

/**
 * @param {{ store: () => string | null, onResumed: () => unknown, onLeft: () => unknown }} page `onLeft`: the user does
 *   not sign in again
 */
export function createAgain ({ store, onResumed, onLeft }) {
  const reason = h('p', {})
  const username = h('input', { id: 'again-username', name: 'username', autocomplete: 'username', readonly: true })
  const password = h('input', { id: 'again-password', name: 'password', type: 'password',
    autocomplete: 'current-password', spellcheck: 'false', placeholder: 'acpc-…' })
  const remember = h('input', { type: 'checkbox' })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const submit = h('button', { type: 'submit', class: 'primary' }, t('setup.sign-in'))
  const leave = h('button', { type: 'button' }, t('setup.again.leave'))
  const dialog = h('dialog', { 'aria-labelledby': 'again-title', id: 'again-dialog' },
    h('form', { method: 'dialog', novalidate: true, onsubmit: event => {
      event.preventDefault()
      void busy(submit, signIn)
    } }, h('h2', { id: 'again-title' }, t('setup.again.title')), reason,
      h('div', { class: 'field' }, h('label', { for: 'again-username' }, t('setup.username')), username),
      h('div', { class: 'field' }, h('label', { for: 'again-password' }, t('setup.password')), password),
      h('label', { class: 'tick' }, remember, t('setup.remember')), problem,
      h('div', { class: 'ends' }, leave, submit)))
  leave.addEventListener('click', () => dialog.close())
  // Escape may close a dialog without its consent: then the user leaves.
  dialog.addEventListener('close', () => {
    password.value = ''
    if (dialog.returnValue === 'resumed') onResumed()
    else onLeft()
  })
  document.body.append(dialog)

  return {
    isOpen: () => dialog.open,
    /**
     * @param {string} name the user who was signed in
     * @param {string} why
     */
    open (name, why) {
      username.value = name
      reason.textContent = t('setup.again.reason', { why, name })
      problem.textContent = ''
      dialog.returnValue = ''
      dialog.showModal()
      password.focus()
    },
    /** Another tab has signed the same user in. */
    resume: () => dialog.close('resumed'),
  }

  async function signIn () {
    const credentials = { username: username.value, password: password.value.trim() }
    problem.textContent = isPassword(credentials.password) ? '' : t('setup.password.form')
    if (problem.textContent !== '') return password.focus()
    const answer = await openSession(credentials, { remember: remember.checked, store: store() })
    if (answer.ok) {
      enterSession(credentials, { isNew: true })
      return dialog.close('resumed')
    }
    problem.textContent = answer.state === 'auth-failed' ? t('setup.again.wrong') : explain(answer)
  }
}
