// A secret on the page: shown or hidden, with a button whose word is what it does, and a button that copies it. What
// the reader selects and copies is the secret itself, also while dots hide it.
import { copyButton } from './copy.js'
import { h, icon } from './dom.js'
import { t } from './text.js'

const dots = '••••••••••'

/**
 * As many places as the page has, one state: `draw` is called for each of its changes.
 * @param {boolean} isShown
 */
export function createVisibility (isShown) {
  /** @type {Set<() => void>} */
  const places = new Set()
  return {
    isShown: () => isShown,
    /** @param {() => void} draw called now too */
    watch (draw) {
      places.add(draw)
      draw()
    },
    /** @param {boolean} next */
    set (next) {
      isShown = next
      for (const draw of places) draw()
    },
  }
}
/** @typedef {ReturnType<typeof createVisibility>} Visibility */

/**
 * @param {Visibility} visibility
 * @param {string} what the secret is, for screen readers
 */
export function visibilityButton (visibility, what) {
  const word = h('span', {})
  const button = h('button', { type: 'button', class: 'quiet small reveal', onclick: () => {
    visibility.set(!visibility.isShown())
  } }, icon('eye'), word)
  visibility.watch(() => {
    const label = t(visibility.isShown() ? 'secret.hide' : 'secret.show')
    word.textContent = label
    button.setAttribute('aria-label', t('secret.what', { label, what }))
  })
  return button
}

/**
 * A text that may contain the secret. It selects as one, without the spaces around it.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {{ secret: string, visibility: Visibility }} options `secret` is hidden while the visibility says so
 */
export function drawSecretText (element, text, { secret, visibility }) {
  const hidden = hiddenForm(secret)
  element.dataset['secret'] = ''
  visibility.watch(() => {
    element.textContent = visibility.isShown() ? text : text.replaceAll(secret, hidden)
  })
  element.addEventListener('copy', event => {
    const selected = window.getSelection()?.toString() ?? ''
    if (event.clipboardData === null || selected === '') return
    event.clipboardData.setData('text/plain', selected.replaceAll(hidden, secret).replace(/^\n+|\s+$/g, ''))
    event.preventDefault()
  })
  return element
}

/**
 * A secret with its buttons, shown at first.
 * @param {string} secret
 * @param {{ id: string, what: string, element?: HTMLElement }} options `what` it is, for screen readers
 */
export function drawSecret (secret, { id, what, element = h('code', { id, class: 'grow', tabindex: '0' }) }) {
  const visibility = createVisibility(true)
  drawSecretText(element, secret, { secret, visibility })
  return { element,
    buttons: [visibilityButton(visibility, what),
      copyButton(() => secret, { what, fallback: element, onFallback: () => visibility.set(true) })] }
}

/**
 * A key keeps its first letters, which are no secret.
 * @param {string} secret
 */
function hiddenForm (secret) {
  return `${/^acp[a-z]-/.exec(secret)?.[0] ?? ''}${dots}`
}
