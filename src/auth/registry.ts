// Creates, changes and removes users. To change an existing user, a caller first proves the current password, before
// the gateway calls GitHub or does anything else. A failed call changes nothing.
import { createAudit } from '../audit.ts'
import { equalBytes, toBase64Url } from '../bytes.ts'
import type { Log } from '../contract.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { limiterAddress } from '../limiter.ts'
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
  /** The request id for the audit line of a failure. */
  readonly id?: string
}
export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface Registry {
  /** @throws {GatewayError} `auth-failed` (403), `rate_limited` (429) */
  readonly prove: (credentials: Credentials, caller: Caller) => Promise<Verified>
  /**
   * As `prove`. A user name without a record gives `free` if `claim` returns true; the registry calls `claim` only for
   * such a name.
   */
  readonly proveOrClaim: (credentials: Credentials, caller: Caller, claim: () => boolean) => Promise<Verified | 'free'>
  /** Null if another request created this user first. */
  readonly create: (credentials: Credentials, token: GitHubToken, caller: Caller) => Promise<Account | null>
  readonly replaceToken: (verified: Verified, password: string, token: GitHubToken, caller: Caller) => Promise<Account>
  readonly changePassword: (verified: Verified, newPassword: string, caller: Caller) => Promise<void>
  readonly remove: (verified: Verified, caller: Caller) => Promise<void>
  /**
   * Deletes a user for the operator: needs no password, and accepts records that cannot be read. False if there was no
   * such user.
   */
  readonly expel: (username: string) => Promise<boolean>
  /** Whether this process deleted the user moments ago. The store may still show the record. */
  readonly isGone: (username: string) => boolean
  /** Seals the record again if it was sealed with other parameters than the configured ones. */
  readonly refreshSeal: (password: string, verified: Verified, address: string) => Promise<void>
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
  /** Called for every deleted user. */
  readonly onRemove?: (username: string) => void
  /**
   * Called for every user whose Copilot token became useless: a deleted user, or one with a new password or GitHub
   * token.
   */
  readonly onOutdated?: (username: string) => void
}

export function createRegistry (
  { store, users, verifier, signIn, peppers, gate, iterations, log, meter = noMeter, onRemove = () => {},
    onOutdated = () => {} }: Options,
): Registry {
  const audit = createAudit(log, meter)
  return {
    isGone: users.isGone,

    prove: (credentials, caller) =>
      proven(credentials, caller,
        verifier.verify(credentials.username, credentials.password, caller.address, caller.defer)),

    proveOrClaim (credentials, caller, claim) {
      let isClaimRefused = false
      const check = verifier.verifyOrClaim(credentials.username, credentials.password, caller.address, caller.defer,
        () => {
          const isTaken = claim()
          isClaimRefused = !isTaken
          return isTaken
        })
      return proven(credentials, caller, check, () => !isClaimRefused)
    },

    async create ({ username, password }, token, { address }) {
      const sealed = await seal(username, password, token, address)
      if (!await users.create(username, sealed.value)) return null
      return signIn.admit(password, sealed)
    },

    async replaceToken ({ record }, password, token, { address, defer }) {
      await assertCurrent(record)
      const sealed = await seal(record.username, password, token, address, { rid: record.rid, gen: record.gen + 1 })
      await users.replace(record.username, sealed.value)
      defer(dropCachedToken(record))
      return signIn.admit(password, sealed)
    },

    async changePassword ({ record, keys }, newPassword, { address, defer }) {
      await assertCurrent(record)
      const sealed = await seal(record.username, newPassword, await openToken(record, keys), address, {
        gen: record.gen,
      })
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
      for (const key of [keys.meta(record.username), keys.models(record.username)]) {
        defer(guard(store.delete(key)).catch(note))
      }
    },

    async expel (username) {
      const value = await users.read(username)
      if (value !== null) await users.remove(username, value)
      signIn.revokeUser(username)
      const rid = value === null ? null : ridOf(value, username)
      if (rid !== null) signIn.revoke(rid) // Revokes the id from a check that is still running.
      onRemove(username)
      onOutdated(username)
      // Tokens without a record remain from a deletion that stopped at this point.
      return await guard(removeTraces(store, username)) || value !== null
    },

    async refreshSeal (password, { record, keys, value }, address) {
      if (record.iterations === iterations && !await peppers.isOutdated(record.pepperId)) return
      try {
        const sealed = await seal(record.username, password, await openToken(record, keys), address, { rid: record.rid,
          gen: record.gen })
        if (!await users.replaceUnchanged(record.username, value, sealed.value)) return
        // Without this, the next read of the store would cost another key derivation.
        await signIn.admit(password, sealed)
      } catch (thrown) {
        note(thrown)
      } // The next sign-in tries again.
    },
  }

  /** @param isWrong whether the failure is a wrong password, which counts as an attempt */
  async function proven<T extends Verified | 'free'> (
    { username }: Credentials,
    { address, id }: Caller,
    check: Promise<T | null>,
    isWrong = () => true,
  ): Promise<T> {
    const note = (outcome: 'limited' | 'auth-failed') => {
      audit({ action: 'prove', outcome, user: username, address, reqId: id })
    }
    const found = await check.catch((thrown: unknown) => {
      if (thrown instanceof GatewayError && thrown.code === 'rate_limited') note('limited')
      throw thrown
    })
    if (found !== null) return found
    if (isWrong()) note('auth-failed')
    throw authFailed()
  }

  async function seal (
    username: string,
    password: string,
    token: GitHubToken,
    address: string,
    kept: Partial<Pick<UserRecord, 'rid' | 'gen'>> = {},
  ): Promise<Verified> {
    const pepper = await peppers.current()
    const { record, keys } = await gate(() => sealRecord(username, password, token, { iterations, pepper, ...kept }), {
      address: limiterAddress(address),
    })
    return { record, keys, value: writeRecord(record) }
  }

  /**
   * GitHub may take seconds between the proof and the write. If the password changed meanwhile, the proof is no longer
   * valid; a deleted user stays deleted. A record that was only sealed again counts as the same record.
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

  /** Repairs after an answer may fail silently: the cached data is sealed, and it expires. */
  function note (thrown: unknown): void {
    log.warn({ event: 'repair-failed', code: toGatewayError(thrown).code, err: thrown }, 'work after an answer failed')
  }
}

/** Null for a record that cannot be read: no user can sign in with it either. */
function ridOf (value: string, username: string): string | null {
  try {
    const found = readRecord(value, username)
    return isSeed(found) ? null : toBase64Url(found.rid)
  } catch {
    return null
  }
}

function authFailed (): GatewayError {
  return new GatewayError('auth-failed', 'Authentication failed. Check user name and password; nothing was changed.')
}
