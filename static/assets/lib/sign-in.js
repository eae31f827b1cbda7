// Signs in and out, and waits for a store that needs time to show a new user or session everywhere. The password goes
// from the form to the proxy; nothing here keeps it.
import { ask } from './api.js'
import { forgetUser, noteUser } from './last-user.js'
import { explain } from './causes.js'
import { t } from './text.js'
import { justOpened, markOpened, signOutHere, wasJustSaved } from './session.js'
/** @import { Answers, Reply, Session } from '../types.d.ts' */

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
 * The session by the code that another device shows.
 * @param {string} code
 * @param {{ remember: boolean, store: string | null }} options
 */
export async function openSessionByCode (code, { remember, store }) {
  const answer = await ask('/session', { method: 'POST', body: { device_code: code, remember } })
  if (answer.ok && store === 'cloudflare-kv') markOpened(answer.data.username)
  return answer
}

/**
 * Asks whether the browser sends the session, and the proxy knows it.
 * @param {Session} session
 * @param {Waiting} [options]
 * @returns {Promise<{ ok: boolean, answer: Reply<Answers['/session']> }>} `ok` if the session counts
 */
export async function checkSession ({ username }, { store, ...waiting } = {}) {
  const answer = await withPatience(() => ask('/session', { signal: waiting.signal }),
    ({ status }) =>
      status === 401 && store === 'cloudflare-kv'
      && (wasJustSaved(username, markMs) || justOpened(markMs) === username), waiting)
  return { ok: answer.ok, answer }
}

/**
 * The session that the browser already has. The proxy answers 200 even without one: a browser prints a 401 in its
 * console.
 * @param {Waiting} [waiting]
 * @returns {Promise<Reply<Answers['/session']>>} status 401: it has none
 */
export async function findSession (waiting = {}) {
  const found = await withPatience(askForSession, ({ status }) => status === 401 && justOpened(markMs) !== null,
    waiting)
  if (found.ok) noteUser(found.data)
  else if (found.status === 401) forgetUser()
  return found
}

/** @returns {Promise<Reply<Answers['/session']>>} */
async function askForSession () {
  const answer = await ask('/session?optional=1')
  if (!answer.ok) return answer
  const { username, expires_at } = answer.data
  return username === null
    ? { ok: false, status: 401, state: 'invalid_api_key', message: t('sign-in.none'), retryAfter: null, data: null }
    : { ...answer, data: { username, ...expires_at === undefined ? {} : { expires_at } } }
}

/**
 * Ends the browser's session. Only the proxy can take the cookie away, so without an answer the user stays signed in.
 * @returns {Promise<string>} what went wrong, or ''
 */
export async function closeSession () {
  const answer = await ask('/session', { method: 'DELETE' })
  if (!answer.ok) return t('sign-in.still', { why: explain(answer) })
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
  return answer.status === 401 ? t('sign-in.ended') : null
}

/** @param {string} username */
export function replacedBy (username) {
  return t('sign-in.replaced', { username })
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
