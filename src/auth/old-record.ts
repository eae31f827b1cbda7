// Records of version 1, which earlier releases wrote: the GitHub token sealed under a key of the password alone. The
// gateway reads them, and writes the user's record as version 2 at the next sign-in:
// `docs/spec/limits.md#key-derivation`.
import { decodeText, lengthPrefixed, toBase64Url } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { readGitHubToken, type GitHubToken } from '../upstream/secrets.ts'
import { isCount, kdf, readBytes, readCiphertext, unreadable, type RawRecord } from './record-fields.ts'
import { decrypt, iterationBounds, type Keys } from './seal.ts'

export interface OldRecord {
  readonly version: 1
  readonly username: string
  readonly rid: Bytes
  readonly gen: number
  readonly iterations: number
  readonly salt: Bytes
  readonly pepperId: Bytes | null
  readonly verifier: Bytes
  readonly iv: Bytes
  readonly ciphertext: Bytes
}

export const maxOldRecordLength = 4_096

/** @throws {GatewayError} `record_unreadable` */
export function readOldRecord (raw: RawRecord, username: string): OldRecord {
  const { u, gen, it, pid } = raw
  if (u !== username || raw['kdf'] !== kdf) throw unreadable()
  if (!isCount(gen) || !isCount(it) || it < iterationBounds.min || it > iterationBounds.max) throw unreadable()
  return {
    version: 1,
    username,
    gen,
    iterations: it,
    ciphertext: readCiphertext(raw, 'ct'),
    rid: readBytes(raw, 'rid', 16),
    salt: readBytes(raw, 'salt', 16),
    verifier: readBytes(raw, 'vf', 32),
    iv: readBytes(raw, 'iv', 12),
    pepperId: pid === null ? null : readBytes(raw, 'pid', 6),
  }
}

export function writeOldRecord (record: OldRecord): string {
  return JSON.stringify({
    v: 1,
    u: record.username,
    rid: toBase64Url(record.rid),
    gen: record.gen,
    kdf,
    it: record.iterations,
    salt: toBase64Url(record.salt),
    pid: record.pepperId === null ? null : toBase64Url(record.pepperId),
    vf: toBase64Url(record.verifier),
    iv: toBase64Url(record.iv),
    ct: toBase64Url(record.ciphertext),
  })
}

/** @throws {GatewayError} `record_unreadable` if the record changed since it was sealed */
export async function openOldToken (record: OldRecord, keys: Keys): Promise<GitHubToken> {
  const text = decodeText(await open(record, keys))
  const token = text === null ? null : readGitHubToken(text)
  if (token === null) throw unreadable()
  return token
}

/**
 * Proves the password as `openOldToken` does, for callers who do not need the token: the token never becomes a string.
 * Base64 and JSON allow several spellings of the same bytes, so the stored value must equal exactly what this module
 * writes. Every release writes records in this form.
 * @throws {GatewayError} `record_unreadable`
 */
export async function authenticateOld (record: OldRecord, keys: Keys, value: string): Promise<void> {
  const token = await open(record, keys)
  token.fill(0)
  if (value !== writeOldRecord(record)) throw unreadable()
}

async function open (record: OldRecord, keys: Keys): Promise<Bytes> {
  try {
    return await decrypt(keys.user, record.iv, oldBinding(record), record.ciphertext)
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** The fields that the seal of a record covers. */
export function oldBinding (
  record: Pick<OldRecord, 'username' | 'rid' | 'gen' | 'iterations' | 'salt' | 'pepperId'>,
): Bytes {
  const { username, rid, gen, iterations, salt, pepperId } = record
  return lengthPrefixed('acpc/v1/user', username, rid, String(gen), kdf, String(iterations), salt, pepperId ?? '')
}
