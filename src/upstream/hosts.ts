// Which hosts a Copilot token may go to. One function decides for every call; no field of a body, no query and no other
// header takes part.
import { accountType } from '../config.ts'
import type { Config } from '../config.ts'
import { GatewayError } from '../errors.ts'

type HostConfig = Pick<Config, 'copilotBaseUrl' | 'copilotAccountBaseUrl' | 'tenantCopilotHost' | 'accountTypes'>

/**
 * The `x-copilot-account-type` of a request, or null for none.
 * @throws {GatewayError} `invalid_request` for anything but one DNS label, and for one that ACCOUNT_TYPES does not list
 */
export function readAccountType (header: string | undefined, { accountTypes }: HostConfig): string | null {
  const label = header?.trim() ?? ''
  if (label === '') return null
  if (!accountType.test(label)) throw new GatewayError('invalid_request', 'x-copilot-account-type: lower-case letters, digits and inner hyphens, at most 63', { param: 'x-copilot-account-type' })
  if (accountTypes.length > 0 && !accountTypes.includes(label)) throw new GatewayError('invalid_request', `x-copilot-account-type: this proxy allows ${accountTypes.join(', ')}`, { param: 'x-copilot-account-type' })
  return label
}

/** Where a request goes, without a trailing slash: the account host asked for, else the one the token reply named, else the default. */
export function copilotBase (account: string | null, fromToken: string | null, config: HostConfig): string {
  if (account !== null) return config.copilotAccountBaseUrl.replaceAll('{account}', account)
  return fromToken ?? config.copilotBaseUrl
}

/**
 * `endpoints.api` of a token reply, or null where it names none.
 * @throws {GatewayError} `upstream_error` for a host that is none of Copilot's
 */
export function readTokenBase (value: unknown, config: HostConfig): string | null {
  if (value === undefined || value === null || value === '') return null
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null
  if (url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '') {
    const host = url.hostname
    const isCopilot = url.protocol === 'https:' && url.port === '' && (host.endsWith('.githubcopilot.com') || host === config.tenantCopilotHost)
    if (isCopilot || url.origin === new URL(config.copilotBaseUrl).origin) return url.href.replace(/\/+$/, '')
  }
  throw new GatewayError('upstream_error', 'GitHub named a Copilot host that this proxy does not trust; no token was sent there.')
}
