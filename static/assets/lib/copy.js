// Copying works on plain http:// too, where browsers have no clipboard interface.
import { h, icon } from './dom.js'
import { announce } from './announce.js'

/** @returns whether the text is on the clipboard now */
export async function copyText (text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch { return copyBySelection(text) }
}

/** @param read gives the text when the button is pressed; @param fallback an element to select when nothing else works */
export function copyButton (read, { label = 'Copy', what = '', fallback } = {}) {
  const word = h('span', {}, label)
  const button = h('button', { type: 'button', class: 'quiet small copy', 'aria-label': what === '' ? null : `${label} ${what}` }, icon('copy'), word)
  let timer
  button.addEventListener('click', async () => {
    const done = await copyText(await read())
    if (!done && fallback) selectAll(fallback)
    word.textContent = done ? 'Copied' : 'Press Ctrl+C'
    button.classList.toggle('done', done)
    announce(done ? `Copied${what === '' ? '' : ` ${what}`}` : 'Selected. Press Ctrl+C to copy')
    clearTimeout(timer)
    timer = setTimeout(() => { word.textContent = label; button.classList.remove('done') }, 1_800)
  })
  return button
}

function copyBySelection (text) {
  const focused = document.activeElement
  const area = h('textarea', { class: 'offscreen', 'aria-hidden': 'true', tabindex: '-1', value: text })
  // Inside an open dialog, for the rest of the page cannot take the focus there.
  ;(focused?.closest('dialog') ?? document.body).append(area)
  area.select()
  let done = false
  try { done = document.execCommand('copy') } catch { /* not allowed: the caller selects the text instead */ }
  area.remove()
  focused?.focus?.()
  return done
}

function selectAll (element) {
  const range = document.createRange()
  range.selectNodeContents(element)
  const selection = window.getSelection()
  selection.removeAllRanges()
  selection.addRange(range)
}
