// GitHub's device flow, for the setup page. Pages of other origins may not use it, and polls never reach GitHub faster
// than it allows: RFC 8628 section 3.5.
import { LateCache } from '../late-cache.ts'
import { assertOwnGet, assertSameOrigin } from '../auth/same-origin.ts'
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { isObject } from '../json.ts'
import { limiterAddress } from '../limiter.ts'
import { deviceCodeForm } from '../upstream/github.ts'
import { parseObject } from '../upstream/read-body.ts'
import { readGitHubToken } from '../upstream/secrets.ts'
import { json } from './reply.ts'

const maxBodyBytes = 4_096
const maxIntervalSeconds = 60
const statusOfError: Readonly<Record<string, number>> = { authorization_pending: 202, slow_down: 429,
  access_denied: 403, expired_token: 410 }

interface Pacing {
  intervalSeconds: number
  nextAt: number
}

export function createDeviceFlow (
  { config, github, limits, devices, clock, audit }: Core,
): { readonly start: Handler, readonly poll: Handler } {
  const pacing = new LateCache<string, Pacing>({ max: 10_000 })
  const { monotonic } = clock

  return {
    async start (call) {
      assertSameOrigin(call, config.publicOrigin)
      if (call.method === 'GET') assertOwnGet(call, config.publicOrigin)
      await countStart(call)
      const code = await github.startDeviceFlow(call.signal)
      pacing.set(code.device_code, { intervalSeconds: code.interval, nextAt: 0 })
      await devices?.begin(code.device_code, code.interval)
      return json(200, code)
    },

    async poll (call) {
      assertSameOrigin(call, config.publicOrigin)
      const deviceCode = readDeviceCode(call)
      const started = pacing.get(deviceCode) ?? await startedElsewhere(deviceCode)
      // No process issued the code, so the client may have invented it, and each poll would cost a call to GitHub. The
      // poll counts as a start.
      if (started === null) await countStart(call)
      const known = started ?? { intervalSeconds: 5, nextAt: 0 }
      if (monotonic() < known.nextAt) return slowDown(known)
      // Allows ten per cent, because timers in a page are not exact.
      known.nextAt = monotonic() + known.intervalSeconds * 900
      pacing.set(deviceCode, known)
      // Another process may have polled a moment ago.
      if (await devices?.mayPoll(deviceCode, known.intervalSeconds * 900) === false) return slowDown(known)
      const answer = await github.pollDeviceFlow(deviceCode, call.signal)
      if (typeof answer['access_token'] === 'string' && answer['access_token'] !== '') {
        // `POST /` must accept every token that this route returns.
        if (readGitHubToken(answer['access_token']) === null) {
          throw new GatewayError('upstream_error', 'GitHub sent a token of an unknown kind.')
        }
        pacing.delete(deviceCode)
        return json(200, answer)
      }
      const error = typeof answer['error'] === 'string' ? answer['error'] : null
      if (error === null) {
        throw new GatewayError('upstream_error', 'GitHub answered the poll with neither a token nor an error.')
      }
      if (error === 'slow_down') {
        if (typeof answer['interval'] === 'number') {
          known.intervalSeconds = Math.min(answer['interval'], maxIntervalSeconds) - 5
        }
        return slowDown(known)
      }
      return json(statusOfError[error] ?? 400, { ...answer, status: error })
    },
  }

  async function startedElsewhere (code: string): Promise<Pacing | null> {
    const intervalSeconds = await devices?.intervalOf(code) ?? null
    return intervalSeconds === null ? null : { intervalSeconds, nextAt: 0 }
  }

  async function countStart ({ address, id }: Call): Promise<void> {
    const seconds = await limits.deviceStarts.take(limiterAddress(address))
    if (seconds === 0) return
    audit({ action: 'device-flow', outcome: 'limited', address, reqId: id })
    throw new GatewayError('rate_limited', 'Too many device codes were asked for from this address. Try again later.', {
      retryAfterSeconds: seconds,
    })
  }

  /** Five seconds more, for all later polls too. */
  function slowDown (known: Pacing) {
    known.intervalSeconds = Math.min(known.intervalSeconds + 5, maxIntervalSeconds)
    known.nextAt = Math.max(known.nextAt, monotonic() + known.intervalSeconds * 900)
    return json(429, { status: 'slow_down', error: 'slow_down', error_description: 'Polling too fast.',
      interval: known.intervalSeconds }, { 'retry-after': String(Math.ceil(known.intervalSeconds)) })
  }
}

function readDeviceCode ({ bytes }: Call): string {
  const body = bytes.length > maxBodyBytes ? null : parseObject(new TextDecoder().decode(bytes))
  const code = isObject(body) ? body['device_code'] : undefined
  if (typeof code !== 'string' || code === '') throw new GatewayError('invalid_request', 'Missing device_code')
  if (!deviceCodeForm.test(code)) {
    throw new GatewayError('invalid_request',
      'This is no device_code: 20 to 64 letters, digits, hyphens and underscores.')
  }
  return code
}
