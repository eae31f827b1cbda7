// Bytes and their encodings, the same on both runtimes. A leaf: imports nothing.
import type { Bytes } from './contract.ts'

const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true })

export function utf8 (text: string): Bytes {
  return encoder.encode(text)
}

/** @throws {TypeError} if the bytes are not UTF-8; drops a leading BOM */
export function fromUtf8 (bytes: Uint8Array): string {
  return strictDecoder.decode(bytes)
}

export function toBase64Url (bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

export function toBase64 (bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}

/** Reads base64 and base64url, with or without padding; null for anything else. */
export function decodeBase64 (text: string): Bytes | null {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return null
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''))
    const out = new Uint8Array(binary.length)
    for (let at = 0; at < out.length; at++) out[at] = binary.charCodeAt(at)
    return out
  } catch {
    return null
  }
}

/** Null for bytes that are not UTF-8. */
export function decodeText (bytes: Uint8Array): string | null {
  try {
    return fromUtf8(bytes)
  } catch {
    return null
  }
}

/** The text behind base64; null if it is not base64, or the bytes are not UTF-8. */
export function textOfBase64 (base64: string): string | null {
  const bytes = decodeBase64(base64)
  return bytes === null ? null : decodeText(bytes)
}

/**
 * Writes each field as its length in four bytes, then its bytes: two different lists of fields never give the same
 * bytes.
 */
export function lengthPrefixed (...fields: ReadonlyArray<string | Uint8Array>): Bytes {
  const parts = fields.map(field => typeof field === 'string' ? utf8(field) : field)
  const out = new Uint8Array(parts.reduce((total, part) => total + 4 + part.length, 0))
  const view = new DataView(out.buffer)
  let at = 0
  for (const part of parts) {
    view.setUint32(at, part.length)
    out.set(part, at + 4)
    at += 4 + part.length
  }
  return out
}

export function concatBytes (parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Takes the same time wherever the two differ. Only workerd has `crypto.subtle.timingSafeEqual`. */
export function equalBytes (a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < b.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return difference === 0
}

export function randomBytes (length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** Writes a text in UTF-8. @returns whether there was room for all of it */
export function encodeInto (text: string, out: Uint8Array): boolean {
  return encoder.encodeInto(text, out).read === text.length
}

/** As `utf8`, for short texts that many requests make: they share one buffer, which costs the collector less. */
export function pooledUtf8 (text: string): Uint8Array {
  const out = allocate(text.length)
  return encodeInto(text, out) ? out : utf8(text)
}

/** Of the text in UTF-8. */
export async function sha256 (text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
}

const poolBytes = 8_192
let pool = new Uint8Array(poolBytes)
let used = 0

/**
 * Allocates bytes with undefined content. Short buffers share one pool: their own allocation would cost more than
 * filling them.
 */
export function allocate (length: number): Uint8Array {
  if (length > poolBytes / 4) return new Uint8Array(length)
  if (used + length > poolBytes) {
    pool = new Uint8Array(poolBytes)
    used = 0
  }
  used += length
  return new Uint8Array(pool.buffer, used - length, length)
}
