// The user of this browser's session, for the time when no server can tell: then the chats of this user are shown. A
// session that ends with the browser is remembered in this tab only.
const key = 'copilot-proxy.user'

/**
 * @param {{ username: string, expires_at?: string }} found
 * @param {boolean} [isKept] whether the session outlives the browser; as before, if nobody says
 */
export function noteUser (
  { username, expires_at: expiresAt = '' },
  isKept = read('localStorage')?.username === username,
) {
  forgetUser()
  try {
    window[isKept ? 'localStorage' : 'sessionStorage'].setItem(key, JSON.stringify({ username, expiresAt }))
  } catch { /* storage may be off */ }
}

export function forgetUser () {
  try {
    window.localStorage.removeItem(key)
    window.sessionStorage.removeItem(key)
  } catch { /* storage may be off */ }
}

/** @returns {string | null} null if the session has ended meanwhile, or nobody was signed in */
export function lastUser () {
  const { username, expiresAt } = read('localStorage') ?? read('sessionStorage') ?? {}
  const hasEnded = Date.parse(expiresAt ?? '') < Date.now()
  return username === undefined || hasEnded ? null : username
}

/**
 * @param {'localStorage' | 'sessionStorage'} where
 * @returns {{ username: string, expiresAt: string } | null}
 */
function read (where) {
  try {
    const found = JSON.parse(window[where].getItem(key) ?? 'null')
    return typeof found?.username === 'string' ? found : null
  } catch {
    return null
  }
}
