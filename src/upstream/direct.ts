// Tokens of GitHub that Copilot itself accepts, without an exchange: fine-grained personal tokens with the permission
// Copilot Requests, and tokens of an operator's own app. GitHub names their Copilot host.
// docs/spec/copilot.md#token-kinds
import type { Config } from '../config.ts'
import { GatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { copilotBase, readTokenBase } from './hosts.ts'
import { scrub } from '../scrub.ts'
import { parseObject, readExcerpt, readText } from './read-body.ts'
import { isPersonalToken, toBearer, type CopilotToken, type GitHubToken } from './secrets.ts'
import type { Send } from './send.ts'

/** GitHub's own command line, the only client from which Copilot accepts such tokens. */
export const directIntegration = 'copilot-developer-cli'

/** Such a token does not change. It is checked once a day, so that a lost permission has its own message. */
export const directLifetime = { refreshInMs: 24 * 3_600_000, livesMs: 25 * 3_600_000 } as const
const timeoutMs = 10_000
const query = '{viewer{login copilotEndpoints{api}}}'

/** @throws {GatewayError} `github_token_rejected`, `rate_limited`, `upstream_error`, `upstream_timeout` */
export type OpenDirect = (
  token: GitHubToken,
  signal: AbortSignal,
) => Promise<{ readonly token: CopilotToken, readonly base: string | null }>

export function createDirect (config: Config, send: Send, userAgent: string): OpenDirect {
  const common = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': userAgent }
  return async (token, signal) => {
    const base = await findHost(token, signal)
    await assertAccepted(token, copilotBase(null, base, config), signal)
    return { token: toBearer(token), base }
  }

  async function findHost (token: GitHubToken, signal: AbortSignal): Promise<string | null> {
    const response = await send({ method: 'POST', url: `${config.githubApiBaseUrl}/graphql`,
      headers: { ...common, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }), signal, headersMs: timeoutMs })
    const text = await readText(response, 65_536)
    if (response.status === 401) {
      throw rejected(
        'GitHub no longer accepts the token of this user: it was revoked or has expired. Enter a new one at / with '
          + 'the same user name and password.',
      )
    }
    if (response.status === 429 || (response.status === 403 && /rate limit/i.test(text))) {
      throw new GatewayError('rate_limited', 'GitHub limits how often this account may ask. Try again later.', {
        retryAfterSeconds: 60,
      })
    }
    if (response.status !== 200) {
      throw new GatewayError('upstream_error', `GitHub named no Copilot host: status ${response.status}.`)
    }
    return readTokenBase(hostIn(parseObject(text)), config)
  }

  /** The list of models costs nothing, and shows whether Copilot accepts the token. Its own failures do not count. */
  async function assertAccepted (token: GitHubToken, base: string, signal: AbortSignal): Promise<void> {
    const response = await send({ method: 'GET', url: `${base}/models`, headersMs: timeoutMs, signal, body: null,
      headers: { ...common, authorization: directAuthorization(toBearer(token), base),
        'copilot-integration-id': directIntegration } })
    const text = await readExcerpt(response, 4_096)
    if ([400, 401, 403].includes(response.status)) throw toRefusal(token, text)
  }
}

/** GitHub's own proxy writes `token` on the hosts of organisations. */
export function directAuthorization (token: string, url: string): string {
  const { hostname } = new URL(url)
  const isOrganisation = /^api\.(?:business|enterprise)\.githubcopilot\.com$/.test(hostname)
    || /^copilot-api\.[\w-]+\.ghe\.com$/.test(hostname)
  return `${isOrganisation ? 'token' : 'Bearer'} ${token}`
}

function hostIn (answer: JsonObject | null): unknown {
  const viewer = isObject(answer?.['data']) ? answer['data']['viewer'] : null
  const endpoints = isObject(viewer) ? viewer['copilotEndpoints'] : null
  return isObject(endpoints) ? endpoints['api'] : null
}

function toRefusal (token: GitHubToken, text: string): GatewayError {
  if (/does not have Copilot Requests permission/i.test(text)) {
    return rejected(
      'This fine-grained token lacks the account permission Copilot Requests. Add it at '
        + 'github.com/settings/personal-access-tokens; the resource owner must be you. Or link GitHub by device flow.',
    )
  }
  const reason = scrub(text).replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim().slice(0, 300)
  return rejected(
    `Copilot refuses ${
      isPersonalToken(token) ? 'this personal token' : "the tokens of this proxy's own " + 'GitHub app'
    }${/^[<{]/.test(reason) || reason === '' ? '.' : `: ${reason}`}`,
  )
}

function rejected (message: string): GatewayError {
  return new GatewayError('github_token_rejected', message)
}
