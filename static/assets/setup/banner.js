// The message at the top of the page: the outcome of a redirect, or trouble of the server. It shows known states only.
import { byId, h, icon, show } from '../lib/dom.js'

/** @type {Readonly<Record<string, readonly ['good' | 'warn' | 'bad', string]>>} */
const states = {
  saved: ['good', 'Saved. Sign in with your user name and password to see your settings.'],
  'saved-unchecked': ['warn',
    'Saved, but GitHub could not be reached to check the token. Sign in and run the connection test in a minute.'],
  'signed-out': ['good', 'You signed out in another tab.'],
  deleted: ['good', 'The user and its GitHub token are deleted.'],
  invalid: ['bad',
    'This proxy cannot use that token: it must begin with ghu_, gho_ or github_pat_. Link GitHub below to get one.'],
  'invalid-username': ['bad',
    'That user name is reserved or malformed. Use lower-case letters and digits, with single hyphens between them.'],
  'invalid-password': ['bad', 'That password has the wrong format. The page makes a valid one for you.'],
  'auth-failed': ['bad',
    'User name or password is wrong, or this proxy takes no new user without a code or an invite. Nothing was '
    + 'changed.'],
  'cross-site': ['bad',
    'That request came from another site, so the proxy refused it. Use the form on this page. Behind a reverse '
    + 'proxy, the operator sets PUBLIC_ORIGIN.'],
  'rate-limited': ['warn', 'Too many tries from your address. Wait a few minutes.'],
  'kv-missing': ['bad',
    'The store of this proxy is not configured yet, so nobody can register. On Node, set CF_API_TOKEN, '
    + 'CF_ACCOUNT_ID and CF_KV_NAMESPACE_ID, or STORE=sqlite, and start again. On Cloudflare Workers, bind a KV '
    + 'namespace as TOKEN_KV.'],
  'store-unavailable': ['bad', 'The store does not answer at the moment. Try again in a minute.'],
  'github-rejected': ['bad',
    'GitHub does not accept the token, or the account has no Copilot. Link an account that has a seat; nothing was '
    + 'saved.'],
  draining: ['warn', 'The proxy is restarting. Reload in a moment.'],
  unreachable: ['bad', 'The proxy does not answer. Is it running, and are you online?'],
}

/**
 * @param {string} state
 * @param {string} [text] shown in place of the state's own words
 */
export function showBanner (state, text) {
  const element = byId('banner')
  const [kind, words] = known(state) ?? ['bad', undefined]
  const shown = text ?? words
  if (shown === undefined) return
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
  return known(state)?.[1] ?? null
}

/** @param {string} state */
function known (state) {
  return Object.hasOwn(states, state) ? states[state] : undefined
}
