// Copying also works on plain http://, where browsers offer no clipboard interface.
import { h, icon } from './dom.js'
import { announce } from './announce.js'
import { t } from './text.js'

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether the text is on the clipboard now
 */
export async function copyText (text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

/**
 * @param {() => string} read returns the text when the user presses the button
 * @param {{ label?: string, what?: string, fallback?: Node, onFallback?: () => void }} [options]
 *   `fallback` is selected when copying fails; `onFallback` is called before that
 */
export function copyButton (read, { label = t('copy.copy'), what = '', fallback, onFallback = () => {} } = {}) {
  const word = h('span', {}, label)
  const name = what === '' ? null : t('copy.what', { label, what })
  const button = h('button', { type: 'button', class: 'quiet small copy', 'aria-label': name }, icon('copy'), word)
  let timer = 0
  button.addEventListener('click', async () => {
    const isCopied = await copyText(read())
    if (!isCopied && fallback) {
      onFallback()
      selectAll(fallback)
    }
    word.textContent = t(isCopied ? 'copy.done' : 'copy.press')
    button.classList.toggle('done', isCopied)
    announce(isCopied ? t('copy.what', { label: t('copy.done'), what }).trim() : t('copy.selected'))
    clearTimeout(timer)
    timer = setTimeout(() => {
      word.textContent = label
      button.classList.remove('done')
    }, 1_800)
  })
  return button
}

/** @param {string} text */
function copyBySelection (text) {
  const focused = document.activeElement
  // Inside an open dialog: the rest of the page cannot take the focus then.
  const area = h('textarea', { class: 'offscreen', 'aria-hidden': 'true', tabindex: '-1', value: text })
  ;(focused?.closest('dialog') ?? document.body).append(area)
  area.select()
  let isCopied = false
  try {
    isCopied = document.execCommand('copy')
  } catch { /* not allowed: the caller selects the text instead */ }
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}

/** @param {Node} element */
function selectAll (element) {
  const range = document.createRange()
  range.selectNodeContents(element)
  const selection = window.getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
}
