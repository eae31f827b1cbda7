// POST / and related routes: register or update, change the password, delete. `docs/spec/interface.md#account-routes`.
import { isFreeName, isPassword, isUsername, type Account } from '../auth/account.ts'
import { tooManyAttempts } from '../auth/account-limits.ts'
import { isKey } from '../auth/entry-credential.ts'
import type { Invite } from '../auth/invites.ts'
import type { Caller } from '../auth/record-changes.ts'
import { assertSameOrigin } from '../auth/same-origin.ts'
import { readPageSession } from '../auth/session-cookie.ts'
import { equalBytes, utf8 } from '../bytes.ts'
import type { Config } from '../config.ts'
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError, type AccountState } from '../errors.ts'
import { limiterAddress } from '../limiter.ts'
import { storeRemedy } from '../store-remedy.ts'
import type { Session } from '../upstream/exchange.ts'
import { answer, readFields, type Fields } from './account-form.ts'
import { checkToken, readLinkedToken } from './check-token.ts'
import { keyNotAllowed } from './key-rights.ts'

export function saveUser (core: Core): Handler {
  const { config, tokens, models, limits, audit } = core
  return async call => {
    assertSameOrigin(call, config.publicOrigin)
    const accounts = accountsOf(core)
    const { registry } = accounts
    const fields = readFields(call)
    const token = readLinkedToken(fields['token'])
    const credentials = { username: readUsername(fields), password: readPasswordField(fields, 'password') }
    const caller = callerOf(call)
    const code = fields['code']?.trim() ?? ''
    const invite = await findInvite(code, credentials.username, call)
    const mayRegister = isFreeName(credentials.username) && (takesNewUser(code) || invite !== null)

    const proven = mayRegister
      ? await registry.proveOrClaim(credentials, caller, () => claimRegistration(credentials.username, call)).catch(
        sameForAllNames(call, true),
      )
      : await registry.prove(credentials, caller).catch(sameForAllNames(call, false)).catch(
        forLaterName(credentials.username),
      )
    const session = await checkToken(core, token, call.signal)
    if (proven !== 'free') {
      return saved(call, 200, await registry.replaceToken(proven, credentials.password, token, caller), session,
        'update-token')
    }
    const account = invite === null
      ? await registry.create(credentials, token, caller)
      : await createInvited(invite, takesNewUser(code), credentials.username, call,
        () => registry.create(credentials, token, caller))
    // Another request registered the same name first, or used the same invite, or the invite ended meanwhile.
    if (account === null) throw authFailed(config.registration)
    accounts.lastUse.created(account.username, call.defer)
    return saved(call, 201, account, session, 'create')
  }

  /** Whether a request with this code may create a user with a free name, without an invite. */
  function takesNewUser (given: string): boolean {
    const code = config.registrationCode
    return config.registration === 'open'
      || (config.registration === 'code' && code !== null && equalBytes(utf8(given), utf8(code)))
  }

  /** A wrong code counts as a failed sign-in of the address. @throws {GatewayError} `rate-limited` */
  async function findInvite (code: string, user: string, { address, id }: Call): Promise<Invite | null> {
    if (!isFreeName(user)) return null
    return accountsOf(core).invites.find(code, address).catch((thrown: unknown) => {
      if (thrown instanceof GatewayError && thrown.code === 'rate_limited') {
        audit({ action: 'register', outcome: 'limited', user, address, reqId: id })
      }
      return withAccountLimit(config)(thrown)
    })
  }

  /** Null if no account was made: the invite then stays open, unless another request has used it. */
  async function createInvited (
    invite: Invite,
    isOptional: boolean,
    user: string,
    { address, id, defer }: Call,
    create: () => Promise<Account | null>,
  ): Promise<Account | null> {
    const { invites } = accountsOf(core)
    if (!await invites.claim(invite)) return isOptional ? create() : null
    const account = await create().catch(async (thrown: unknown) => {
      await invites.release(invite)
      throw thrown
    })
    if (account === null) await invites.release(invite)
    else {
      invites.finish(invite, defer)
      audit({ action: 'use-invite', outcome: 'done', user, invite: invite.id, address, reqId: id })
    }
    return account
  }

  /** Counts one registration against the address. Returns false if the address has none left. */
  async function claimRegistration (user: string, { address, id }: Call): Promise<boolean> {
    if (await limits.registrations.take(limiterAddress(address)) === 0) return true
    audit({ action: 'register', outcome: 'limited', user, address, reqId: id })
    return false
  }

  /**
   * If registration is closed, or this address has used up its registrations, the answer is the same for taken and for
   * free names.
   */
  function sameForAllNames ({ address }: Call, mayRegister: boolean) {
    return async (thrown: unknown): Promise<never> => {
      const isRefusal = thrown instanceof GatewayError && thrown.code === 'auth-failed'
      if (!isRefusal) return withAccountLimit(config)(thrown)
      throw mayRegister && await limits.registrations.peek(limiterAddress(address)) > 0
        ? tooManyAttempts(config)
        : authFailed(config.registration)
    }
  }

  function saved (
    call: Call,
    status: number,
    account: Parameters<typeof tokens.keep>[0],
    session: Session | null,
    action: 'create' | 'update-token',
  ) {
    if (session !== null) tokens.keep(account, session, call.defer)
    models.begin(account)
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
    const session = readPageSession(call, core.config.publicOrigin)
    await registry.changePassword(await registry.prove(credentials, caller).catch(withAccountLimit(core.config)),
      credentials.password, newPassword, caller, session?.username === credentials.username ? session.id : null)
    core.audit({ action: 'change-password', outcome: 'done', user: credentials.username, address: call.address,
      reqId: call.id })
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
    if (isKey(password)) throw keyNotAllowed()
    // No user has a malformed name or password. The answer is the same as for a wrong password.
    if (!isUsername(username) || !isPassword(password)) throw authFailed()
    const caller = callerOf(call)
    await registry.remove(await registry.prove({ username, password }, caller).catch(withAccountLimit(core.config)),
      caller)
    core.tally.forget(username)
    core.audit({ action: 'delete', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return answer(call.headers, 200, 'deleted')
  }
}

export function accountsOf ({ accounts, config }: Core): NonNullable<Core['accounts']> {
  if (accounts !== null) return accounts
  const remedy = config.store.kind === 'cloudflare-kv' ? `: ${storeRemedy(config.store.missing)}` : ''
  throw refused('kv-missing', `The store of this proxy is not configured${remedy}.`)
}

function callerOf ({ address, defer, id }: Call): Caller {
  return { address, defer, id }
}

function readUsername (fields: Fields): string {
  const username = fields['username']?.trim() ?? ''
  if (!isUsername(username)) throw invalidUsername()
  return username
}

/** A wrong password for a name that no new user can have gets the same answer, whether somebody has the name or not. */
function forLaterName (username: string) {
  return (thrown: unknown): never => {
    const isRefusal = thrown instanceof GatewayError && thrown.code === 'auth-failed'
    throw isRefusal && !isFreeName(username) ? invalidUsername() : thrown
  }
}

function invalidUsername (): GatewayError {
  return refused('invalid-username',
    'Invalid username. Lower-case letters, digits and single hyphens between them, at most 64, and none of the names '
      + 'this proxy uses itself.')
}

function readPasswordField (fields: Fields, name: string): string {
  const password = fields[name] ?? ''
  if (isKey(password)) throw keyNotAllowed()
  if (!isPassword(password)) {
    throw refused('invalid-password',
      'Invalid password format: acpc- and ten letters or digits. The page generates a strong one.')
  }
  return password
}

export function withAccountLimit (config: Config) {
  return (thrown: unknown): never => {
    throw thrown instanceof GatewayError && thrown.code === 'rate_limited' ? tooManyAttempts(config) : thrown
  }
}

const newUsers: Readonly<Record<Config['registration'], string>> = {
  open: '',
  code: ' A new user needs the registration code of this proxy.',
  closed: ' This proxy takes no new users without an invite.',
}

/** @param registration if new users may register, the message says how; it does not depend on the name */
function authFailed (registration: Config['registration'] = 'open'): GatewayError {
  return refused('auth-failed',
    `Authentication failed. Check user name and password; nothing was changed.${newUsers[registration]}`)
}

function refused (state: AccountState, message: string): GatewayError {
  return new GatewayError(state, message)
}
