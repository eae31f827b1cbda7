// POST / and its sisters: register or update, change the password, delete. `contract.md` section 3.
import { isPassword, isUsername } from '../auth/account.ts'
import type { Caller } from '../auth/registry.ts'
import { assertSameOrigin } from '../auth/same-origin.ts'
import { equalBytes, utf8 } from '../bytes.ts'
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError, type AccountState } from '../errors.ts'
import { limiterAddress } from '../limiter.ts'
import type { Session } from '../upstream/exchange.ts'
import { readGitHubToken, type GitHubToken } from '../upstream/secrets.ts'
import { answer, readFields, type Fields } from './account-form.ts'

export function saveUser (core: Core): Handler {
  const { config, exchange, tokens, limits, audit } = core
  return async call => {
    assertSameOrigin(call, config.publicOrigin)
    const { registry } = accountsOf(core)
    const fields = readFields(call)
    const token = readGitHubToken(fields['token']?.trim() ?? '')
    if (token === null) throw refused('invalid', 'Invalid token format. Paste a gho_ or ghu_ token, or link GitHub by device flow.')
    const credentials = { username: readUsername(fields), password: readPasswordField(fields, 'password') }
    const caller = callerOf(call)

    if (await registry.exists(credentials.username)) {
      const verified = await registry.prove(credentials, caller)
      const session = await check(token, call.signal)
      const account = await registry.replaceToken(verified, credentials.password, token, caller)
      return saved(call, 200, account, session, 'update-token')
    }
    admit(fields, call)
    const session = await check(token, call.signal)
    const account = await registry.create(credentials, token)
    // Another was faster with the same name, and theirs it is now.
    if (account === null) throw refused('auth-failed', 'Authentication failed. Check user name and password; nothing was changed.')
    core.accounts?.lastUse.created(account.username, call.defer)
    return saved(call, 201, account, session, 'create')
  }

  /** Whether a new user may be made now, here. */
  function admit (fields: Fields, call: Call): void {
    if (config.registration === 'closed') throw refused('registration-closed', 'This proxy takes no new users.')
    const seconds = limits.registrations.take(limiterAddress(call.address))
    if (seconds > 0) {
      audit({ action: 'register', outcome: 'limited', user: fields['username']?.trim(), address: call.address, reqId: call.id })
      throw refused('rate-limited', 'Too many registrations from this address. Try again later.', seconds)
    }
    const code = config.registrationCode
    if (config.registration === 'code' && (code === null || !equalBytes(utf8(fields['code'] ?? ''), utf8(code)))) {
      audit({ action: 'register', outcome: 'auth-failed', user: fields['username']?.trim(), address: call.address, reqId: call.id })
      throw refused('invalid-code', 'The registration code is wrong. Ask the operator for it.')
    }
  }

  /** Null when GitHub cannot be reached: then nobody knows better than the user. */
  async function check (token: GitHubToken, signal: AbortSignal): Promise<Session | null> {
    try { return await exchange(token, signal) } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown
      if (thrown.code === 'github_token_rejected') throw refused('github-rejected', thrown.message)
      return null
    }
  }

  function saved (call: Call, status: number, account: Parameters<typeof tokens.keep>[0], session: Session | null, action: 'create' | 'update-token') {
    if (session !== null) tokens.keep(account, session, call.defer)
    audit({ action, outcome: 'done', user: account.username, address: call.address, reqId: call.id })
    return answer(call.headers, status, session === null ? 'saved-unchecked' : 'saved', { username: account.username })
  }
}

export function changePassword (core: Core): Handler {
  return async call => {
    assertSameOrigin(call, core.config.publicOrigin)
    const { registry } = accountsOf(core)
    const fields = readFields(call)
    const credentials = { username: readUsername(fields), password: readPasswordField(fields, 'password') }
    const newPassword = readPasswordField(fields, 'new_password')
    const caller = callerOf(call)
    await registry.changePassword(await registry.prove(credentials, caller), newPassword, caller)
    core.audit({ action: 'change-password', outcome: 'done', user: credentials.username, address: call.address, reqId: call.id })
    return answer(call.headers, 200, 'saved', { username: credentials.username })
  }
}

export function deleteUser (core: Core): Handler {
  return async call => {
    assertSameOrigin(call, core.config.publicOrigin)
    const { registry } = accountsOf(core)
    const fields = readFields(call)
    const username = fields['username']?.trim() ?? ''
    const password = fields['password'] ?? ''
    // A malformed name is nobody's and a malformed password no one's: the same answer as for a wrong one.
    if (!isUsername(username) || !isPassword(password)) throw refused('auth-failed', 'Authentication failed. Check user name and password; nothing was changed.')
    const caller = callerOf(call)
    await registry.remove(await registry.prove({ username, password }, caller), caller)
    core.tally.forget(username)
    core.audit({ action: 'delete', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return answer(call.headers, 200, 'deleted')
  }
}

function accountsOf ({ accounts, config }: Core): NonNullable<Core['accounts']> {
  if (accounts !== null) return accounts
  const missing = config.store.kind === 'cloudflare-kv' ? ` Set ${config.store.missing.join(', ')}.` : ''
  throw refused('kv-missing', `The store of this proxy is not configured.${missing}`)
}

function callerOf ({ address, defer, id }: Call): Caller {
  return { address, defer, id }
}

function readUsername (fields: Fields): string {
  const username = fields['username']?.trim() ?? ''
  if (!isUsername(username)) throw refused('invalid-username', 'Invalid username. Lower-case letters, digits and single hyphens between them, at most 64, and none of the names this proxy uses itself.')
  return username
}

function readPasswordField (fields: Fields, name: string): string {
  const password = fields[name] ?? ''
  if (!isPassword(password)) throw refused('invalid-password', 'Invalid password format: acpc- and ten letters or digits. The page generates a strong one.')
  return password
}

function refused (state: AccountState, message: string, retryAfterSeconds?: number): GatewayError {
  return new GatewayError(state, message, { retryAfterSeconds })
}
