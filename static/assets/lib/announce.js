// One quiet region that screen readers listen to.
import { h } from './dom.js'

/** @type {HTMLElement | null} */
let region = null

/** @param {string} text */
export function announce (text) {
  const live = region ??= document.body.appendChild(
    h('div', { class: 'offscreen', role: 'status', 'aria-live': 'polite' }),
  )
  live.textContent = ''
  // A screen reader reads a text that changes. It reads the same text again only if the region was empty in between.
  setTimeout(() => {
    live.textContent = text
  }, 30)
}
