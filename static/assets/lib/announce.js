// One quiet place that screen readers listen to.
import { h } from './dom.js'

let region = null

export function announce (text) {
  region ??= document.body.appendChild(h('div', { class: 'offscreen', role: 'status', 'aria-live': 'polite' }))
  region.textContent = ''
  // A changed text is read; the same text twice is not, unless it was gone in between.
  setTimeout(() => { region.textContent = text }, 30)
}
