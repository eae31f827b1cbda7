// GitHub's device flow (RFC 8628), polled through the proxy. It draws nothing. Each run has its own abort signal, so a
// cancelled run cannot deliver a token late.
import { ask } from '../lib/api.js'
import { explain } from '../lib/causes.js'
import { pause } from '../lib/sign-in.js'
/** @import { Answers, Reply } from '../types.d.ts' */

/**
 * @typedef {'requesting' | 'open' | 'waiting' | 'slower' | 'offline'} State
 * @typedef {{ outcome: 'linked', token: string } | { outcome: 'canceled' | 'denied' | 'expired' }
 *   | { outcome: 'failed', detail: string }} Ending
 * @typedef {{ userCode: string, verificationUri: string, expiresAt: number }} ShownCode
 */

const maxIntervalSeconds = 60

/**
 * @param {{ signal: AbortSignal, onCode: (code: ShownCode) => void, onState: (state: State) => void }} run `onCode` is
 * called once
 * @returns {Promise<Ending>}
 */
export async function runDeviceFlow ({ signal, onCode, onState }) {
  onState('requesting')
  const start = await ask('/github/get-device-code', { method: 'POST', body: {}, signal })
  if (signal.aborted) return { outcome: 'canceled' }
  if (!start.ok) return { outcome: 'failed', detail: explain(start) }
  const { device_code: deviceCode, user_code: userCode, verification_uri: verificationUri, expires_in: expiresIn,
    interval } = start.data
  const expiresAt = Date.now() + expiresIn * 1_000
  onCode({ userCode, verificationUri, expiresAt })
  onState('open')
  let seconds = interval
  for (;;) {
    // A fifth longer than GitHub asks for: GitHub measures arrivals, and an early poll slows all later ones.
    await pause(Math.min(seconds * 1_200, seconds * 1_000 + 1_000, Math.max(0, expiresAt - Date.now()) + 50), signal)
    if (signal.aborted) return { outcome: 'canceled' }
    if (Date.now() >= expiresAt) return { outcome: 'expired' }
    const poll = await ask('/github/poll-device-code', { method: 'POST', body: { device_code: deviceCode }, signal })
    if (signal.aborted) return { outcome: 'canceled' }
    const next = readPoll(poll, seconds)
    if ('outcome' in next) return next
    seconds = next.seconds
    onState(next.state)
  }
}

/**
 * @param {Reply<Answers['/github/poll-device-code']>} poll
 * @param {number} seconds
 * @returns {Ending | { state: State, seconds: number }}
 */
function readPoll (poll, seconds) {
  const { ok, status, data, state } = poll
  const fields = /** @type {{ access_token?: unknown, interval?: unknown } | null} */ (data)
  if (ok && typeof fields?.access_token === 'string') return { outcome: 'linked', token: fields.access_token }
  if (status === 202) return { state: 'waiting', seconds }
  if (status === 429) {
    return { state: 'slower', seconds: Math.min(maxIntervalSeconds, Number(fields?.interval) || seconds + 5) }
  }
  if (status === 0 || status >= 500) return { state: 'offline', seconds }
  if (status === 410 || state === 'expired_token') return { outcome: 'expired' }
  if (state === 'access_denied') return { outcome: 'denied' }
  return { outcome: 'failed', detail: explain(poll) }
}
