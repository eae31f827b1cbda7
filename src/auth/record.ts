// Formats, seals and opens a user's record in the store. This module does not trust anyone who can write to the store:
// the ciphertext binds every field that matters, and the bounds are checked before any costly work.
import { decodeBase64, fromUtf8, lengthPrefixed, randomBytes, toBase64Url } from '../bytes.ts'
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

/**
 * The original project's layout: a key name holds the password and the token in clear. The gateway reads it once and
 * then seals it.
 */
export interface SeedCredential {
  readonly key: string
  readonly password: string
  readonly token: GitHubToken
}

export interface Pepper {
  readonly id: Bytes
  readonly secret: Bytes
}

const kdf = 'pbkdf2-sha256'
const maxRecordLength = 4_096

/**
 * @throws {GatewayError} `record_unreadable` for any other value; never 401, because users would then register again
 */
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
  if (v !== 1 || u !== username || raw['kdf'] !== kdf || ciphertext === null || ciphertext.length <= 16) {
    throw unreadable()
  }
  if (!isCount(gen) || !isCount(it) || it < iterationBounds.min || it > iterationBounds.max) throw unreadable()
  return {
    username,
    gen,
    iterations: it,
    ciphertext,
    rid: bytes('rid', 16),
    salt: bytes('salt', 16),
    verifier: bytes('vf', 32),
    iv: bytes('iv', 12),
    pepperId: pid === null ? null : bytes('pid', 6),
  }
}

export function isSeed (found: UserRecord | SeedCredential): found is SeedCredential {
  return 'password' in found
}

export function writeRecord (record: UserRecord): string {
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

export interface SealOptions {
  readonly iterations: number
  readonly pepper: Pepper | null
  readonly rid?: Bytes
  readonly gen?: number
}

/** Every call creates a new salt and nonce. It costs one key derivation, so it belongs behind the KDF gate. */
export async function sealRecord (
  username: string,
  password: string,
  token: GitHubToken,
  options: SealOptions,
): Promise<{ record: UserRecord, keys: Keys }> {
  const { iterations, pepper, rid = randomBytes(16), gen = 1 } = options
  const salt = randomBytes(16)
  const keys = await deriveKeys(password, { username, rid, salt, iterations, pepper: pepper?.secret ?? null })
  const iv = randomBytes(12)
  const head = { username, rid, gen, iterations, salt, pepperId: pepper?.id ?? null }
  return { keys,
    record: { ...head, iv, verifier: keys.verifier,
      ciphertext: await encrypt(keys.user, iv, userBinding(head), token) } }
}

/** @throws {GatewayError} `record_unreadable` if the record changed since it was sealed */
export async function openToken (record: UserRecord, keys: Keys): Promise<GitHubToken> {
  const text = decodeText(await open(record, keys))
  const token = text === null ? null : readGitHubToken(text)
  if (token === null) throw unreadable()
  return token
}

/**
 * Proves the password as `openToken` does, for callers who do not need the token: the token never becomes a string.
 * Base64 and JSON allow several spellings of the same bytes, so the stored value must equal exactly what this module
 * writes. Every release writes records in this form.
 * @throws {GatewayError} `record_unreadable`
 */
export async function authenticate (record: UserRecord, keys: Keys, value: string): Promise<void> {
  const token = await open(record, keys)
  token.fill(0)
  if (value !== writeRecord(record)) throw unreadable()
}

async function open (record: UserRecord, keys: Keys): Promise<Bytes> {
  try {
    return await decrypt(keys.user, record.iv, userBinding(record), record.ciphertext)
  } catch (cause) {
    throw unreadable(cause)
  }
}

function decodeText (bytes: Bytes): string | null {
  try {
    return fromUtf8(bytes)
  } catch {
    return null
  }
}

function userBinding (
  record: Pick<UserRecord, 'username' | 'rid' | 'gen' | 'iterations' | 'salt' | 'pepperId'>,
): Bytes {
  const { username, rid, gen, iterations, salt, pepperId } = record
  return lengthPrefixed('acpc/v1/user', username, rid, String(gen), kdf, String(iterations), salt, pepperId ?? '')
}

/** `cred:<username>:<password>:<token>`. In theory a token could contain colons; in practice none does. */
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
  } catch { /* The next line throws the error. */ }
  throw unreadable()
}

function isCount (value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function unreadable (cause?: unknown): GatewayError {
  return new GatewayError('record_unreadable',
    'The stored record of this user cannot be read. The operator has to look into it, or delete the user.', { cause,
    retryAfterSeconds: 60 })
}
