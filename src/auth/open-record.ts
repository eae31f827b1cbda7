// Opens a record with a password, whichever version it has, or with a key or a session.
import { equalBytes } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { isExpired, type Entry } from './contents.ts'
import type { EntryCredential } from './entry-credential.ts'
import { evenOut } from './even-work.ts'
import { authenticateOld, openOldToken, type OldRecord } from './old-record.ts'
import type { Peppers } from './peppers.ts'
import { unreadable } from './record-fields.ts'
import { isOld, type UserRecord } from './record.ts'
import { deriveKeys } from './seal.ts'
import { authenticate, openContents, openDataKey, openPassword, openSealedData,
  type OpenedRecord } from './sealed-record.ts'
import { toVerified, type Verified } from './verified.ts'
import { keysOfPassword, unwrapDataKey, wrapKeyOf, wrappedBytes } from './wrap.ts'

export interface Opening {
  /** Null for a wrong password. */
  readonly verified:
    | Verified
    | null
  /** What the check cost. */
  readonly iterations: number
}

/**
 * Costs one key derivation, so it belongs behind the KDF gate.
 * @throws {GatewayError} `record_unreadable`, `pepper_missing`
 */
export function openWithPassword (
  record: UserRecord | OldRecord,
  password: string,
  value: string,
  peppers: Peppers,
): Promise<Opening> {
  return isOld(record) ? openOld(record, password, value, peppers) : openNew(record, password, value, peppers)
}

async function openNew (record: UserRecord, password: string, value: string, peppers: Peppers): Promise<Opening> {
  const { username } = record
  const envelope = await peppers.envelope(record.pepperId)
  const { iterations, salt, verifier, wrapped } = await openPassword(record, envelope)
  const made = await keysOfPassword(password, { username, salt, iterations })
  if (!equalBytes(made.verifier, verifier)) return { verified: null, iterations }
  const dataKey = await openDataKey(record, 'password', { id: salt, wrapped }, made.wrapKey)
  if (dataKey === null) throw unreadable()
  const contents = await openContents(record, envelope)
  return { verified: toVerified(await authenticate(record, contents, dataKey, value)), iterations }
}

/**
 * Opens a record with a key or a session. It derives nothing from a password. Null for a wrong or an expired one, at
 * about the same cost whatever is missing: the same cryptography, and as much text to read (`even-work.ts`).
 * @param record null for an unknown user
 * @throws {GatewayError} `record_unreadable`, `pepper_missing`
 */
export async function openWithEntry (
  username: string,
  record: UserRecord | OldRecord | null,
  { kinds, id, secret }: EntryCredential,
  { value, peppers, now }: { readonly value: string, readonly peppers: Peppers, readonly now: number },
): Promise<Verified | null> {
  const contents = record === null || isOld(record)
    ? await openNothing(username, peppers)
    : await openSealedData(record, await peppers.envelope(record.pepperId))
  const entry = contents?.entries.find(entry => entry.id === id && kinds.includes(entry.kind)) ?? noEntry
  const wrapKey = await wrapKeyOf(entry.kind, username, id, secret)
  const rid = record?.rid ?? nothing
  const dataKey = await unwrapDataKey(wrapKey, { kind: entry.kind, username, rid, id }, entry.wrapped)
  if (dataKey === null || record === null || isOld(record) || contents === null || isExpired(entry, now)) {
    evenOut(value.length)
    return null
  }
  return toVerified(await authenticate(record, contents, dataKey, value), entry)
}

/** @throws {GatewayError} `record_unreadable`, `pepper_missing` */
export async function openWithDataKey (
  record: UserRecord,
  dataKey: Bytes,
  value: string,
  peppers: Peppers,
): Promise<OpenedRecord> {
  const contents = await openSealedData(record, await peppers.envelope(record.pepperId))
  return authenticate(record, contents, dataKey, value)
}

/** As much work as for a record: the time does not reveal whether a name exists. */
async function openNothing (username: string, peppers: Peppers): Promise<null> {
  const pepperId = (await peppers.current())?.id ?? null
  const envelope = await peppers.envelope(pepperId)
  const record = { version: 2 as const, username, rid: nothing, gen: 1, rev: 1, pepperId, password: nothing,
    data: new Uint8Array(700) }
  return openSealedData(record, envelope).then(() => null, () => null)
}

const nothing = new Uint8Array(16)
const noEntry: Entry = { kind: 'key', id: '', name: '', createdAt: 1, expiresAt: null,
  wrapped: new Uint8Array(wrappedBytes), models: null, monthlyCredits: null, seat: null }

async function openOld (record: OldRecord, password: string, value: string, peppers: Peppers): Promise<Opening> {
  const { username, rid, salt, iterations } = record
  const pepper = await peppers.of(record.pepperId)
  const keys = await deriveKeys(password, { username, rid, salt, iterations, pepper })
  if (!equalBytes(keys.verifier, record.verifier)) return { verified: null, iterations }
  await authenticateOld(record, keys, value)
  return { iterations,
    verified: { record, keys, value, opened: null, entry: null, openToken: () => openOldToken(record, keys) } }
}
