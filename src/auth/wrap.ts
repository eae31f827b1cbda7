// Keys of a record of version 2. A random data key seals the user's data. It is wrapped once for the password and once
// for each further credential, so that each of them opens the record by itself.
//
//   stretch      = PBKDF2-HMAC-SHA256(password, salt, it)
//   W(password)  = HKDF-SHA256(stretch, info = LP("acpc/v2", "wrap", username, kdf, it))
//   W(secret)    = HKDF-SHA256(secret, info = LP("acpc/v2", kind, username, id))
//   wrapped      = iv || AES-256-GCM(W, iv, data key, bound to LP("acpc/v2/wrap", kind, username, rid, id))
//   enc, token-cache, digest = HKDF-SHA256(data key, info = LP("acpc/v2", "keys", username, rid)), 32 bytes each
//   envelope     = HKDF-SHA256(pepper, info = LP("acpc/v2", "envelope"))
//
// Secrets of keys have 165 random bits, so nothing is gained by stretching them:
// `docs/spec/limits.md#records-version-2`.
import { concatBytes, lengthPrefixed, randomBytes, utf8 } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { kdf } from './record-fields.ts'
import { decrypt, encrypt, stretchPassword, type UserKeys } from './seal.ts'

export const dataKeyBytes = 32
const ivBytes = 12
/** Nonce, data key, tag. */
export const wrappedBytes = ivBytes + dataKeyBytes + 16

/** What a wrap is for. It is part of each derivation, so that no secret works as a credential of another kind. */
export type WrapKind = 'password' | 'key' | 'device' | 'session' | 'code'

export interface PasswordKeys {
  /** Stored, and compared in constant time. */
  readonly verifier: Bytes
  readonly wrapKey: Bytes
}

/** Costs about 22 ms of CPU at 100,000 iterations. */
export async function keysOfPassword (
  password: string,
  { username, salt, iterations }: { readonly username: string, readonly salt: Bytes, readonly iterations: number },
): Promise<PasswordKeys> {
  const material = await toMaterial(await stretchPassword(password, salt, iterations))
  const [verifier, wrapKey] = await Promise.all([expandBits(material, 'verify', username, kdf, String(iterations)),
    expandBits(material, 'wrap', username, kdf, String(iterations))])
  return { verifier, wrapKey }
}

/** Costs a few microseconds: the secret is random. */
export async function wrapKeyOf (kind: WrapKind, username: string, id: string, secret: string): Promise<Bytes> {
  return expandBits(await toMaterial(utf8(secret)), kind, username, id)
}

export interface WrapPlace {
  readonly kind: WrapKind
  readonly username: string
  readonly rid: Bytes
  /** The id of the credential, or the salt of the password. */
  readonly id: string | Bytes
}

export async function wrapDataKey (wrapKey: Bytes, place: WrapPlace, dataKey: Bytes): Promise<Bytes> {
  const iv = randomBytes(ivBytes)
  return concatBytes([iv, await encrypt(await toAes(wrapKey), iv, placeBinding(place), dataKey)])
}

/** Null if the wrap key is another, or the wrap was moved or changed. */
export async function unwrapDataKey (wrapKey: Bytes, place: WrapPlace, wrapped: Bytes): Promise<Bytes | null> {
  try {
    return await decrypt(await toAes(wrapKey), wrapped.slice(0, ivBytes), placeBinding(place), wrapped.slice(ivBytes))
  } catch {
    return null
  }
}

/** One derivation for all three: each WebCrypto call costs as much as its work. */
export async function keysOfDataKey (dataKey: Bytes, username: string, rid: Bytes): Promise<UserKeys> {
  const info = hkdf('keys', username, rid)
  const bytes = new Uint8Array(await crypto.subtle.deriveBits(info, await toMaterial(dataKey), 768))
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const [user, tokenCache, digest] = await Promise.all([toAes(bytes.slice(0, 32)), toAes(bytes.slice(32, 64)),
    crypto.subtle.importKey('raw', bytes.slice(64), hmac, false, ['sign'])])
  bytes.fill(0)
  return { user, tokenCache, digest }
}

/**
 * The key of the outermost seal of every record. Without a pepper everybody can compute it, and the seal is only a
 * checksum.
 */
export async function envelopeKey (pepper: Bytes | null): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(hkdf('envelope'), await toMaterial(pepper ?? new Uint8Array(32)), {
    name: 'AES-GCM',
    length: 256,
  }, false, ['encrypt', 'decrypt'])
}

function placeBinding ({ kind, username, rid, id }: WrapPlace): Bytes {
  return lengthPrefixed('acpc/v2/wrap', kind, username, rid, id)
}

function toMaterial (secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey'])
}

function toAes (key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function expandBits (material: CryptoKey, ...info: ReadonlyArray<string | Bytes>): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(...info), material, 256))
}

function hkdf (...info: ReadonlyArray<string | Bytes>): HkdfParams {
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: lengthPrefixed('acpc/v2', ...info) }
}
