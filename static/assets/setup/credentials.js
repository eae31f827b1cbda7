// What a tool needs, each with a copy button. The password is hidden unless it is new.
import { copyButton } from '../lib/copy.js'
import { byId, h, icon } from '../lib/dom.js'
/** @import { Session } from '../types.d.ts' */

export const dots = `acpc-${'•'.repeat(10)}`

/**
 * @param {Session} session
 * @param {boolean} isNew shows the password, and says that this is the only time
 */
export function drawCredentials (session, isNew) {
  const base = `${location.origin}/${session.username}`
  const secret = h('dd', { id: 'shown-password' }, isNew ? session.password : dots)
  const toggle = h('button', { type: 'button', class: 'quiet small', 'aria-pressed': String(isNew) }, icon('eye'),
    'Show')
  toggle.addEventListener('click', () => {
    const isShown = secret.textContent === dots
    secret.textContent = isShown ? session.password : dots
    toggle.setAttribute('aria-pressed', String(isShown))
  })
  byId('credentials-note').textContent = isNew
    ? 'Copy the password now and keep it safe. The page shows it only this once, and nobody can recover it.'
    : 'Everything that a tool needs.'
  byId('credentials-list').replaceChildren(
    row('Base URL (OpenAI)', h('dd', {}, `${base}/v1`), `${base}/v1`, 'the OpenAI base URL'),
    row('Base URL (Anthropic)', h('dd', {}, base), base, 'the Anthropic base URL'),
    row('User name', h('dd', { id: 'shown-username' }, session.username), session.username, 'the user name'),
    row('Password / API key', secret, session.password, 'the password', toggle),
  )
}

/**
 * @param {string} name
 * @param {HTMLElement} value
 * @param {string} text
 * @param {string} what
 * @param {...HTMLElement} more
 */
function row (name, value, text, what, ...more) {
  return h('div', {}, h('dt', {}, name), value,
    h('dd', { class: 'ends' }, ...more, copyButton(() => text, { what, fallback: value })))
}
