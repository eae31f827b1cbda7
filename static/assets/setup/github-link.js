// "Link GitHub", as registration and the account section use it. The token stays in this closure: it is never shown.
import { announce } from '../lib/announce.js'
import { copyButton, copyText } from '../lib/copy.js'
import { h, icon } from '../lib/dom.js'
import { clockTime } from '../lib/format.js'
import { runDeviceFlow } from './device-flow.js'

const words = {
  requesting: 'Asking GitHub for a code…',
  open: 'Open GitHub, enter the code, then come back here.',
  waiting: 'Waiting for you to approve on GitHub…',
  slower: 'GitHub asked for more patience. Still waiting…',
  offline: 'No answer just now. Trying again…',
}
const endings = {
  canceled: '',
  denied: 'Access was denied on GitHub. Start again if that was not meant.',
  expired: 'The code expired. Start again for a new one.',
}

/** @param onChange called whenever there is a token, or none any more */
export function createGitHubLink (container, { onChange = () => {} } = {}) {
  let token = null
  let abort = null
  let pasted = null

  draw()
  return {
    /** What was linked or pasted; '' when nothing was. */
    read: () => token ?? pasted?.value.trim() ?? '',
    reset () { cancel(); token = null; drawStart() },
    focus: () => container.querySelector('button, input, a')?.focus(),
    isRunning: () => abort !== null,
  }

  function cancel () {
    abort?.abort()
    abort = null
  }

  function drawStart (problem = '') {
    draw(problem)
    onChange()
  }

  function draw (problem = '') {
    pasted = null
    container.replaceChildren(h('div', { class: 'field' },
      h('p', { class: 'muted' }, 'You approve on github.com with a short code. No password of yours passes through here.'),
      h('div', { class: 'row' },
        h('button', { type: 'button', class: 'primary', onclick: () => { void start() } }, 'Link GitHub'),
        h('button', { type: 'button', class: 'link', onclick: drawPaste }, 'Paste a token instead')),
      problem === '' ? null : h('p', { class: 'problem', role: 'alert' }, problem)))
  }

  function drawPaste () {
    pasted = h('input', { type: 'password', name: 'token', autocomplete: 'off', spellcheck: 'false', placeholder: 'ghu_… or gho_…', oninput: () => onChange() })
    container.replaceChildren(h('div', { class: 'field' },
      h('label', {}, 'GitHub token', pasted),
      h('span', { class: 'hint' }, 'A token of a Copilot app, beginning with ghu_ or gho_. Personal access tokens (ghp_, github_pat_) cannot use Copilot.'),
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'link', onclick: () => { drawStart(); container.querySelector('button').focus() } }, 'Link GitHub instead'))))
    pasted.focus()
    onChange()
  }

  async function start () {
    cancel()
    const run = abort = new AbortController()
    const box = drawDevice(() => { cancel(); drawStart(); announce('Canceled'); container.querySelector('button').focus() })
    const ending = await runDeviceFlow({ signal: run.signal, onCode: box.showCode, onState: state => box.say(words[state], state === 'offline') })
    box.stop()
    if (run !== abort) return
    abort = null
    if (ending.outcome === 'linked') {
      token = ending.token
      drawLinked()
    } else {
      drawStart(endings[ending.outcome] ?? `Linking failed. ${ending.detail}${ending.retryAfter ? ` Try again in ${Math.ceil(ending.retryAfter / 60)} min.` : ''}`)
    }
  }

  function drawDevice (onCancel) {
    const state = h('span', {})
    const line = h('p', { class: 'state', role: 'status' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), state)
    const left = h('span', { class: 'muted small-text' })
    const place = h('div', { class: 'field' })
    let timer
    container.replaceChildren(h('div', { class: 'device' }, place, line,
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'small', onclick: onCancel }, 'Cancel'), left)))
    container.querySelector('button').focus()
    return {
      say (text, isBad) { state.textContent = text; line.classList.toggle('bad', isBad) },
      stop () { clearInterval(timer) },
      showCode ({ userCode, verificationUri, expiresAt }) {
        const code = h('span', { class: 'code' }, userCode)
        const open = h('a', { class: 'button primary', href: safeAddress(verificationUri), target: '_blank', rel: 'noopener noreferrer', onclick: () => { void copyText(userCode) } }, 'Copy code and open GitHub', icon('open'))
        place.replaceChildren(h('span', { class: 'label' }, 'Your code'), h('div', { class: 'row' }, code, copyButton(() => userCode, { what: 'the code', fallback: code })), h('div', { class: 'row' }, open))
        const tick = () => { left.textContent = `Expires in ${clockTime(Math.max(0, (expiresAt - Date.now()) / 1_000))}` }
        tick()
        timer = setInterval(tick, 1_000)
        open.focus()
      },
    }
  }

  function drawLinked () {
    container.replaceChildren(h('div', { class: 'linked' }, icon('check'), h('span', { role: 'status' }, 'GitHub is linked'),
      h('button', { type: 'button', class: 'link', onclick: () => { token = null; drawStart(); container.querySelector('button').focus() } }, 'Use another account')))
    onChange()
  }
}

/** The proxy builds this address itself; still nothing but a web page is opened. */
function safeAddress (text) {
  return /^https?:\/\//.test(text) ? text : 'https://github.com/login/device'
}

/** @returns null when it may be sent, else what to do */
export function problemOfToken (text) {
  if (text === '') return 'Link your GitHub account first.'
  if (/^(?:ghp_|github_pat_)/.test(text)) return 'That is a personal access token, and GitHub does not allow Copilot with those. Link GitHub instead.'
  return /^gh[ou]_[A-Za-z0-9_]{20,251}$/.test(text) ? null : 'That is no token this proxy can use: it begins with ghu_ or gho_. Link GitHub to get one.'
}
