// Tables, cells and messages that the sections of the operator's page share.
import { h, icon } from '../lib/dom.js'
import { moment } from '../lib/format.js'
/** @import { Child } from '../lib/dom.js' */

/**
 * @param {string} label for screen readers
 * @param {readonly string[]} heads an empty one is the column of the buttons
 * @param {readonly HTMLElement[]} rows
 */
export function table (label, heads, rows) {
  const head = heads.map(name => name === '' ? h('td', {}) : h('th', { scope: 'col' }, name))
  return h('div', { class: 'table tall', tabindex: '0', role: 'region', 'aria-label': label },
    h('table', { class: 'stack' }, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows)))
}

/**
 * @param {string} name for narrow screens, which hide the head of the table
 * @param {...Child} children
 */
export function cell (name, ...children) {
  return h('td', { dataset: { name } }, ...children)
}

/** @param {string} text */
export function nothing (text) {
  return h('p', { class: 'empty' }, text)
}

/**
 * Nothing for an ended session: the page then shows the sign-in form.
 * @param {HTMLElement} body of the section
 * @param {{ status: number, message: string }} answer
 */
export function showTrouble (body, { status, message }) {
  if (status === 401) body.replaceChildren()
  else body.replaceChildren(h('div', { class: 'banner bad', role: 'alert' }, icon('warn'), h('p', {}, message)))
}

/**
 * In the time zone of the person who looks. A day stays as it is.
 * @param {string} iso
 */
export function time (iso) {
  if (iso.length === 10) return h('time', { datetime: iso }, iso)
  return h('time', { datetime: iso }, moment(Date.parse(iso)))
}
