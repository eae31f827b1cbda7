// The message at the top of the page: the outcome of a redirect, or trouble of the server. It shows known states only.
import { byId, h, icon, show } from '../lib/dom.js'
import { t } from '../lib/text.js'
/** @import { TextName } from '../lib/text.js' */

/** @type {Readonly<Record<string, 'good' | 'warn' | 'bad'>>} */
const states = { 'saved': 'good', 'saved-unchecked': 'warn', 'signed-out': 'good', 'deleted': 'good', 'invalid': 'bad',
  'invalid-username': 'bad', 'invalid-password': 'bad', 'auth-failed': 'bad', 'cross-site': 'bad',
  'rate-limited': 'warn', 'kv-missing': 'bad', 'store-unavailable': 'bad', 'github-rejected': 'bad', 'draining': 'warn',
  'unreachable': 'bad', 'invalid-invite': 'bad' }

/**
 * @param {string} state
 * @param {string} [text] shown in place of the state's own words
 */
export function showBanner (state, text) {
  const element = byId('banner')
  const kind = known(state) ?? 'bad'
  const shown = text ?? wordsOf(state)
  if (shown === null) return
  element.className = `banner ${kind}`
  element.replaceChildren(icon(kind === 'good' ? 'check' : 'warn'), h('p', {}, shown))
  show(element, true)
}

export function hideBanner () {
  show(byId('banner'), false)
}

/** Shows the status in the address, from the redirect of a form without JavaScript, and removes it from the address. */
export function showStatusOfAddress () {
  const state = new URLSearchParams(location.search).get('status')
  if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash)
  if (state !== null && known(state)) showBanner(state)
}

/** @param {string} state */
export function wordsOf (state) {
  return known(state) === undefined ? null : t(/** @type {TextName} */ (`setup.state.${state}`))
}

/** @param {string} state */
function known (state) {
  return Object.hasOwn(states, state) ? states[state] : undefined
}
