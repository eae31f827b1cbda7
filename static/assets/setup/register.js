// Registration: a GitHub link, a user name, a password that the page makes, and on some proxies a code.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain as explainCause } from '../lib/causes.js'
import { copyButton } from '../lib/copy.js'
import { byId, h, icon, show } from '../lib/dom.js'
import { generatePassword } from '../lib/password.js'
import { markSaved } from '../lib/session.js'
import { openSession } from '../lib/sign-in.js'
import { t } from '../lib/text.js'
import { problemOf, toNameCharacters, toUsername } from '../lib/username.js'
import { createGitHubLink, problemOfToken } from './github-link.js'
import { codeOfInvite } from './invite.js'
import { spreading } from './sign-in-form.js'
/** @import { Failed } from '../lib/causes.js' */

/** @typedef {{ username: string, password: string }} Credentials */

/**
 * @param {{
 *   onSaved: (credentials: Credentials, state: string) => void, registration: string, store: string | null,
 * }} page `onSaved` is called once the new user is signed in; `state` is that of the registration
 */
export function setUpRegistration ({ onSaved, registration, store }) {
  const form = byId('register')
  const username = byId('username')
  const password = byId('password')
  const link = createGitHubLink(byId('github-link'), { onChange: drawProgress })
  let isInvited = false
  drawForm()

  password.value = generatePassword()
  byId('password-buttons').replaceChildren(copyButton(() => password.value, { what: t('setup.password.what') }),
    h('button', { type: 'button', class: 'quiet small', onclick: () => {
      password.value = generatePassword()
      password.select()
    } }, icon('retry'), t('setup.register.new')))

  username.addEventListener('input', () => {
    const at = username.selectionStart ?? username.value.length
    const clean = toNameCharacters(username.value)
    if (clean !== username.value) {
      const shift = username.value.length - clean.length
      username.value = clean
      username.setSelectionRange(Math.max(0, at - shift), Math.max(0, at - shift))
    }
    sayName('')
    drawProgress()
  })
  username.addEventListener('blur', () => {
    username.value = toUsername(username.value)
    if (username.value !== '') sayName(problemOf(username.value) ?? '')
    drawProgress()
  })
  form.addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('save'), save)
  })
  byId('register-closed').addEventListener('submit', event => {
    event.preventDefault()
    const code = codeOfInvite(byId('invite').value)
    byId('invite-problem').textContent = code === null ? t('setup.closed.bad') : ''
    if (code === null) return byId('invite').focus()
    invite(code)
    link.focus()
  })
  drawProgress()
  return {
    isEmpty: () => username.value === '' && link.read() === '' && !link.isRunning(),
    invite,
    /** Empties the form for the next person. */
    reset () {
      isInvited = false
      drawForm()
      link.reset()
      username.value = byId('code').value = byId('invite').value = ''
      password.value = generatePassword()
      byId('keep').checked = false
      sayName('')
      say('')
      drawProgress()
    },
  }

  /** @param {string} code lets one person register, also where registration is closed */
  function invite (code) {
    isInvited = true
    byId('code').value = code
    drawForm()
  }

  function drawForm () {
    show(form, registration !== 'closed' || isInvited)
    show(byId('register-closed'), registration === 'closed' && !isInvited)
    show(byId('sign-in-closed'), registration === 'closed')
    show(byId('code-field'), registration === 'code' || isInvited)
    byId('code-hint').textContent = t(isInvited ? 'setup.register.invite' : 'setup.register.code.hint')
  }

  async function save () {
    say('')
    const token = link.read()
    const tokenProblem = link.isRunning() ? t('setup.register.unfinished') : problemOfToken(token)
    if (tokenProblem !== null) {
      say(tokenProblem)
      return link.focus()
    }
    username.value = toUsername(username.value)
    const nameProblem = problemOf(username.value)
    if (nameProblem !== null) {
      sayName(nameProblem)
      return username.focus()
    }
    const credentials = { username: username.value, password: password.value }
    const code = byId('code').value.trim()
    const answer = await ask('/', { method: 'POST', body: { ...credentials, token, ...(code === '' ? {} : { code }) } })
    if (answer.ok) {
      markSaved(credentials.username)
      return enter(credentials, answer.state)
    }
    say(explain(answer, isInvited ? 'code' : registration))
    if (answer.state === 'invalid-username') username.focus()
    if (answer.state === 'auth-failed' && registration === 'code') byId('code').focus()
  }

  /**
   * @param {Credentials} credentials
   * @param {string} state
   */
  async function enter (credentials, state) {
    const opened = await openSession(credentials, { remember: byId('keep').checked, store, onSpreading: seconds => {
      byId('register-state').textContent = spreading(seconds)
    } })
    byId('register-state').textContent = ''
    if (opened.ok) return onSaved(credentials, state)
    say(t('setup.register.only', { why: explainCause(opened) }))
  }

  /** @param {string} text */
  function sayName (text) {
    byId('username-problem').textContent = text
    username.setAttribute('aria-invalid', String(text !== ''))
  }

  function drawProgress () {
    const isLinked = problemOfToken(link.read()) === null
    byId('step-github').classList.toggle('done', isLinked)
    byId('step-name').classList.toggle('done', problemOf(username.value) === null)
    // Only the next step has the strong colour.
    byId('save').classList.toggle('primary', isLinked)
    const name = toUsername(username.value)
    byId('username-hint').textContent = t('setup.register.address', {
      address: `${location.origin}/${name === '' ? '…' : name}`,
    })
  }
}

/**
 * Of a refused name the proxy must not say whether it exists: the page's own words do.
 * @param {Failed} answer
 * @param {string} registration
 */
function explain (answer, registration) {
  if (answer.state !== 'auth-failed') return explainCause(answer)
  return t(registration === 'code' ? 'setup.register.bad-code' : 'setup.register.taken')
}

/** @param {string} text */
function say (text) {
  byId('register-problem').textContent = text
}
