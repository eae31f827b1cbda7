// GitHub's device flow without a line of page: RFC 8628, polled through the proxy. Each run has its own abort signal, so
// that a cancelled run can never deliver a token late.
import { ask } from '../lib/api.js'
import { pause } from '../lib/sign-in.js'

const maxIntervalSeconds = 60

/**
 * @param onCode called once with `{ userCode, verificationUri, expiresAt }`
 * @param onState called with one of the words in `device-words.js`
 * @returns `{ outcome: 'linked', token }`, or `{ outcome, detail }` with `canceled`, `denied`, `expired` or `failed`
 */
export async function runDeviceFlow ({ signal, onCode, onState }) {
  onState('requesting')
  const start = await ask('/github/get-device-code', { method: 'POST', body: {}, signal })
  if (signal.aborted) return { outcome: 'canceled' }
  if (!start.ok) return { outcome: 'failed', detail: start.message, retryAfter: start.retryAfter }
  const { device_code: deviceCode, user_code: userCode, verification_uri: verificationUri, expires_in: expiresIn, interval } = start.data
  const expiresAt = Date.now() + expiresIn * 1_000
  onCode({ userCode, verificationUri, expiresAt })
  onState('open')
  let seconds = interval
  for (;;) {
    // A fifth more than asked for: GitHub measures arrivals, and a poll that comes early slows all later ones.
    await pause(Math.min(seconds * 1_200, seconds * 1_000 + 1_000, Math.max(0, expiresAt - Date.now()) + 50), signal)
    if (signal.aborted) return { outcome: 'canceled' }
    if (Date.now() >= expiresAt) return { outcome: 'expired' }
    const poll = await ask('/github/poll-device-code', { method: 'POST', body: { device_code: deviceCode }, signal })
    if (signal.aborted) return { outcome: 'canceled' }
    const next = readPoll(poll, seconds)
    if (next.outcome) return next
    seconds = next.seconds
    onState(next.state)
  }
}

function readPoll ({ ok, status, data, state, message }, seconds) {
  if (ok && typeof data?.access_token === 'string') return { outcome: 'linked', token: data.access_token }
  if (status === 202) return { state: 'waiting', seconds }
  if (status === 429) return { state: 'slower', seconds: Math.min(maxIntervalSeconds, Number(data?.interval) || seconds + 5) }
  if (status === 0 || status >= 500) return { state: 'offline', seconds }
  if (status === 410 || state === 'expired_token') return { outcome: 'expired' }
  if (state === 'access_denied') return { outcome: 'denied' }
  return { outcome: 'failed', detail: message !== '' ? message : `HTTP ${status}` }
}
