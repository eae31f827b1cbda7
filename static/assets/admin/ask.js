// Every call of the operator's page. The browser adds the cookie of the session, which no script can read.
import { readAnswer } from '../lib/api.js'
import { forget, remember } from '../lib/remember.js'
import { t } from '../lib/text.js'
/** @import { Reply } from '../types.d.ts' */
/** @import { AdminAnswers } from './types.d.ts' */

/** @type {() => void} */
let onEnded = () => {}
/** Counts the sessions: an answer to an earlier one is not shown. */
let sessions = 0

const signedInAt = 'copilot-proxy.operator'
const sessionMs = 12 * 3_600_000

/**
 * Whether somebody signed in with this browser, in the time for which a session lives. Only then is it worth asking:
 * browsers write each refusal to the console.
 */
export function mayHaveSession () {
  try {
    return Date.now() - Number(window.localStorage.getItem(signedInAt)) < sessionMs
  } catch {
    return true
  }
}

/** @param {boolean} hasSession */
function noteSession (hasSession) {
  if (hasSession) remember(signedInAt, String(Date.now()))
  else forget(signedInAt)
}

/** @param {() => void} work called when the session has ended */
export function whenSessionEnds (work) {
  onEnded = work
}

/** What was asked before is answered as if the session had ended. */
export function forgetAsked () {
  sessions++
}

/**
 * Never throws: the page shows what went wrong.
 * @template {keyof AdminAnswers} Path
 * @param {Path} path below `/admin`
 * @param {{ method?: string, body?: object, more?: string }} [options] `more` is added to the path
 * @returns {Promise<Reply<AdminAnswers[Path]>>}
 */
export async function askAdmin (path, { method = 'GET', body, more = '' } = {}) {
  const asked = sessions
  try {
    const response = await fetch(`/admin${path}${more}`, { method, cache: 'no-store', credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const answer = readAnswer(response.status, await response.text())
    if (response.status === 401 || path === '/session' && response.ok) noteSession(method === 'POST' && response.ok)
    if (response.status === 401 && path !== '/session') onEnded()
    if (asked !== sessions) return noAnswer(401, '')
    return /** @type {Reply<AdminAnswers[Path]>} */ ({ ok: response.ok, status: response.status,
      retryAfter: Number(response.headers.get('retry-after')) || null, ...answer })
  } catch {
    return noAnswer(0, t('admin.noAnswer'))
  }
}

/**
 * @param {number} status
 * @param {string} message
 * @returns {Reply<never>}
 */
function noAnswer (status, message) {
  return { ok: false, status, data: null, state: 'unreachable', message, retryAfter: null }
}
