// Signs in and out, and waits for a store that needs time to show a new user or session everywhere. The password goes
// from the form to the proxy; nothing here keeps it.
import { ask } from './api.js'
import { forgetUser, noteUser } from './last-user.js'
import { justOpened, markOpened, signOutHere, wasJustSaved } from './session.js'
/** @import { Answers, Reply, Session, UsageReport } from '../types.d.ts' */

/** Cloudflare KV may answer from an old copy for a minute, and up to a minute more for a key that it did not find. */
export const spreadMs = 90_000
const markMs = spreadMs + 60_000
/**
 * Seconds between tries: together about `spreadMs`, and fewer tries than the proxy's limit on wrong passwords allows.
 */
const pauses = [1, 3, 6, 10, 14, 17, 19, 20]

/** @typedef {{ signal?: AbortSignal, onSpreading?: (seconds: number) => void, store?: string | null }} Waiting
 *   `onSpreading` is called before every pause with the seconds that have passed
 */

/**
 * Makes the browser's session, a cookie.
 * @param {{ username: string, password: string }} credentials
 * @param {Waiting & { remember: boolean }} options `remember`: the session outlives the browser
 */
export async function openSession ({ username, password }, { remember, store, ...waiting }) {
  const isKv = store === 'cloudflare-kv'
  const answer = await withPatience(() => ask('/session', { method: 'POST', body: { username, password, remember } }),
    ({ state }) => state === 'auth-failed' && isKv && wasJustSaved(username, markMs), waiting)
  if (answer.ok && isKv) markOpened(username)
  if (answer.ok) noteUser({ ...answer.data, username }, remember)
  return answer
}

/**
 * Asks for the user's usage, which shows whether the browser sends the session, and the proxy knows it.
 * @param {Session} session
 * @param {Waiting} [options]
 * @returns {Promise<{ ok: boolean, answer: Reply<UsageReport> }>} `ok` if the session counts; `answer` is that of
 *   /usage
 */
export async function checkSession (session, { store, ...waiting } = {}) {
  const { username } = session
  const answer = await withPatience(() => ask('/usage', { session, signal: waiting.signal }),
    ({ status }) =>
      status === 401 && store === 'cloudflare-kv'
      && (wasJustSaved(username, markMs) || justOpened(markMs) === username), waiting)
  return { ok: isSignedIn(answer), answer }
}

/**
 * The session that the browser already has.
 * @param {Waiting} [waiting]
 * @returns {Promise<Reply<Answers['/session']>>} status 401: it has none
 */
export async function findSession (waiting = {}) {
  const found = await withPatience(() => ask('/session'), ({ status }) => status === 401 && justOpened(markMs) !== null,
    waiting)
  if (found.ok) noteUser(found.data)
  else if (found.status === 401) forgetUser()
  return found
}

/**
 * Ends the browser's session. Only the proxy can take the cookie away, so without an answer the user stays signed in.
 * @returns {Promise<string>} what went wrong, or ''
 */
export async function closeSession () {
  const answer = await ask('/session', { method: 'DELETE' })
  if (!answer.ok) return `You are still signed in. ${answer.message}`
  forgetUser()
  signOutHere()
  return ''
}

/** @type {ReturnType<typeof findSession> | null} */
let looking = null

/**
 * After a 401: why the session of this user does not count. Several requests may get 401 at once; one look answers all.
 * @param {Session} session
 * @returns {Promise<string | null>} null if it still counts, or nobody knows
 */
export async function whyLost ({ username }) {
  const answer = await (looking ??= findSession().finally(() => {
    looking = null
  }))
  if (answer.ok) return answer.data.username === username ? null : replacedBy(answer.data.username)
  return answer.status === 401 ? 'Your session has ended.' : null
}

/** @param {string} username */
export function replacedBy (username) {
  return `${username} has signed in with this browser.`
}

/**
 * Asks again and again while the answer may still change.
 * @template {Reply<unknown>} Answer
 * @param {() => Promise<Answer>} call
 * @param {(answer: Answer) => boolean} isSpreading
 * @param {Waiting} waiting
 */
async function withPatience (call, isSpreading, { signal, onSpreading = () => {} }) {
  const startedAt = Date.now()
  for (let attempt = 0;; attempt++) {
    const answer = await call()
    const seconds = pauses[attempt]
    if (seconds === undefined || signal?.aborted || !isSpreading(answer)) return answer
    onSpreading(Math.round((Date.now() - startedAt) / 1_000))
    await pause(seconds * 1_000, signal)
  }
}

/**
 * The proxy reports trouble with GitHub only after it has accepted the session.
 * @param {Reply<unknown>} answer
 */
function isSignedIn ({ ok, status, state }) {
  return ok || ![0, 401, 404, 429].includes(status) && !['store_unavailable', 'draining'].includes(state)
}

/**
 * @param {number} ms
 * @param {AbortSignal} [signal] ends the pause early
 * @returns {Promise<void>}
 */
export function pause (ms, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    }, { once: true })
  })
}
