// "Link GitHub", for registration and for the account section. The token stays in this closure; the page never shows
// it.
import { announce } from '../lib/announce.js'
import { copyButton, copyText } from '../lib/copy.js'
import { h, icon } from '../lib/dom.js'
import { clockTime } from '../lib/format.js'
import { t } from '../lib/text.js'
import { runDeviceFlow } from './device-flow.js'
/** @import { Ending, ShownCode } from './device-flow.js' */

const words = {
  requesting: t('setup.link.requesting'),
  open: t('setup.link.enter'),
  waiting: t('setup.link.waiting'),
  slower: t('setup.link.slower'),
  offline: t('setup.link.offline'),
}
const endings = {
  canceled: '',
  denied: t('setup.link.denied'),
  expired: t('setup.link.expired'),
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
      h('div', { class: 'field' }, h('p', { class: 'muted' }, t('setup.link.intro')),
        h('div', { class: 'row' }, h('button', { type: 'button', class: 'primary', onclick: () => {
          void start()
        } }, t('setup.link.start')),
          h('button', { type: 'button', class: 'link', onclick: drawPaste }, t('setup.link.paste'))),
        problem === '' ? null : h('p', { class: 'problem', role: 'alert' }, problem)),
    )
  }

  function drawPaste () {
    const field = pasted = h('input', { type: 'password', name: 'token', autocomplete: 'off', spellcheck: 'false',
      placeholder: t('setup.link.token.example'), oninput: () => onChange() })
    container.replaceChildren(
      h('div', { class: 'field' }, h('label', {}, t('setup.link.token'), field),
        h('span', { class: 'hint' }, t('setup.link.token.hint')),
        h('div', { class: 'row' }, h('button', { type: 'button', class: 'link', onclick: () => {
          drawStart()
          focusFirst()
        } }, t('setup.link.instead')))),
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
      announce(t('setup.link.cancelled'))
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
        h('div', { class: 'row' },
          h('button', { type: 'button', class: 'small', onclick: onCancel }, t('setup.cancel')), left)),
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
          } }, t('setup.link.open'), icon('open'))
        place.replaceChildren(h('span', { class: 'label' }, t('setup.link.code')),
          h('div', { class: 'row' }, code,
            copyButton(() => userCode, { what: t('setup.link.code.what'), fallback: code })),
          h('div', { class: 'row' }, open))
        const tick = () => {
          left.textContent = t('setup.link.left', { time: clockTime(Math.max(0, (expiresAt - Date.now()) / 1_000)) })
        }
        tick()
        timer = setInterval(tick, 1_000)
        open.focus()
      },
    }
  }

  function drawLinked () {
    container.replaceChildren(
      h('div', { class: 'linked' }, icon('check'), h('span', { role: 'status' }, t('setup.link.done')),
        h('button', { type: 'button', class: 'link', onclick: () => {
          token = null
          drawStart()
          focusFirst()
        } }, t('setup.link.other'))),
    )
    onChange()
  }
}

/** @param {Exclude<Ending, { outcome: 'linked' }>} ending */
function problemOfEnding (ending) {
  if (ending.outcome !== 'failed') return endings[ending.outcome]
  return t('setup.link.failed', { why: ending.detail })
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
  if (text === '') return t('setup.link.first')
  if (text.startsWith('ghp_')) return t('setup.link.classic')
  return /^(?:gh[ou]_[A-Za-z0-9_]{20,251}|github_pat_[A-Za-z0-9_]{36,244})$/.test(text)
    ? null
    : t('setup.link.unusable')
}
