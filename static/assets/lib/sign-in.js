// Are these credentials good? And patience with a store that tells the world of a new user bit by bit.
import { ask } from './api.js'
import { wasJustSaved } from './session.js'

/** Cloudflare KV may answer from an old copy for a minute, and up to a minute more for a key it had not found. */
export const spreadMs = 90_000
/** Seconds between tries: together about as long as that, and fewer than the proxy's limit on wrong passwords. */
const pauses = [1, 3, 6, 10, 14, 17, 19, 20]

/**
 * @param onSpreading called before every wait, with how many seconds have passed
 * @returns `{ ok, answer }`: `ok` says that name and password are right, `answer` what /usage said with them
 */
export async function checkSession (session, { signal, onSpreading = () => {}, store } = {}) {
  const startedAt = Date.now()
  for (let attempt = 0; ; attempt++) {
    const answer = await ask('/usage', { session, signal })
    if (answer.status !== 401) return { ok: isSignedIn(answer), answer }
    const isSpreading = store === 'cloudflare-kv' && wasJustSaved(session.username, spreadMs + 60_000)
    if (!isSpreading || attempt >= pauses.length || signal?.aborted) return { ok: false, answer }
    onSpreading(Math.round((Date.now() - startedAt) / 1_000))
    await pause(pauses[attempt] * 1_000, signal)
  }
}

/** Anything the proxy says of GitHub it says only to people who have shown a password. */
function isSignedIn ({ ok, status, state }) {
  return ok || ![0, 401, 404, 429].includes(status) && !['store_unavailable', 'draining'].includes(state)
}

export function pause (ms, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => { clearTimeout(timer); resolve() }, { once: true })
  })
}
