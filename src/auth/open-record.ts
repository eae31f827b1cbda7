// Opens a record with a password, whichever version it has.
import { equalBytes } from '../bytes.ts'
import { authenticateOld, openOldToken, type OldRecord } from './old-record.ts'
import type { Peppers } from './peppers.ts'
import { unreadable } from './record-fields.ts'
import { isOld, type UserRecord } from './record.ts'
import { deriveKeys } from './seal.ts'
import { authenticate, openContents, openDataKey, openPassword } from './sealed-record.ts'
import { toVerified, type Verified } from './verified.ts'
import { keysOfPassword } from './wrap.ts'

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
  return { verified: await toVerified(await authenticate(record, contents, dataKey, value)), iterations }
}

async function openOld (record: OldRecord, password: string, value: string, peppers: Peppers): Promise<Opening> {
  const { username, rid, salt, iterations } = record
  const pepper = await peppers.of(record.pepperId)
  const keys = await deriveKeys(password, { username, rid, salt, iterations, pepper })
  if (!equalBytes(keys.verifier, record.verifier)) return { verified: null, iterations }
  await authenticateOld(record, keys, value)
  return { iterations,
    verified: { record, keys, value, opened: null, entry: null, openToken: () => openOldToken(record, keys) } }
}
