// Reads and writes users' records: version 2, version 1, and the original project's layout. This module does not trust
// anyone who can write to the store: bounds are checked before any costly work. `sealed-record.ts` opens and seals.
import { toBase64Url } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { seedCredentialPrefix } from '../store/keys.ts'
import { readGitHubToken, type GitHubToken } from '../upstream/secrets.ts'
import { maxOldRecordLength, readOldRecord, type OldRecord } from './old-record.ts'
import { isCount, parseObject, readBytes, readCiphertext, tooNew, unreadable, type RawRecord } from './record-fields.ts'

/** A record of version 2. Its envelopes are sealed under the pepper; `contents.ts` has what they hold. */
export interface UserRecord {
  readonly version: 2
  readonly username: string
  /** Names the data key. New with every data key. */
  readonly rid: Bytes
  /** Counts the GitHub tokens. */
  readonly gen: number
  /** Counts the changes. A new seal of the same content is none. */
  readonly rev: number
  readonly pepperId:
    | Bytes
    | null
  /**
   * The password's wrap, as nonce and ciphertext. It has an envelope of its own, so that a damaged record answers 503
   * to the right password alone, and 401 to a wrong one as ever.
   */
  readonly password: Bytes
  /** The entries and the data, as nonce and ciphertext. */
  readonly data: Bytes
}

/**
 * The original project's layout: a key name holds the password and the token in clear. The gateway reads it once and
 * then seals it.
 */
export interface SeedCredential {
  readonly key: string
  readonly password: string
  readonly token: GitHubToken
}
export type StoredRecord = UserRecord | OldRecord | SeedCredential

export interface Pepper {
  readonly id: Bytes
  readonly secret: Bytes
}

/** The store's limit for a value is 25 KiB. */
export const maxRecordLength = 24_576

/**
 * @throws {GatewayError} `record_unreadable` for any other value; never 401, because users would then register again
 */
export function readRecord (value: string, username: string): StoredRecord {
  if (value.length > maxRecordLength) throw unreadable()
  if (value.startsWith(seedCredentialPrefix)) return readSeed(value, username)
  const raw = parseObject(value)
  if (raw['v'] === 1) {
    if (value.length > maxOldRecordLength) throw unreadable()
    return readOldRecord(raw, username)
  }
  if (isCount(raw['v']) && raw['v'] > 2) throw tooNew()
  if (raw['v'] !== 2 || raw['u'] !== username) throw unreadable()
  return readUserRecord(raw, username)
}

export function isSeed (found: StoredRecord): found is SeedCredential {
  return 'token' in found
}

export function isOld (found: UserRecord | OldRecord): found is OldRecord {
  return found.version === 1
}

export function writeRecord ({ username, rid, gen, rev, pepperId, password, data }: UserRecord): string {
  return JSON.stringify({
    v: 2,
    u: username,
    rid: toBase64Url(rid),
    gen,
    rev,
    pid: pepperId === null ? null : toBase64Url(pepperId),
    pw: toBase64Url(password),
    ct: toBase64Url(data),
  })
}

function readUserRecord (raw: RawRecord, username: string): UserRecord {
  const { gen, rev, pid } = raw
  if (!isCount(gen) || !isCount(rev)) throw unreadable()
  return { version: 2, username, gen, rev, rid: readBytes(raw, 'rid', 16),
    pepperId: pid === null ? null : readBytes(raw, 'pid', 6), password: readCiphertext(raw, 'pw'),
    data: readCiphertext(raw, 'ct') }
}

/** `cred:<username>:<password>:<token>`. In theory a token could contain colons; in practice none does. */
function readSeed (value: string, username: string): SeedCredential {
  const [owner, password = '', ...rest] = value.slice(seedCredentialPrefix.length).split(':')
  const token = readGitHubToken(rest.join(':'))
  if (owner !== username || password === '' || token === null) throw unreadable()
  return { key: value, password, token }
}
