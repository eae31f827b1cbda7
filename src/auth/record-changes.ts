// Changes of users' records, which take turns: each opens the record as it is now, with what a proof had opened, and
// writes it back whole.
import { equalBytes, toBase64Url } from '../bytes.ts'
import type { Bytes, Clock, Log } from '../contract.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { limiterAddress } from '../limiter.ts'
import { defaultSeat, type OnOutdated } from '../seat-names.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { GitHubToken } from '../upstream/secrets.ts'
import type { Contents } from './contents.ts'
import type { KdfGate } from './kdf-gate.ts'
import type { OldRecord } from './old-record.ts'
import type { Peppers } from './peppers.ts'
import { isOld, isSeed, readRecord, writeRecord, type UserRecord } from './record.ts'
import type { SeatLink } from './seats.ts'
import { authenticate, changeRecord, openContents, openDataKey, sealRecord, type Change,
  type OpenedRecord } from './sealed-record.ts'
import { createTurns, type Turns } from './turns.ts'
import { guard, type UserStore } from './user-store.ts'
import type { Verified } from './verified.ts'
import type { Defer } from './verifier.ts'
import { keysOfPassword } from './wrap.ts'

export interface Caller {
  readonly address: string
  readonly defer: Defer
  /** The request id for the audit line of a failure. */
  readonly id?: string
}

export interface RecordChanges {
  readonly turns: Turns
  /** A new record. Nothing is written. */
  readonly seal: (
    username: string,
    password: string,
    token: GitHubToken,
    address: string,
    kept?: Partial<Pick<UserRecord, 'rid' | 'gen'>>,
  ) => Promise<OpenedRecord>
  /** The changed record. Nothing is written. */
  readonly change: (opened: OpenedRecord, what: Change, address: string) => Promise<OpenedRecord>
  /** A record of version 1 becomes one of version 2, with the same `rid` and `gen`. Nothing is written. */
  readonly asOpened: (verified: Verified, password: string, address: string) => Promise<OpenedRecord>
  /**
   * The record as it is now. GitHub may take seconds between the proof and the write. If the password changed
   * meanwhile, the proof is no longer valid; a deleted user stays deleted. A record with another seal, or with other
   * keys, counts as the same user's.
   * @throws {GatewayError} `auth-failed`
   */
  readonly assertCurrent: (record: UserRecord | OldRecord) => Promise<UserRecord | OldRecord>
  /** As `assertCurrent`, opened with what the proof had opened. */
  readonly current: (verified: Verified, password: string, address: string) => Promise<OpenedRecord>
  /** Drops the Copilot tokens of the default seat and of these, and what this process knows about them. */
  readonly dropCachedTokens: (record: UserRecord | OldRecord, seats: readonly SeatLink[]) => Promise<void>
  /** The same for one seat. */
  readonly dropSeat: (record: UserRecord | OldRecord, seat: string) => Promise<void>
  /** Repairs after an answer may fail silently: the cached data is sealed, and it expires. */
  readonly note: (thrown: unknown) => void
}

interface Options {
  readonly store: Store
  readonly users: UserStore
  readonly peppers: Peppers
  readonly gate: KdfGate
  readonly iterations: number
  readonly clock: Clock
  readonly log: Log
  readonly onOutdated: OnOutdated
  /** Those of this process, or of all. */
  readonly turns?: Turns
}

export function createRecordChanges (
  { store, users, peppers, gate, iterations, clock, log, onOutdated, turns = createTurns(clock) }: Options,
): RecordChanges {
  return { turns, seal, change, asOpened, assertCurrent, current, dropCachedTokens, dropSeat, note }

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

  async function asOpened (
    { opened, record, openToken }: Verified,
    password: string,
    address: string,
  ): Promise<OpenedRecord> {
    if (opened !== null) return opened
    return seal(record.username, password, await openToken(), address, { rid: record.rid, gen: record.gen })
  }

  async function assertCurrent ({ username, rid, gen }: UserRecord | OldRecord): Promise<UserRecord | OldRecord> {
    const value = await users.read(username)
    const found = value === null ? null : readRecord(value, username)
    if (found === null || isSeed(found) || !equalBytes(found.rid, rid) || found.gen !== gen) throw authFailed()
    return found
  }

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

  async function dropCachedTokens (record: UserRecord | OldRecord, seats: readonly SeatLink[]): Promise<void> {
    onOutdated(record.username, null)
    await Promise.all([defaultSeat, ...seats.map(({ name }) => name)].map(seat => deleteToken(record, seat)))
  }

  async function dropSeat (record: UserRecord | OldRecord, seat: string): Promise<void> {
    onOutdated(record.username, seat)
    await deleteToken(record, seat)
  }

  function deleteToken ({ username, rid }: UserRecord | OldRecord, seat: string): Promise<void> {
    return guard(store.delete(keys.token(username, toBase64Url(rid), seat))).catch(note)
  }

  function note (thrown: unknown): void {
    log.warn({ event: 'repair-failed', code: toGatewayError(thrown).code, err: thrown }, 'work after an answer failed')
  }
}

export function authFailed (): GatewayError {
  return new GatewayError('auth-failed', 'Authentication failed. Check user name and password; nothing was changed.')
}
