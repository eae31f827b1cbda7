// Decides which hosts may get a Copilot token. One function decides for every call. No body field, query or other
// header has any influence.
import { accountType } from '../config.ts'
import type { Config } from '../config.ts'
import { GatewayError } from '../errors.ts'

type HostConfig = Pick<Config, 'copilotBaseUrl' | 'copilotAccountBaseUrl' | 'tenantCopilotHost' | 'accountTypes'>

/**
 * The `x-copilot-account-type` of a request, or null if it has none.
 * @throws {GatewayError} `invalid_request` unless it is one DNS label that ACCOUNT_TYPES allows
 */
export function readAccountType (header: string | undefined, { accountTypes }: HostConfig): string | null {
  const label = header?.trim() ?? ''
  if (label === '') return null
  if (!accountType.test(label)) {
    throw new GatewayError('invalid_request',
      'x-copilot-account-type: lower-case letters, digits and inner hyphens, at most 63', {
      param: 'x-copilot-account-type',
    })
  }
  if (accountTypes.length > 0 && !accountTypes.includes(label)) {
    throw new GatewayError('invalid_request', `x-copilot-account-type: this proxy allows ${accountTypes.join(', ')}`, {
      param: 'x-copilot-account-type',
    })
  }
  return label
}

/**
 * The base URL of a request, without a trailing slash: the account host that the client asked for, else the host in the
 * token reply, else the default.
 */
export function copilotBase (account: string | null, fromToken: string | null, config: HostConfig): string {
  if (account !== null) return config.copilotAccountBaseUrl.replaceAll('{account}', account)
  return fromToken ?? config.copilotBaseUrl
}

/**
 * `endpoints.api` of a token reply, or null if there is none.
 * @throws {GatewayError} `upstream_error` for a host that does not belong to Copilot
 */
export function readTokenBase (value: unknown, config: HostConfig): string | null {
  if (value === undefined || value === null || value === '') return null
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null
  if (url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '') {
    const host = url.hostname
    const isCopilot = url.protocol === 'https:' && url.port === ''
      && (host.endsWith('.githubcopilot.com') || host === config.tenantCopilotHost)
    if (isCopilot || url.origin === new URL(config.copilotBaseUrl).origin) return url.href.replace(/\/+$/, '')
  }
  throw new GatewayError('upstream_error',
    'GitHub named a Copilot host that this proxy does not trust; no token was sent there.')
}
