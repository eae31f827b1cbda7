// Exchanges a GitHub token for a Copilot token; `direct.ts` has those that need no exchange. Each way in which the
// exchange can fail has its own message that tells the user what to do. `docs/spec/copilot.md#exchange`.
import type { Clock } from '../contract.ts'
import { copilotClientId, type Config } from '../config.ts'
import { GatewayError } from '../errors.ts'

import { createDirect, directLifetime } from './direct.ts'
import { readTokenBase } from './hosts.ts'
import { isObject } from '../json.ts'
import { parseObject, readExcerpt, readText } from './read-body.ts'
import { isPersonalToken, readCopilotToken, type CopilotToken, type GitHubToken } from './secrets.ts'
import type { Send, UpstreamResponse } from './send.ts'

export interface Session {
  readonly token: CopilotToken
  /** `endpoints.api`, checked. Null when the reply has none. */
  readonly base:
    | string
    | null
  /** Wall clock in milliseconds since the epoch, for the store. */
  readonly storedAt: number
  /** Milliseconds after which upstream begins to refuse the token: renew it then. */
  readonly refreshInMs: number
  /** The token's whole lifetime by GitHub's clock, so that a wrong local clock does no harm. */
  readonly livesMs: number
}

export type Exchange = (token: GitHubToken, signal: AbortSignal) => Promise<Session>

const timeoutMs = 10_000
const maxReplyBytes = 65_536

/**
 * @throws {GatewayError} `github_token_rejected`, `rate_limited`, `upstream_error`, `upstream_timeout`; the last two
 * are retried once
 */
export function createExchange (config: Config, send: Send, { now }: Clock): Exchange {
  const openDirect = createDirect(config, send, userAgent(config))
  const direct = async (token: GitHubToken, signal: AbortSignal): Promise<Session> => ({
    ...await openDirect(token, signal),
    storedAt: now(),
    ...directLifetime,
  })
  const isOwnApp = config.githubClientId !== copilotClientId
  const ask = async (token: GitHubToken, signal: AbortSignal): Promise<Session> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    try {
      if (isPersonalToken(token)) return await direct(token, limit)
      const response = await send({ method: 'GET', url: `${config.githubApiBaseUrl}/copilot_internal/v2/token`,
        headers: gitHubHeaders(config, token), body: null, signal: limit, headersMs: timeoutMs })
      // GitHub exchanges only the tokens of Copilot's own apps.
      if (response.status === 404 && isOwnApp) {
        return await readExcerpt(response, 1_024).then(() => direct(token, limit))
      }
      return readSession(response, await readText(response, maxReplyBytes), config, now())
    } catch (thrown) {
      if (thrown instanceof GatewayError || signal.aborted) throw thrown
      throw new GatewayError(limit.aborted ? 'upstream_timeout' : 'upstream_error',
        limit.aborted ? 'GitHub did not answer in time.' : "GitHub's answer broke off.", { cause: thrown })
    }
  }
  return async (token, signal) => {
    try {
      return await ask(token, signal)
    } catch (thrown) {
      if (!(thrown instanceof GatewayError && thrown.code === 'upstream_error') || signal.aborted) throw thrown
      return ask(token, signal)
    }
  }
}

/** These headers go to GitHub's API host, the only host that gets a GitHub token. */
export function gitHubHeaders (config: Config, token: GitHubToken): Record<string, string> {
  return {
    authorization: `token ${token}`,
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent(config),
    'editor-version': config.editorVersion,
    'editor-plugin-version': config.pluginVersion,
    'x-github-api-version': '2025-04-01',
  }
}

export function userAgent ({ pluginVersion }: Pick<Config, 'pluginVersion'>): string {
  return `GitHubCopilotChat/${pluginVersion.split('/')[1] ?? '0'}`
}

function readSession (response: UpstreamResponse, text: string, config: Config, now: number): Session {
  const body = parseObject(text)
  if (response.status !== 200) throw toRefusal(response, body, now)
  const token = readCopilotToken(body?.['token'])
  const expiresAt = body?.['expires_at']
  const refreshIn = body?.['refresh_in']
  if (token === null || !isSeconds(expiresAt)) {
    throw new GatewayError('upstream_error', 'GitHub answered the token exchange with something that is no token.')
  }
  // The reply's `Date` gives GitHub's clock. Without it `refresh_in` counts, and the local clock only as the last
  // resort.
  const date = Date.parse(response.headers['date'] ?? '')
  const livesMs = Number.isNaN(date) && isSeconds(refreshIn)
    ? refreshIn * 1_000 + 300_000
    : expiresAt * 1_000 - (Number.isNaN(date) ? now : date)
  const refreshInMs = isSeconds(refreshIn) ? refreshIn * 1_000 : livesMs - 300_000
  if (livesMs <= 0) {
    throw new GatewayError('upstream_error', 'GitHub answered the token exchange with a token that has expired.')
  }
  const endpoints = body?.['endpoints']
  const base = readTokenBase(isObject(endpoints) ? endpoints['api'] : undefined, config)
  return { token, base, storedAt: now, refreshInMs: Math.max(1_000, refreshInMs), livesMs }
}

/** Looks at the body's shape first, as the official client does, then at the status. */
function toRefusal (
  response: UpstreamResponse,
  body: Readonly<Record<string, unknown>> | null,
  now: number,
): GatewayError {
  const { status, headers } = response
  const message = typeof body?.['message'] === 'string' ? body['message'] : ''
  const details = isObject(body?.['error_details']) ? body['error_details'] : null
  if (status === 429 || message.startsWith('API rate limit exceeded')) {
    return new GatewayError('rate_limited',
      'GitHub limits how often this account may ask for a Copilot token. Try again later.', {
      retryAfterSeconds: retryAfterSeconds(headers, now),
    })
  }
  if (status === 401) {
    return rejected(
      'GitHub no longer accepts the token of this user: it was revoked or has expired. Link GitHub again at / with '
        + 'the same user name and password.',
    )
  }
  if (details !== null) {
    const reason = [details['message'], details['url']].filter(part => typeof part === 'string').map(plain).join(' ')
    return rejected(`GitHub gives this account no Copilot: ${reason === '' ? 'no reason was given.' : reason}`)
  }
  if (status === 403 && /personal access token/i.test(message)) {
    return rejected(
      'GitHub does not exchange personal access tokens. Link GitHub by device flow, or paste a gho_ or ghu_ token '
        + 'of a Copilot app, or a fine-grained github_pat_ token with the permission Copilot Requests.',
    )
  }
  if (status === 403) {
    return rejected(`GitHub refuses Copilot to this account${message === '' ? '.' : `: ${plain(message)}`}`)
  }
  if (status === 404) {
    return rejected(
      "The app that this GitHub token belongs to may not use Copilot (the GitHub CLI's may not), or the account "
        + 'has no seat. Link GitHub by device flow.',
    )
  }
  return new GatewayError('upstream_error', `GitHub answered the token exchange with status ${status}.`)
}

function rejected (message: string): GatewayError {
  return new GatewayError('github_token_rejected', message)
}

/** Shows upstream's message as one line of plain text. */
function plain (text: unknown): string {
  return String(text).replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 500)
}

function retryAfterSeconds (headers: UpstreamResponse['headers'], now: number): number {
  const given = Number(headers['retry-after'])
  const reset = Number(headers['x-ratelimit-reset']) - now / 1_000
  return [given, reset, 60].find(seconds => seconds > 0 && seconds <= 86_400) ?? 60
}

function isSeconds (value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
