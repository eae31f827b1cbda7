// Who failed, and what the reader can do: one table for every failed answer that a page shows. The proxy's own message
// is the most exact, so it stays; the table adds the name and the advice.
import { t } from './text.js'
/** @import { Reply } from '../types.d.ts' */
/** @import { TextName } from './text.js' */

/** @typedef {'github' | 'copilot' | 'server' | 'network' | 'between' | 'request'} Who */
/** @typedef {Pick<Reply<unknown>, 'status' | 'state' | 'message' | 'retryAfter'>} Failed */

/**
 * The first row that fits counts: a pattern of the state, with hyphens, and one of the message. Copilot and GitHub
 * share some states; their messages begin with the name.
 * @type {readonly (readonly [Who, RegExp, RegExp, TextName | null])[]}
 */
const causes = [['network', /^(?:unreachable|aborted)$/, /^/, null], ['between', /^foreign$/, /^/, null], ['github',
  /^github-(?:token-)?rejected$/, /^/, null], ['github', /^/, /^(?:GitHub|The token|This token)\b/, 'cause.github'], [
  'copilot',
  /^copilot-token-unstable$/,
  /^/,
  null,
], ['copilot', /^insufficient-quota$/, /^/, 'cause.quota'], ['copilot', /^upstream-rate-limited$/, /^/, 'cause.pause'],
  ['copilot', /^(?:upstream|context-length|misdirected)/, /^/, 'cause.copilot'], ['server', /^kv-missing$/, /^/,
  'cause.kv-missing'], ['server', /^store-unavailable$/, /^/, 'cause.store'], ['server', /^(?:draining|overloaded)$/,
  /^/, 'cause.moment'], ['server', /^(?:pepper-missing|record-unreadable|internal|host-not-allowed)$/, /^/,
  'cause.operator'], ['server', /^rate-limited$/, /^/, null]]

/**
 * `request`: nobody failed, the proxy refuses what was sent, and its message says what to change.
 * @param {Failed} answer
 * @returns {{ readonly who: Who, readonly advice: TextName | null }}
 */
export function causeOf ({ status, state, message }) {
  const name = state.replaceAll('_', '-')
  const found = causes.find(([, states, messages]) => states.test(name) && messages.test(message))
  if (found !== undefined) return { who: found[0], advice: found[3] }
  if (name === '' && status >= 400) return { who: 'between', advice: 'cause.between' }
  return status >= 500 ? { who: 'server', advice: 'cause.operator' } : { who: 'request', advice: null }
}

/**
 * One text for the reader: who failed, what happened, and what to do.
 * @param {Failed} answer
 */
export function explain (answer) {
  const { who, advice } = causeOf(answer)
  const { message, retryAfter } = answer
  const wait = retryAfter !== null && retryAfter > 0 && who !== 'request' ? waitFor(retryAfter) : ''
  const name = who === 'request' ? '' : t(`cause.who.${who}`)
  const parts = [sentence(message), wait === '' && advice !== null ? t(advice) : wait].filter(Boolean).join(' ')
  return name === '' || parts.startsWith(name) ? parts : t('cause.says', { who: name, text: parts })
}

/** @param {number} seconds */
export function waitFor (seconds) {
  return seconds < 90
    ? t('cause.wait.seconds', { count: Math.ceil(seconds) })
    : t('cause.wait.minutes', { count: Math.ceil(seconds / 60) })
}

/** @param {string} text */
function sentence (text) {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`
}
