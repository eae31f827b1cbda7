// Checks a name and a password, and waits for a store that needs time to show a new user everywhere.
import { ask } from './api.js'
import { wasJustSaved } from './session.js'
/** @import { Reply, Session, UsageReport } from '../types.d.ts' */

/** Cloudflare KV may answer from an old copy for a minute, and up to a minute more for a key that it did not find. */
export const spreadMs = 90_000
/**
 * Seconds between tries: together about `spreadMs`, and fewer tries than the proxy's limit on wrong passwords allows.
 */
const pauses = [1, 3, 6, 10, 14, 17, 19, 20]

/**
 * @param {Session} session
 * @param {{ signal?: AbortSignal, onSpreading?: (seconds: number) => void, store?: string | null }} [options]
 *   `onSpreading` is called before every pause with the seconds that have passed
 * @returns {Promise<{ ok: boolean, answer: Reply<UsageReport> }>} `ok` if name and password are right; `answer` is that
 * of /usage
 */
export async function checkSession (session, { signal, onSpreading = () => {}, store } = {}) {
  const startedAt = Date.now()
  for (let attempt = 0;; attempt++) {
    const answer = await ask('/usage', { session, signal })
    if (answer.status !== 401) return { ok: isSignedIn(answer), answer }
    const seconds = pauses[attempt]
    const isSpreading = store === 'cloudflare-kv' && wasJustSaved(session.username, spreadMs + 60_000)
    if (!isSpreading || seconds === undefined || signal?.aborted) return { ok: false, answer }
    onSpreading(Math.round((Date.now() - startedAt) / 1_000))
    await pause(seconds * 1_000, signal)
  }
}

/**
 * The proxy reports trouble with GitHub only after it has accepted the password.
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
