// Every call of the pages to the proxy, with the session's cookie. `ask` never throws: a page shows what went wrong.
import { noteReach } from './reach.js'
import { loseSession } from './session.js'
import { t } from './text.js'
/** @import { Answers, Reply, Session } from '../types.d.ts' */

/**
 * @template {keyof Answers} Path
 * @param {Path} path
 * @param {{ method?: string, body?: object, session?: Session, signal?: AbortSignal | undefined }} [options]
 *   `session` for the routes below a user
 * @returns {Promise<Reply<Answers[Path]>>}
 */
export async function ask (path, { method = 'GET', body, session, signal } = {}) {
  try {
    const response = await fetch(session ? apiPath(session, path) : path, {
      method,
      signal: signal ?? null,
      cache: 'no-store',
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    noteReach(true)
    if (session && response.status === 401) loseSession(session)
    const answer = readAnswer(response.status, await response.text())
    if (response.ok && (typeof answer.data !== 'object' || answer.data === null)) {
      return noAnswer('foreign', t('api.foreign'))
    }
    const outcome = { ok: response.ok, status: response.status,
      retryAfter: Number(response.headers.get('retry-after')) || null, ...answer }
    // The proxy that serves this page also answers: the data of a success has the shape of its route.
    return /** @type {Reply<Answers[Path]>} */ (outcome)
  } catch {
    if (!signal?.aborted) noteReach(false)
    return noAnswer(signal?.aborted ? 'aborted' : 'unreachable', t('api.unreachable'))
  }
}

/**
 * @param {string} state
 * @param {string} message
 * @returns {Reply<never>}
 */
function noAnswer (state, message) {
  return { ok: false, status: 0, data: null, state, message, retryAfter: null }
}

/**
 * @param {Session} session
 * @param {string} path
 */
export function apiPath ({ username }, path) {
  return `/${encodeURIComponent(username)}/v1${path}`
}

/**
 * Reads an answer, and an error in any of the proxy's forms.
 * @param {number} status
 * @param {string} text
 */
export function readAnswer (status, text) {
  const data = parse(text)
  const { error, error_description: description, status: name } = fieldsOf(data)
  const { code, message } = fieldsOf(error)
  // GitHub's device flow has a string as its error, the other routes an object.
  const words = firstString(message, typeof error === 'string' ? description : undefined, error)
  return {
    data,
    state: firstString(name, code, error),
    message: words !== '' ? words : status >= 400 ? t('api.status', { status: String(status) }) : '',
  }
}

/**
 * @param {string} text
 * @returns {unknown} null if the text is not JSON: then only the status is known
 */
function parse (text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * @param {unknown} value
 * @returns {Readonly<Record<string, unknown>>} those of an object; none if the value is something else
 */
function fieldsOf (value) {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** @param {...unknown} values */
function firstString (...values) {
  return values.find(value => typeof value === 'string') ?? ''
}
