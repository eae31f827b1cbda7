// Creates, changes and removes users. To change an existing user, a caller first proves the current password, before
// the gateway calls GitHub or does anything else. A failed call changes nothing.
import { createAudit } from '../audit.ts'
import { toBase64Url } from '../bytes.ts'
import type { Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { noMeter, type Meter } from '../meter.ts'
import { defaultSeat, type OnOutdated } from '../seat-names.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { usageOf } from '../store/usage-of-store.ts'
import type { GitHubToken } from '../upstream/secrets.ts'
import { type Account } from './account.ts'
import type { Peppers } from './peppers.ts'
import { authFailed, type Caller, type RecordChanges } from './record-changes.ts'
import { isSeed, readRecord, writeRecord } from './record.ts'
import { openContents, sealContents, type OpenedRecord } from './sealed-record.ts'
import type { SignIn } from './sign-in.ts'
import { removeTraces } from './user-list.ts'
import { guard, type UserStore } from './user-store.ts'
import { toVerified, type Verified } from './verified.ts'
import type { Verifier } from './verifier.ts'

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
  readonly proveOrClaim: (
    credentials: Credentials,
    caller: Caller,
    claim: () => boolean | Promise<boolean>,
  ) => Promise<Verified | 'free'>
  /** Null if another request created this user first. */
  readonly create: (credentials: Credentials, token: GitHubToken, caller: Caller) => Promise<Account | null>
  readonly replaceToken: (verified: Verified, password: string, token: GitHubToken, caller: Caller) => Promise<Account>
  /** Ends the user's sessions. Keys stay. @param session the id of the session that stays, the asker's own */
  readonly changePassword: (
    verified: Verified,
    password: string,
    newPassword: string,
    caller: Caller,
    session?: string | null,
  ) => Promise<void>
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
  readonly changes: RecordChanges
  readonly iterations: number
  readonly log: Log
  readonly meter?: Meter
  /** Called for every deleted user. */
  readonly onRemove?: (username: string) => void
  /**
   * Called for every user whose Copilot token became useless: a deleted user, or one with a new password or GitHub
   * token.
   */
  readonly onOutdated?: OnOutdated
}

export function createRegistry (
  { store, users, verifier, signIn, peppers, changes, iterations, log, meter = noMeter, onRemove = () => {},
    onOutdated = () => {} }: Options,
): Registry {
  const audit = createAudit(log, meter)
  const { turns, seal, change, asOpened, assertCurrent, current, dropCachedTokens, dropSeat, note } = changes
  return {
    isGone: users.isGone,

    prove: (credentials, caller) =>
      proven(credentials, caller,
        verifier.verify(credentials.username, credentials.password, caller.address, caller.defer)),

    proveOrClaim (credentials, caller, claim) {
      let isClaimRefused = false
      const check = verifier.verifyOrClaim(credentials.username, credentials.password, caller.address, caller.defer,
        async () => {
          const isTaken = await claim()
          isClaimRefused = !isTaken
          return isTaken
        })
      return proven(credentials, caller, check, () => !isClaimRefused)
    },

    async create ({ username, password }, token, { address }) {
      const sealed = toVerified(await seal(username, password, token, address))
      if (!await users.create(username, sealed.value)) return null
      return signIn.admit(password, sealed)
    },

    replaceToken: (verified, password, token, caller) =>
      turns(verified.record.username, async () => {
        const { record } = verified
        const opened = await current(verified, password, caller.address)
        const sealed = toVerified(await change(opened, { link: { seat: defaultSeat, token } }, caller.address))
        await users.replace(record.username, sealed.value)
        signIn.forget(record.username) // Keys and sessions still had the earlier GitHub account.
        caller.defer(dropSeat(record, defaultSeat))
        return signIn.admit(password, sealed)
      }),

    changePassword: (verified, password, newPassword, { address, defer }, session = null) =>
      turns(verified.record.username, async () => {
        const { record } = verified
        const opened = await current(verified, password, address)
        const entries = opened.contents.entries.filter(({ kind, id }) => kind === 'key' || id === session)
        const sealed = toVerified(
          await change(opened, { password: { text: newPassword, iterations }, entries, rotate: true }, address),
        )
        await users.replace(record.username, sealed.value)
        signIn.revoke(toBase64Url(record.rid))
        defer(dropCachedTokens(record, opened.contents.seats))
        await signIn.admit(newPassword, sealed)
      }),

    remove: ({ record, value, opened }, { defer }) =>
      turns(record.username, async () => {
        await assertCurrent(record)
        await users.remove(record.username, value)
        signIn.revoke(toBase64Url(record.rid))
        onRemove(record.username)
        const seats = opened?.contents.seats ?? []
        defer(dropCachedTokens(record, seats))
        for (const key of [...keys.ofUser(record.username),
          ...seats.map(({ name }) => keys.models(record.username, name))]) {
          defer(guard(store.delete(key)).catch(note))
        }
        defer(guard(usageOf(store).delete(record.username)).catch(note))
      }),

    async expel (username) {
      const value = await turns(username, async () => {
        const value = await users.read(username)
        if (value !== null) await users.remove(username, value)
        return value
      })
      signIn.revokeUser(username)
      const rid = value === null ? null : ridOf(value, username)
      if (rid !== null) signIn.revoke(rid) // Revokes the id from a check that is still running.
      onRemove(username)
      onOutdated(username, null)
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
        await signIn.admit(password, toVerified(sealed, verified.entry))
      } catch (thrown) {
        note(thrown)
      } // The next sign-in tries again.
    },
  }

  /** Null if the record is as it would be written today. */
  async function newSeal (password: string, verified: Verified, address: string): Promise<OpenedRecord | null> {
    const { opened, entry } = verified
    if (opened === null) return asOpened(verified, password, address)
    if (entry === null && opened.contents.password?.iterations !== iterations) {
      return change(opened, { password: { text: password, iterations } }, address)
    }
    if (!await peppers.isOutdated(opened.record.pepperId)) return null
    const contents = await openContents(opened.record, await peppers.envelope(opened.record.pepperId))
    const record = await sealContents(opened.record, contents, await peppers.current())
    return { ...opened, record, value: writeRecord(record) }
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
