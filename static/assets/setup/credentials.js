// What a tool needs, each with a copy button. A new password stands here once: only the page's text has it, and it goes
// with the next page.
import { copyButton } from '../lib/copy.js'
import { byId, h } from '../lib/dom.js'
/** @import { Session } from '../types.d.ts' */

/**
 * @param {Session} session
 * @param {string} [password] only if it is new
 */
export function drawCredentials ({ username }, password) {
  const base = `${location.origin}/${username}`
  byId('credentials-note').textContent = password === undefined
    ? 'A tool needs an address and a key. Below you can create a key for each tool. This page does not keep your '
      + 'password.'
    : 'Copy the password now and keep it safe. The page shows it only this once, and nobody can recover it.'
  byId('credentials-list').replaceChildren(row('Base URL (OpenAI)', h('dd', {}, `${base}/v1`), 'the OpenAI base URL'),
    row('Base URL (Anthropic)', h('dd', {}, base), 'the Anthropic base URL'),
    row('User name', h('dd', { id: 'shown-username' }, username), 'the user name'),
    ...(password === undefined ? [] : [row('Password', h('dd', { id: 'shown-password' }, password), 'the password')]))
}

/**
 * @param {string} name
 * @param {HTMLElement} value
 * @param {string} what
 */
function row (name, value, what) {
  return h('div', {}, h('dt', {}, name), value,
    h('dd', { class: 'ends' }, copyButton(() => value.textContent ?? '', { what, fallback: value })))
}
