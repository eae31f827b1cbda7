// The record of a user as it stands in the store, and how it is made and opened. Whoever can write the store is not
// trusted: every field that matters is bound into the ciphertext, and bounds are checked before any work is done.
import { decodeBase64, lengthPrefixed, randomBytes, toBase64Url } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { seedCredentialPrefix } from '../store/keys.ts'
import { readGitHubToken, type GitHubToken } from '../upstream/secrets.ts'
import { decrypt, deriveKeys, encrypt, iterationBounds, type Keys } from './seal.ts'

export interface UserRecord {
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

/** The original project's layout: password and token in clear, in a key name. Read once, then re-sealed. */
export interface SeedCredential { readonly key: string, readonly password: string, readonly token: GitHubToken }

export interface Pepper { readonly id: Bytes, readonly secret: Bytes }

const kdf = 'pbkdf2-sha256'
const maxRecordLength = 4_096

/** @throws {GatewayError} `record_unreadable` for anything that is neither; never 401, or users would register anew */
export function readRecord (value: string, username: string): UserRecord | SeedCredential {
  if (value.length > maxRecordLength) throw unreadable()
  if (value.startsWith(seedCredentialPrefix)) return readSeed(value, username)
  const raw = parseObject(value)
  const bytes = (name: string, length: number): Bytes => {
    const decoded = typeof raw[name] === 'string' ? decodeBase64(raw[name]) : null
    if (decoded?.length !== length) throw unreadable()
    return decoded
  }
  const ciphertext = typeof raw['ct'] === 'string' ? decodeBase64(raw['ct']) : null
  const { v, u, gen, it, pid } = raw
  if (v !== 1 || u !== username || raw['kdf'] !== kdf || ciphertext === null || ciphertext.length <= 16) throw unreadable()
  if (!isCount(gen) || !isCount(it) || it < iterationBounds.min || it > iterationBounds.max) throw unreadable()
  return {
    username, gen, iterations: it, ciphertext,
    rid: bytes('rid', 16), salt: bytes('salt', 16), verifier: bytes('vf', 32), iv: bytes('iv', 12),
    pepperId: pid === null ? null : bytes('pid', 6),
  }
}

export function isSeed (found: UserRecord | SeedCredential): found is SeedCredential {
  return 'password' in found
}

export function writeRecord (record: UserRecord): string {
  return JSON.stringify({
    v: 1, u: record.username, rid: toBase64Url(record.rid), gen: record.gen, kdf, it: record.iterations, salt: toBase64Url(record.salt),
    pid: record.pepperId === null ? null : toBase64Url(record.pepperId), vf: toBase64Url(record.verifier),
    iv: toBase64Url(record.iv), ct: toBase64Url(record.ciphertext),
  })
}

export interface SealOptions { readonly iterations: number, readonly pepper: Pepper | null, readonly rid?: Bytes, readonly gen?: number }

/** Salt and nonce are fresh at every call. One stretch of the password, so it belongs behind the KDF gate. */
export async function sealRecord (username: string, password: string, token: GitHubToken, options: SealOptions): Promise<{ record: UserRecord, keys: Keys }> {
  const { iterations, pepper, rid = randomBytes(16), gen = 1 } = options
  const salt = randomBytes(16)
  const keys = await deriveKeys(password, { username, rid, salt, iterations, pepper: pepper?.secret ?? null })
  const iv = randomBytes(12)
  const head = { username, rid, gen, iterations, salt, pepperId: pepper?.id ?? null }
  return { keys, record: { ...head, iv, verifier: keys.verifier, ciphertext: await encrypt(keys.user, iv, userBinding(head), token) } }
}

/** @throws {GatewayError} `record_unreadable` when anything in the record was changed since it was sealed */
export async function openToken (record: UserRecord, keys: Keys): Promise<GitHubToken> {
  const text = await decrypt(keys.user, record.iv, userBinding(record), record.ciphertext).catch((cause: unknown) => { throw unreadable(cause) })
  const token = readGitHubToken(text)
  if (token === null) throw unreadable()
  return token
}

function userBinding (record: Pick<UserRecord, 'username' | 'rid' | 'gen' | 'iterations' | 'salt' | 'pepperId'>): Bytes {
  const { username, rid, gen, iterations, salt, pepperId } = record
  return lengthPrefixed('acpc/v1/user', username, rid, String(gen), kdf, String(iterations), salt, pepperId ?? '')
}

/** `cred:<username>:<password>:<token>`; the token may hold colons of its own in theory, not in fact. */
function readSeed (value: string, username: string): SeedCredential {
  const [owner, password = '', ...rest] = value.slice(seedCredentialPrefix.length).split(':')
  const token = readGitHubToken(rest.join(':'))
  if (owner !== username || password === '' || token === null) throw unreadable()
  return { key: value, password, token }
}

function parseObject (value: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(value)
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>
  } catch { /* said below */ }
  throw unreadable()
}

function isCount (value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function unreadable (cause?: unknown): GatewayError {
  return new GatewayError('record_unreadable', 'The stored record of this user cannot be read. The operator has to look into it, or delete the user.', { cause, retryAfterSeconds: 60 })
}
