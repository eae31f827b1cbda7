// Gives the user a file that the page made.
import { h } from './dom.js'

/**
 * @param {string} name
 * @param {string} text JSON
 */
export function saveJson (name, text) {
  saveText(name, text, 'application/json')
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} type
 */
export function saveText (name, text, type) {
  const url = URL.createObjectURL(new window.Blob([text], { type }))
  const link = h('a', { href: url, download: name })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
