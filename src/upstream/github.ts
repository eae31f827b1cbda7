// GitHub's API apart from the token exchange: the device flow, and the data about a seat.
import type { Account } from '../auth/account.ts'
import { copilotClientId, type Config } from '../config.ts'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { toUpstreamError } from './errors.ts'
import { gitHubHeaders, userAgent } from './exchange.ts'
import { nameSeat } from './name-seat.ts'
import { parseObject, readExcerpt, readText } from './read-body.ts'
import { isPersonalToken } from './secrets.ts'
import type { Send, UpstreamResponse } from './send.ts'

export interface DeviceCode {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly expires_in: number
  readonly interval: number
}

export interface GitHub {
  /** @throws {GatewayError} `upstream_error` (502) when GitHub is unreachable or returns no code */
  readonly startDeviceFlow: (signal: AbortSignal) => Promise<DeviceCode>
  /** GitHub's answer to one poll: a token or an `error`, both with status 200. @throws {GatewayError} as above */
  readonly pollDeviceFlow: (deviceCode: string, signal: AbortSignal) => Promise<JsonObject>
  /** GitHub's data about the seat. Null if GitHub shows none to this kind of token. @throws {GatewayError} */
  readonly seat: (account: Account, signal: AbortSignal) => Promise<JsonObject | null>
}

/** The form of every code that we issue and accept. */
export const deviceCodeForm = /^[A-Za-z0-9_-]{20,64}$/

const timeoutMs = 10_000
const maxReplyBytes = 262_144

export function createGitHub (config: Config, send: Send): GitHub {
  const post = async (path: string, body: JsonObject, signal: AbortSignal): Promise<JsonObject> => {
    try {
      const response = await send({
        method: 'POST',
        url: config.githubBaseUrl + path,
        headersMs: timeoutMs,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        // Without `accept`, GitHub answers with a form.
        headers: { accept: 'application/json', 'content-type': 'application/json', 'accept-encoding': 'identity',
          'user-agent': userAgent(config) },
        body: JSON.stringify({ client_id: config.githubClientId, ...body }),
      })
      const answer = parseObject(await readText(response, maxReplyBytes))
      if (response.status === 200 && answer !== null) return answer
      throw new GatewayError('upstream_error', `GitHub answered the device flow with status ${response.status}.`)
    } catch (thrown) {
      if (thrown instanceof GatewayError) throw new GatewayError('upstream_error', thrown.message, { cause: thrown })
      throw new GatewayError('upstream_error', 'GitHub cannot be reached.', { cause: thrown })
    }
  }
  return {
    async startDeviceFlow (signal) {
      const { device_code: deviceCode, user_code: userCode, expires_in: expiresIn, interval } = await post(
        '/login/device/code',
        { scope: 'read:user' },
        signal,
      )
      if (typeof deviceCode !== 'string' || typeof userCode !== 'string') {
        throw new GatewayError('upstream_error', 'GitHub gave no device code.')
      }
      if (!deviceCodeForm.test(deviceCode)) {
        throw new GatewayError('upstream_error', 'GitHub sent a device code in an unknown format. Try again.')
      }
      return {
        device_code: deviceCode,
        user_code: userCode,
        // Built from our settings, not taken from the reply, because the page sends people to this address.
        verification_uri: `${config.githubBaseUrl}/login/device`,
        expires_in: positive(expiresIn, 900),
        interval: positive(interval, 5),
      }
    },
    pollDeviceFlow: (deviceCode, signal) =>
      post('/login/oauth/access_token', { device_code: deviceCode,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code' }, signal),
    async seat (account, signal) {
      const token = await account.openGitHubToken()
      if (isPersonalToken(token)) return null
      const response = await send({
        method: 'GET',
        url: `${config.githubApiBaseUrl}/copilot_internal/user`,
        headers: gitHubHeaders(config, token),
        body: null,
        headersMs: timeoutMs,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      if (response.status === 404 && config.githubClientId !== copilotClientId) {
        return readExcerpt(response, 1_024).then(() => null)
      }
      if (response.status === 401 || response.status === 403 || response.status === 404) {
        const message = parseObject(await readExcerpt(response, 4_096))?.['message']
        if (typeof message === 'string' && message.startsWith('API rate limit exceeded')) {
          throw new GatewayError('rate_limited', 'GitHub limits how often this account may ask. Try again later.', {
            retryAfterSeconds: 60,
          })
        }
        throw nameSeat(
          new GatewayError('github_token_rejected',
            "GitHub does not show this account's Copilot seat: the token was revoked, or there is no seat. Link "
              + 'GitHub again at /.'),
          account,
        )
      }
      if (response.status !== 200) throw named(toUpstreamError(response, await readExcerpt(response, 4_096)), response)
      const answer = parseObject(await readText(response, maxReplyBytes))
      if (answer === null) {
        throw new GatewayError('upstream_error', 'GitHub answered with something that is no account of a seat.')
      }
      return answer
    },
  }
}

/** The shared reader of errors takes every failure for one of Copilot's. */
function named (
  { code, status, headers, cause }: GatewayError,
  response: Pick<UpstreamResponse, 'status'>,
): GatewayError {
  return new GatewayError({ code, status }, `GitHub failed with status ${response.status}.`, { headers, cause })
}

function positive (value: unknown, fallback: number): number {
  return typeof value === 'number' && value > 0 && value <= 86_400 ? value : fallback
}
