// Creates, changes and removes users. To change an existing user, a caller first proves the current password, before
// the gateway calls GitHub or does anything else. A failed call changes nothing.
import { createAudit } from '../audit.ts'
import { equalBytes, toBase64Url } from '../bytes.ts'
import type { Bytes, Log } from '../contract.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { limiterAddress } from '../limiter.ts'
import { noMeter, type Meter } from '../meter.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { GitHubToken } from '../upstream/secrets.ts'
import type { Account } from './account.ts'
import type { Contents } from './contents.ts'
import type { KdfGate } from './kdf-gate.ts'
import type { Peppers } from './peppers.ts'
import type { OldRecord } from './old-record.ts'
import { isOld, isSeed, readRecord, writeRecord, type UserRecord } from './record.ts'
import { authenticate, changeRecord, openDataKey, openContents, sealContents, sealRecord, type Change,
  type OpenedRecord } from './sealed-record.ts'
import type { SignIn } from './sign-in.ts'
import { createTurns } from './turns.ts'
import { removeTraces } from './user-list.ts'
import { guard, type UserStore } from './user-store.ts'
import { toVerified, type Verified } from './verified.ts'
import type { Defer, Verifier } from './verifier.ts'
import { keysOfPassword } from './wrap.ts'

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
  readonly changePassword: (verified: Verified, password: string, newPassword: string, caller: Caller) => Promise<void>
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
  const turns = createTurns()
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
      const sealed = await toVerified(await seal(username, password, token, address))
      if (!await users.create(username, sealed.value)) return null
      return signIn.admit(password, sealed)
    },

    replaceToken: (verified, password, token, caller) =>
      turns(verified.record.username, async () => {
        const { record } = verified
        const opened = await current(verified, password, caller.address)
        const sealed = await toVerified(await change(opened, { token }, caller.address))
        await users.replace(record.username, sealed.value)
        caller.defer(dropCachedToken(record))
        return signIn.admit(password, sealed)
      }),

    changePassword: (verified, password, newPassword, { address, defer }) =>
      turns(verified.record.username, async () => {
        const { record } = verified
        const opened = await current(verified, password, address)
        const sealed = await toVerified(
          await change(opened, { password: { text: newPassword, iterations }, rotate: true }, address),
        )
        await users.replace(record.username, sealed.value)
        signIn.revoke(toBase64Url(record.rid))
        defer(dropCachedToken(record))
        await signIn.admit(newPassword, sealed)
      }),

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

    async refreshSeal (password, verified, address) {
      try {
        const sealed = await newSeal(password, verified, address)
        if (sealed === null || !await users.replaceUnchanged(sealed.record.username, verified.value, sealed.value)) {
          return
        }
        // Without this, the next read of the store would cost another key derivation.
        await signIn.admit(password, await toVerified(sealed, verified.entry))
      } catch (thrown) {
        note(thrown)
      } // The next sign-in tries again.
    },
  }

  /** Null if the record is as it would be written today. */
  async function newSeal (password: string, verified: Verified, address: string): Promise<OpenedRecord | null> {
    const { opened, entry } = verified
    if (opened === null) return asOpened(verified, password, address)
    if (entry === null && opened.contents.password.iterations !== iterations) {
      return change(opened, { password: { text: password, iterations } }, address)
    }
    if (!await peppers.isOutdated(opened.record.pepperId)) return null
    const record = await sealContents(opened.record, opened.contents, await peppers.current())
    return { ...opened, record, value: writeRecord(record) }
  }

  /** A record of version 1 becomes one of version 2, with the same `rid` and `gen`. Nothing is written. */
  async function asOpened (
    { opened, record, openToken }: Verified,
    password: string,
    address: string,
  ): Promise<OpenedRecord> {
    if (opened !== null) return opened
    return seal(record.username, password, await openToken(), address, { rid: record.rid, gen: record.gen })
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
  ): Promise<OpenedRecord> {
    const pepper = await peppers.current()
    return gate(() => sealRecord(username, password, token, { iterations, pepper, ...kept }), {
      address: limiterAddress(address),
    })
  }

  async function change (opened: OpenedRecord, what: Change, address: string): Promise<OpenedRecord> {
    const pepper = await peppers.current()
    const work = () => changeRecord(opened, what, pepper)
    return what.password === undefined ? work() : gate(work, { address: limiterAddress(address) })
  }

  /**
   * GitHub may take seconds between the proof and the write. If the password changed meanwhile, the proof is no longer
   * valid; a deleted user stays deleted. A record with another seal, or with other keys, counts as the same user's.
   */
  async function assertCurrent ({ username, rid, gen }: UserRecord | OldRecord): Promise<UserRecord | OldRecord> {
    const value = await users.read(username)
    const found = value === null ? null : readRecord(value, username)
    if (found === null || isSeed(found) || !equalBytes(found.rid, rid) || found.gen !== gen) throw authFailed()
    return found
  }

  /** The record as it is now, opened with what the proof had opened. */
  async function current (verified: Verified, password: string, address: string): Promise<OpenedRecord> {
    const found = await assertCurrent(verified.record)
    if (isOld(found)) return asOpened(verified, password, address)
    const contents = await openContents(found, await peppers.envelope(found.pepperId))
    const dataKey = verified.opened?.dataKey ?? await dataKeyOf(password, found, contents, address)
    return authenticate(found, contents, dataKey, writeRecord(found))
  }

  /** The proof opened version 1, and another request wrote version 2 meanwhile. */
  async function dataKeyOf (
    password: string,
    record: UserRecord,
    { password: { salt, iterations, wrapped } }: Contents,
    address: string,
  ): Promise<Bytes> {
    const { wrapKey } = await gate(() => keysOfPassword(password, { username: record.username, salt, iterations }), {
      address: limiterAddress(address),
    })
    const dataKey = await openDataKey(record, 'password', { id: salt, wrapped }, wrapKey)
    if (dataKey === null) throw authFailed()
    return dataKey
  }

  async function dropCachedToken (record: UserRecord | OldRecord): Promise<void> {
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
