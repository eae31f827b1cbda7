// Derives keys from a password and seals data under them. WebCrypto only, so both runtimes produce the same bytes. The
// keys of version 1 are here; `wrap.ts` has those of version 2.
//
//   stretch = PBKDF2-HMAC-SHA256(password, salt, iterations)
//   root    = HMAC-SHA256(pepper, "acpc/v1/pepper" || stretch), or stretch without a pepper
//   K(x)    = HKDF-SHA256(root, info = LP("acpc/v1", x, username, rid))
//
// The record holds a verifier next to the ciphertext, because AES-GCM does not commit to its key: a successful
// decryption alone would prove little.
import { concatBytes, decodeBase64, fromUtf8, lengthPrefixed, randomBytes, toBase64Url, utf8 } from '../bytes.ts'
import type { Bytes } from '../contract.ts'

/** workerd in production refuses more than 100,000 iterations. Fewer than 10,000 would not slow an attacker down. */
export const iterationBounds = { min: 10_000, max: 100_000 } as const

export interface KeyInputs {
  readonly username: string
  readonly rid: Bytes
  readonly salt: Bytes
  readonly iterations: number
  readonly pepper: Bytes | null
}

/** The keys that an account needs after its sign-in. */
export interface UserKeys {
  /** AES-256-GCM, non-extractable: the GitHub token. */
  readonly user: CryptoKey
  /** AES-256-GCM, non-extractable: cached Copilot tokens. */
  readonly tokenCache: CryptoKey
  /** HMAC-SHA256, non-extractable: makes ids that reveal nothing about their input. */
  readonly digest: CryptoKey
}
export interface Keys extends UserKeys {
  /** Stored, and compared in constant time. It reveals nothing about the other keys. */
  readonly verifier: Bytes
}

/** Costs about 22 ms of CPU at 100,000 iterations. @throws {RangeError} for iterations outside `iterationBounds` */
export async function deriveKeys (
  password: string,
  { username, rid, salt, iterations, pepper }: KeyInputs,
): Promise<Keys> {
  if (!(iterations >= iterationBounds.min && iterations <= iterationBounds.max)) {
    throw new RangeError('KDF iterations out of bounds')
  }
  const stretched = await stretchPassword(password, salt, iterations)
  const root = pepper === null ? stretched : await hmac(pepper, concatBytes([utf8('acpc/v1/pepper'), stretched]))
  const material = await crypto.subtle.importKey('raw', root, 'HKDF', false, ['deriveBits', 'deriveKey'])
  const expand = (label: string) => ({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32),
    info: lengthPrefixed('acpc/v1', label, username, rid) })
  const aes = (label: string) =>
    crypto.subtle.deriveKey(expand(label), material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const [verifier, user, tokenCache, digest] = await Promise.all([
    crypto.subtle.deriveBits(expand('verify'), material, 256),
    aes('enc'),
    aes('token-cache'),
    crypto.subtle.deriveKey(expand('digest'), material, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, [
      'sign',
    ]),
  ])
  return { verifier: new Uint8Array(verifier), user, tokenCache, digest }
}

/** Runs only the costly part of `deriveKeys`. */
export async function stretchPassword (password: string, salt: Bytes, iterations: number): Promise<Bytes> {
  const secret = await crypto.subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveBits'])
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, secret, 256),
  )
}

/** Six bytes that identify a pepper without revealing it. */
export async function pepperId (pepper: Bytes): Promise<Bytes> {
  return (await hmac(pepper, utf8('acpc/v1/pepper-id'))).slice(0, 6)
}

/** @param iv 12 new bytes for every write: no pair of key and nonce is ever used twice */
export async function encrypt (key: CryptoKey, iv: Bytes, boundTo: Bytes, plain: string | Bytes): Promise<Bytes> {
  const bytes = typeof plain === 'string' ? utf8(plain) : plain
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: boundTo }, key, bytes))
}

/** @throws when the key, the nonce or `boundTo` differs from the one at encryption */
export async function decrypt (key: CryptoKey, iv: Bytes, boundTo: Bytes, sealed: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: boundTo }, key, sealed))
}

/** A cached Copilot token in the form that the store holds: nonce, dot, ciphertext. */
export async function sealCached (key: CryptoKey, username: string, rid: Bytes, text: string): Promise<string> {
  const iv = randomBytes(12)
  return `${toBase64Url(iv)}.${toBase64Url(await encrypt(key, iv, cachedTokenBinding(username, rid), text))}`
}

/** Null if it does not open: an unreadable cache entry is a cache miss. */
export async function openCached (
  key: CryptoKey,
  username: string,
  rid: Bytes,
  sealed: string,
): Promise<string | null> {
  const [iv, ciphertext] = sealed.split('.').map(decodeBase64)
  if (iv?.length !== 12 || ciphertext === undefined || ciphertext === null) return null
  try {
    return fromUtf8(await decrypt(key, iv, cachedTokenBinding(username, rid), ciphertext))
  } catch {
    return null
  }
}

function cachedTokenBinding (username: string, rid: Bytes): Bytes {
  return lengthPrefixed('acpc/v1/token', username, rid)
}

/** @param key from `deriveKeys` */
export async function keyedDigest (key: CryptoKey, text: string): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text)))
}

async function hmac (secret: Bytes, message: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, message))
}
