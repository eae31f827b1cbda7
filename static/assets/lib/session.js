// Who is signed in: kept in memory, and for the browser's session only where somebody ticked the box. Never longer.

const name = 'copilot-proxy.session'
const savedName = 'copilot-proxy.saved'
let current = null

export function session () {
  return current
}

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

/** The session that an earlier page of this browser session was asked to keep. */
export function restore () {
  const kept = read(name)
  if (typeof kept?.username === 'string' && typeof kept?.password === 'string') current = Object.freeze({ username: kept.username, password: kept.password })
  return current
}

/** No secret: which name was saved when, for Cloudflare KV may take a minute to tell everyone. */
export function markSaved (username) {
  write(savedName, { username, at: Date.now() })
}

export function wasJustSaved (username, withinMs) {
  const saved = read(savedName)
  return saved?.username === username && Date.now() - saved.at < withinMs
}

function read (key) {
  try { return JSON.parse(sessionStorage.getItem(key)) } catch { return null }
}

function write (key, value) {
  try { sessionStorage.setItem(key, JSON.stringify(value)) } catch { /* storage may be off: then it is kept in memory alone */ }
}

function remove (key) {
  try { sessionStorage.removeItem(key) } catch { /* as above */ }
}
