// The line on top of the page, for what a redirect or the server's own state has to say. Only known states are shown.
import { byId, h, icon, show } from '../lib/dom.js'

const states = {
  saved: ['good', 'Saved. Sign in with your user name and password to see your settings.'],
  'saved-unchecked': ['warn', 'Saved, but GitHub could not be reached to check the token. Sign in and run the connection test in a minute.'],
  deleted: ['good', 'The user and its GitHub token are deleted.'],
  invalid: ['bad', 'That is no token this proxy can use. It begins with gho_ or ghu_. Link GitHub below to get one.'],
  'invalid-username': ['bad', 'That user name cannot be used. Take lower-case letters, digits and single hyphens between them.'],
  'invalid-password': ['bad', 'That password has the wrong format. The page makes a good one for you.'],
  'auth-failed': ['bad', 'User name or password is wrong. Nothing was changed.'],
  'registration-closed': ['bad', 'This proxy takes no new users.'],
  'invalid-code': ['bad', 'The registration code is wrong. Ask the operator for it.'],
  'cross-site': ['bad', 'That request came from another site, and was refused. Use the form on this page. Behind a reverse proxy the operator sets PUBLIC_ORIGIN.'],
  'rate-limited': ['warn', 'Too many tries from your address. Wait a few minutes.'],
  'kv-missing': ['bad', 'The store of this proxy is not configured yet, so nobody can register. On Node set CF_API_TOKEN, CF_ACCOUNT_ID and CF_KV_NAMESPACE_ID, or STORE=sqlite, and start again. On Cloudflare Workers bind a KV namespace as TOKEN_KV.'],
  'store-unavailable': ['bad', 'The store does not answer at the moment. Try again in a minute.'],
  'github-rejected': ['bad', 'GitHub does not accept the token, or the account has no Copilot. Link an account that has a seat; nothing was saved.'],
  draining: ['warn', 'The proxy is restarting. Reload in a moment.'],
  unreachable: ['bad', 'The proxy does not answer. Is it running, and are you online?'],
}

export function showBanner (state, text) {
  const element = byId('banner')
  const [kind, words] = Object.hasOwn(states, state) ? states[state] : ['bad', text]
  if (words === undefined) return
  element.className = `banner ${kind}`
  element.replaceChildren(icon(kind === 'good' ? 'check' : 'warn'), h('p', {}, text ?? words))
  show(element, true)
}

export function hideBanner () {
  show(byId('banner'), false)
}

/** What a form without JavaScript, or an old link, was redirected with; gone from the address once it is shown. */
export function showStatusOfAddress () {
  const state = new URLSearchParams(location.search).get('status')
  if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash)
  if (state !== null && Object.hasOwn(states, state)) showBanner(state)
}

export function wordsOf (state) {
  return Object.hasOwn(states, state) ? states[state][1] : null
}
