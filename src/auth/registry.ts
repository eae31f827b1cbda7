// Making, changing and removing users. Whoever names an existing user proves it with the current password before
// anything else happens, GitHub included; what fails changes nothing.
import { createAudit } from '../audit.ts'
import { equalBytes, toBase64Url } from '../bytes.ts'
import type { Log } from '../contract.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { noMeter, type Meter } from '../meter.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { GitHubToken } from '../upstream/secrets.ts'
import type { Account } from './account.ts'
import type { KdfGate } from './kdf-gate.ts'
import type { Peppers } from './peppers.ts'
import { isSeed, openToken, readRecord, sealRecord, writeRecord, type UserRecord } from './record.ts'
import type { SignIn } from './sign-in.ts'
import { removeTraces } from './user-list.ts'
import { guard, type UserStore } from './user-store.ts'
import type { Defer, Verified, Verifier } from './verifier.ts'

export interface Caller {
  readonly address: string
  readonly defer: Defer
  /** For the audit line of a failure. */
  readonly id?: string
}
export interface Credentials { readonly username: string, readonly password: string }

export interface Registry {
  readonly exists: (username: string) => Promise<boolean>
  /** @throws {GatewayError} `auth-failed` (403) */
  readonly prove: (credentials: Credentials, caller: Caller) => Promise<Verified>
  /** Null when another was first with this name. */
  readonly create: (credentials: Credentials, token: GitHubToken) => Promise<Account | null>
  readonly replaceToken: (verified: Verified, password: string, token: GitHubToken, caller: Caller) => Promise<Account>
  readonly changePassword: (verified: Verified, newPassword: string, caller: Caller) => Promise<void>
  readonly remove: (verified: Verified, caller: Caller) => Promise<void>
  /** The operator's way: needs no password, and takes records that nobody can read. False when nothing was there. */
  readonly expel: (username: string) => Promise<boolean>
  /** Whether this process deleted the user a moment ago, whatever the store still shows. */
  readonly isGone: (username: string) => boolean
  /** Brings a record to the configured parameters, when it was sealed with others. */
  readonly refreshSeal: (password: string, verified: Verified) => Promise<void>
}

interface Options {
  readonly store: Store
  readonly users: UserStore
  readonly verifier: Verifier
  readonly signIn: SignIn
  readonly peppers: Peppers
  readonly gate: KdfGate
  readonly iterations: number
  readonly log: Log
  readonly meter?: Meter
  /** Hears of every deletion. */
  readonly onRemove?: (username: string) => void
  /** Hears of every user whose Copilot token is of no use any more: deleted, or with another password or GitHub token. */
  readonly onOutdated?: (username: string) => void
}

export function createRegistry ({ store, users, verifier, signIn, peppers, gate, iterations, log, meter = noMeter, onRemove = () => {}, onOutdated = () => {} }: Options): Registry {
  const audit = createAudit(log, meter)
  return {
    exists: async username => (await users.read(username)) !== null,

    isGone: users.isGone,

    async prove ({ username, password }, { address, defer, id }) {
      const note = (outcome: 'limited' | 'auth-failed') => { audit({ action: 'prove', outcome, user: username, address, reqId: id }) }
      const verified = await verifier.verify(username, password, address, defer).catch((thrown: unknown) => {
        if (thrown instanceof GatewayError && thrown.code === 'rate_limited') note('limited')
        throw thrown
      })
      if (verified !== null) return verified
      note('auth-failed')
      throw authFailed()
    },

    async create ({ username, password }, token) {
      const sealed = await seal(username, password, token)
      if (!await users.create(username, sealed.value)) return null
      return signIn.admit(password, sealed)
    },

    async replaceToken ({ record }, password, token, { defer }) {
      await assertCurrent(record)
      const sealed = await seal(record.username, password, token, { rid: record.rid, gen: record.gen + 1 })
      await users.replace(record.username, sealed.value)
      defer(dropCachedToken(record))
      return signIn.admit(password, sealed)
    },

    async changePassword ({ record, keys }, newPassword, { defer }) {
      await assertCurrent(record)
      const sealed = await seal(record.username, newPassword, await openToken(record, keys), { gen: record.gen })
      await users.replace(record.username, sealed.value)
      signIn.revoke(toBase64Url(record.rid))
      defer(dropCachedToken(record))
      await signIn.admit(newPassword, sealed)
    },

    async remove ({ record, value }, { defer }) {
      await assertCurrent(record)
      await users.remove(record.username, value)
      signIn.revoke(toBase64Url(record.rid))
      onRemove(record.username)
      defer(dropCachedToken(record))
      defer(guard(store.delete(keys.meta(record.username))).catch(note))
    },

    async expel (username) {
      const value = await users.read(username)
      if (value !== null) await users.remove(username, value)
      signIn.revokeUser(username)
      const rid = value === null ? null : ridOf(value, username)
      if (rid !== null) signIn.revoke(rid)   // of a check that is under way
      onRemove(username)
      onOutdated(username)
      // Tokens without a record are what a deletion left that broke off here.
      return await guard(removeTraces(store, username)) || value !== null
    },

    async refreshSeal (password, { record, keys, value }) {
      if (record.iterations === iterations && !await peppers.isOutdated(record.pepperId)) return
      try {
        const sealed = await seal(record.username, password, await openToken(record, keys), { rid: record.rid, gen: record.gen })
        if (!await users.replaceUnchanged(record.username, value, sealed.value)) return
        await signIn.admit(password, sealed)   // or the next look at the store would stretch the password again
      } catch (thrown) { note(thrown) }   // the next sign-in tries again
    },
  }

  async function seal (username: string, password: string, token: GitHubToken, kept: Partial<Pick<UserRecord, 'rid' | 'gen'>> = {}): Promise<Verified> {
    const pepper = await peppers.current()
    const { record, keys } = await gate(() => sealRecord(username, password, token, { iterations, pepper, ...kept }))
    return { record, keys, value: writeRecord(record) }
  }

  /**
   * GitHub may take seconds between the proof and the write: a password that was changed meanwhile proves nothing any
   * more, and a user who was deleted stays deleted. A record that was only sealed anew is the same one.
   */
  async function assertCurrent ({ username, rid, gen }: UserRecord): Promise<void> {
    const value = await users.read(username)
    const found = value === null ? null : readRecord(value, username)
    if (found === null || isSeed(found) || !equalBytes(found.rid, rid) || found.gen !== gen) throw authFailed()
  }

  async function dropCachedToken (record: UserRecord): Promise<void> {
    onOutdated(record.username)
    await guard(store.delete(keys.token(record.username, toBase64Url(record.rid)))).catch(note)
  }

  /** What is tidied up after an answer may fail: it is sealed, and it expires. */
  function note (thrown: unknown): void {
    log.warn({ event: 'tidy-failed', code: toGatewayError(thrown).code, err: thrown }, 'work after an answer failed')
  }
}

/** Null for a record that nobody can read: nobody comes in by it either. */
function ridOf (value: string, username: string): string | null {
  try {
    const found = readRecord(value, username)
    return isSeed(found) ? null : toBase64Url(found.rid)
  } catch { return null }
}

function authFailed (): GatewayError {
  return new GatewayError('auth-failed', 'Authentication failed. Check user name and password; nothing was changed.')
}
