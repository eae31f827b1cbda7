// What a tool needs, each with a copy button. A new password stays here until the page is left: only the page's text
// has it.
import { copyButton } from '../lib/copy.js'
import { byId, h } from '../lib/dom.js'
import { drawSecret } from '../lib/secret.js'
import { t } from '../lib/text.js'
/** @import { Session } from '../types.d.ts' */

/**
 * @param {Session} session
 * @param {string} [password] only if it is new
 */
export function drawCredentials ({ username }, password) {
  const base = `${location.origin}/${username}`
  byId('credentials-note').textContent = t(password === undefined ? 'setup.access.note' : 'setup.access.new')
  byId('credentials-list').replaceChildren(
    row(t('setup.access.openai'), h('dd', {}, `${base}/v1`), t('setup.access.openai.what')),
    row(t('setup.access.anthropic'), h('dd', {}, base), t('setup.access.anthropic.what')),
    row(t('setup.username'), h('dd', { id: 'shown-username' }, username), t('setup.access.username.what')),
    ...(password === undefined ? [] : [drawPassword(password)]),
  )
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

/** @param {string} password */
function drawPassword (password) {
  const { element, buttons } = drawSecret(password, { id: 'shown-password', what: t('setup.password.what'),
    element: h('dd', { id: 'shown-password' }) })
  return h('div', {}, h('dt', {}, t('setup.password')), element, h('dd', { class: 'ends' }, ...buttons))
}
