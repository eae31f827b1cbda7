// "Link GitHub", for registration and for the account section. The token stays in this closure; the page never shows
// it.
import { announce } from '../lib/announce.js'
import { copyButton, copyText } from '../lib/copy.js'
import { h, icon } from '../lib/dom.js'
import { clockTime } from '../lib/format.js'
import { runDeviceFlow } from './device-flow.js'
/** @import { Ending, ShownCode } from './device-flow.js' */

const words = {
  requesting: 'Asking GitHub for a code…',
  open: 'Open GitHub, enter the code, then come back here.',
  waiting: 'Waiting for you to approve on GitHub…',
  slower: 'GitHub asks the page to wait longer. Still waiting…',
  offline: 'No answer just now. Trying again…',
}
const endings = {
  canceled: '',
  denied: 'Access was denied on GitHub. Start again if that was not intended.',
  expired: 'The code expired. Start again for a new one.',
}

/**
 * @param {HTMLElement} container
 * @param {{ onChange?: () => void }} [options] `onChange` is called when a token appears or disappears
 */
export function createGitHubLink (container, { onChange = () => {} } = {}) {
  /** @type {string | null} */
  let token = null
  /** @type {AbortController | null} */
  let abort = null
  /** @type {HTMLInputElement | null} */
  let pasted = null

  draw()
  return {
    /** The token that was linked or pasted; '' if there is none. */
    read: () => token ?? pasted?.value.trim() ?? '',
    reset () {
      cancel()
      token = null
      drawStart()
    },
    focus: () => focusFirst('button, input, a'),
    isRunning: () => abort !== null,
  }

  function cancel () {
    abort?.abort()
    abort = null
  }

  /** @param {string} [selector] */
  function focusFirst (selector = 'button') {
    const found = container.querySelector(selector)
    if (found instanceof HTMLElement) found.focus()
  }

  function drawStart (problem = '') {
    draw(problem)
    onChange()
  }

  function draw (problem = '') {
    pasted = null
    container.replaceChildren(
      h('div', { class: 'field' },
        h('p', { class: 'muted' },
          'You approve on github.com with a short code. This page never sees your GitHub password.'),
        h('div', { class: 'row' }, h('button', { type: 'button', class: 'primary', onclick: () => {
          void start()
        } }, 'Link GitHub'),
          h('button', { type: 'button', class: 'link', onclick: drawPaste }, 'Paste a token instead')),
        problem === '' ? null : h('p', { class: 'problem', role: 'alert' }, problem)),
    )
  }

  function drawPaste () {
    const field = pasted = h('input', { type: 'password', name: 'token', autocomplete: 'off', spellcheck: 'false',
      placeholder: 'ghu_…, gho_… or github_pat_…', oninput: () => onChange() })
    container.replaceChildren(
      h('div', { class: 'field' }, h('label', {}, 'GitHub token', field),
        h('span', { class: 'hint' },
          'A token of a Copilot app (ghu_, gho_), or a fine-grained personal token (github_pat_) of your own account '
            + 'with the permission Copilot Requests. Classic tokens (ghp_) do not work.'),
        h('div', { class: 'row' }, h('button', { type: 'button', class: 'link', onclick: () => {
          drawStart()
          focusFirst()
        } }, 'Link GitHub instead'))),
    )
    field.focus()
    onChange()
  }

  async function start () {
    cancel()
    const run = abort = new AbortController()
    const box = drawDevice(() => {
      cancel()
      drawStart()
      announce('Cancelled')
      focusFirst()
    })
    const ending = await runDeviceFlow({ signal: run.signal, onCode: box.showCode,
      onState: state => box.say(words[state], state === 'offline') })
    box.stop()
    if (run !== abort) return
    abort = null
    if (ending.outcome === 'linked') {
      token = ending.token
      drawLinked()
    } else drawStart(problemOfEnding(ending))
  }

  /** @param {() => void} onCancel */
  function drawDevice (onCancel) {
    const state = h('span', {})
    const line = h('p', { class: 'state', role: 'status' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }),
      state)
    const left = h('span', { class: 'muted small-text' })
    const place = h('div', { class: 'field' })
    let timer = 0
    container.replaceChildren(
      h('div', { class: 'device' }, place, line,
        h('div', { class: 'row' }, h('button', { type: 'button', class: 'small', onclick: onCancel }, 'Cancel'), left)),
    )
    focusFirst()
    return {
      /**
       * @param {string} text
       * @param {boolean} isBad
       */
      say (text, isBad) {
        state.textContent = text
        line.classList.toggle('bad', isBad)
      },
      stop () {
        clearInterval(timer)
      },
      /** @param {ShownCode} shown */
      showCode ({ userCode, verificationUri, expiresAt }) {
        const code = h('span', { class: 'code' }, userCode)
        const open = h('a', { class: 'button primary', href: safeAddress(verificationUri), target: '_blank',
          rel: 'noopener noreferrer', onclick: () => {
            void copyText(userCode)
          } }, 'Copy code and open GitHub', icon('open'))
        place.replaceChildren(h('span', { class: 'label' }, 'Your code'),
          h('div', { class: 'row' }, code, copyButton(() => userCode, { what: 'the code', fallback: code })),
          h('div', { class: 'row' }, open))
        const tick = () => {
          left.textContent = `Expires in ${clockTime(Math.max(0, (expiresAt - Date.now()) / 1_000))}`
        }
        tick()
        timer = setInterval(tick, 1_000)
        open.focus()
      },
    }
  }

  function drawLinked () {
    container.replaceChildren(
      h('div', { class: 'linked' }, icon('check'), h('span', { role: 'status' }, 'GitHub is linked'),
        h('button', { type: 'button', class: 'link', onclick: () => {
          token = null
          drawStart()
          focusFirst()
        } }, 'Use another account')),
    )
    onChange()
  }
}

/** @param {Exclude<Ending, { outcome: 'linked' }>} ending */
function problemOfEnding (ending) {
  if (ending.outcome !== 'failed') return endings[ending.outcome]
  return `Linking failed. ${ending.detail}${
    ending.retryAfter ? ` Try again in ${Math.ceil(ending.retryAfter / 60)} min.` : ''
  }`
}

/**
 * The proxy makes this address. Even so, the page opens nothing but a web page.
 * @param {string} text
 */
function safeAddress (text) {
  return /^https?:\/\//.test(text) ? text : 'https://github.com/login/device'
}

/**
 * @param {string} text
 * @returns {string | null} null if the page may send the token, else what the user can do
 */
export function problemOfToken (text) {
  if (text === '') return 'Link your GitHub account first.'
  if (text.startsWith('ghp_')) {
    return 'That is a classic personal access token, which Copilot never accepts. Link GitHub instead, or paste a '
      + 'fine-grained token (github_pat_) with the permission Copilot Requests.'
  }
  return /^(?:gh[ou]_[A-Za-z0-9_]{20,251}|github_pat_[A-Za-z0-9_]{36,244})$/.test(text)
    ? null
    : 'This proxy cannot use that token: it must begin with ghu_, gho_ or github_pat_. Link GitHub to get one.'
}
