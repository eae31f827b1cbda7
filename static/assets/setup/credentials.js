// What a tool needs, each to be copied. The password is covered unless it has just been made.
import { copyButton } from '../lib/copy.js'
import { byId, h, icon } from '../lib/dom.js'

export const dots = `acpc-${'•'.repeat(10)}`

/** @param isNew shows the password at once, and says that it is the only time */
export function drawCredentials (session, isNew) {
  const base = `${location.origin}/${session.username}`
  const secret = h('dd', { id: 'shown-password' }, isNew ? session.password : dots)
  const cover = h('button', { type: 'button', class: 'quiet small', 'aria-pressed': String(isNew), onclick () {
    const isShown = secret.textContent === dots
    secret.textContent = isShown ? session.password : dots
    cover.setAttribute('aria-pressed', String(isShown))
  } }, icon('eye'), 'Show')
  byId('credentials-note').textContent = isNew
    ? 'Copy the password now and keep it safe: it is shown this once, and nobody can recover it.'
    : 'All that a tool needs.'
  byId('credentials-list').replaceChildren(
    row('Base URL (OpenAI)', h('dd', {}, `${base}/v1`), `${base}/v1`, 'the OpenAI base URL'),
    row('Base URL (Anthropic)', h('dd', {}, base), base, 'the Anthropic base URL'),
    row('User name', h('dd', { id: 'shown-username' }, session.username), session.username, 'the user name'),
    row('Password / API key', secret, session.password, 'the password', cover))
}

function row (name, value, text, what, ...more) {
  return h('div', {}, h('dt', {}, name), value, h('dd', { class: 'ends' }, ...more, copyButton(() => text, { what, fallback: value })))
}
