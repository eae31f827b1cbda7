// The user who is signed in. The page keeps name and password in memory, and in the tab's session storage only if the
// user ticks the box. It never keeps them longer.
/** @import { Session } from '../types.d.ts' */

const name = 'copilot-proxy.session'
const savedName = 'copilot-proxy.saved'
/** @type {Session | null} */
let current = null

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
 * @param {Session} session
 * @param {boolean} keep
 */
export function signIn ({ username, password }, keep) {
  current = Object.freeze({ username, password })
  if (keep) write(name, current)
  else remove(name)
}

export function signOut () {
  current = null
  remove(name)
}

export function isKept () {
  return read(name) !== null
}

/** The session that an earlier page in this tab has kept. */
export function restore () {
  const { username, password } = read(name) ?? {}
  if (typeof username === 'string' && typeof password === 'string') current = Object.freeze({ username, password })
  return current
}

/**
 * Remembers which name was saved when: Cloudflare KV may take a minute to show a new user everywhere. No secret.
 * @param {string} username
 */
export function markSaved (username) {
  write(savedName, { username, at: Date.now() })
}

/**
 * @param {string} username
 * @param {number} withinMs
 */
export function wasJustSaved (username, withinMs) {
  const saved = read(savedName)
  return saved?.username === username && typeof saved.at === 'number' && Date.now() - saved.at < withinMs
}

/**
 * @param {string} key
 * @returns {{ readonly username?: unknown, readonly password?: unknown, readonly at?: unknown } | null}
 */
function read (key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}

/**
 * @param {string} key
 * @param {object} value
 */
function write (key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value))
  } catch { /* storage may be off: memory is enough */ }
}

/** @param {string} key */
function remove (key) {
  try {
    sessionStorage.removeItem(key)
  } catch { /* storage may be off */ }
}
