// Gives the user a file that the page made.
import { h } from './dom.js'

/**
 * @param {string} name
 * @param {string} text JSON
 */
export function saveJson (name, text) {
  const url = URL.createObjectURL(new window.Blob([text], { type: 'application/json' }))
  const link = h('a', { href: url, download: name })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
