// The user who is signed in. A cookie that no script can read is the proof; the page knows the name alone. The tabs of
// a browser share the cookie, so they tell each other when it changes.
/** @import { Session } from '../types.d.ts' */

const savedName = 'copilot-proxy.saved'
const openedName = 'copilot-proxy.opened'
const channel = new window.BroadcastChannel('copilot-proxy.session')
/** @type {Session | null} */
let current = null
/** @type {(lost: Session) => unknown} */
let onLost = () => undefined

export function session () {
  return current
}

/**
 * For code that runs only while somebody is signed in.
 * @throws {Error} when nobody is
 */
export function signedIn () {
  if (current === null) throw new Error('nobody is signed in')
  return current
}

/**
 * The browser has a session of this user. Other tabs learn of it if it is new.
 * @param {Session} next
 * @param {{ isNew: boolean }} options
 */
export function enterSession ({ username }, { isNew }) {
  current = Object.freeze({ username })
  if (isNew) channel.postMessage(username)
}

/** The page shows nobody any more. The session may go on in the browser. */
export function leaveSession () {
  current = null
}

/** The browser's session has ended by the user's wish: for all tabs. */
export function signOutHere () {
  leaveSession()
  remove(openedName)
  channel.postMessage(null)
}

/**
 * @param {{ lost: (session: Session) => unknown, elsewhere: (username: string | null) => unknown }} page `lost`: the
 *   proxy refused the session of the user that the page shows; `elsewhere`: another tab signed this user in, or signed
 *   out
 */
export function watchSession ({ lost, elsewhere }) {
  onLost = lost
  channel.onmessage = ({ data }) => {
    elsewhere(typeof data === 'string' ? data : null)
  }
}

/**
 * The proxy answered 401.
 * @param {Session} refused
 */
export function loseSession (refused) {
  if (current === refused) onLost(refused)
}

/**
 * Remembers which name was saved when: Cloudflare KV may take a minute to show a new user everywhere. No secret.
 * @param {string} username
 */
export function markSaved (username) {
  write(savedName, username)
}

/**
 * @param {string} username
 * @param {number} withinMs
 */
export function wasJustSaved (username, withinMs) {
  return wasJust(savedName, withinMs) === username
}

/**
 * The same for a new session.
 * @param {string} username
 */
export function markOpened (username) {
  write(openedName, username)
}

/**
 * @param {number} withinMs
 * @returns {string | null} the user of the session that this tab opened in this time
 */
export function justOpened (withinMs) {
  return wasJust(openedName, withinMs)
}

/**
 * @param {string} key
 * @param {number} withinMs
 */
function wasJust (key, withinMs) {
  try {
    const { username, at } = JSON.parse(sessionStorage.getItem(key) ?? '{}')
    return typeof username === 'string' && Date.now() - at < withinMs ? username : null
  } catch {
    return null
  }
}

/**
 * @param {string} key
 * @param {string} username
 */
function write (key, username) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ username, at: Date.now() }))
  } catch { /* storage may be off */ }
}

/** @param {string} key */
function remove (key) {
  try {
    sessionStorage.removeItem(key)
  } catch { /* storage may be off */ }
}
