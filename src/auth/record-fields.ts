// Reads the fields of stored records. Anyone who can write to the store may have made them.
import { decodeBase64 } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isObject } from '../json.ts'

export type RawRecord = Readonly<Record<string, unknown>>

export const kdf = 'pbkdf2-sha256'

/** @throws {GatewayError} `record_unreadable` for anything but a JSON object */
export function parseObject (value: string): RawRecord {
  try {
    const parsed: unknown = JSON.parse(value)
    if (isObject(parsed)) return parsed
  } catch { /* The next line throws the error. */ }
  throw unreadable()
}

/** @throws {GatewayError} `record_unreadable` unless the field is base64 of exactly this many bytes */
export function readBytes (raw: RawRecord, name: string, length: number): Bytes {
  const decoded = decode(raw[name])
  if (decoded?.length !== length) throw unreadable()
  return decoded
}

/** Bytes of an AES-GCM ciphertext, which ends with a tag of 16 bytes. @throws {GatewayError} `record_unreadable` */
export function readCiphertext (raw: RawRecord, name: string): Bytes {
  const decoded = decode(raw[name])
  if (decoded === null || decoded.length <= 16) throw unreadable()
  return decoded
}

function decode (value: unknown): Bytes | null {
  return typeof value === 'string' ? decodeBase64(value) : null
}

/** A whole number from 1. */
export function isCount (value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

export function unreadable (cause?: unknown): GatewayError {
  return new GatewayError('record_unreadable',
    'The stored record of this user cannot be read. The operator has to look into it, or delete the user.', { cause,
    retryAfterSeconds: 60 })
}

/** A release from before version 2 answers with `unreadable()` to the records of this one. */
export function tooNew (): GatewayError {
  return new GatewayError('record_unreadable',
    'A newer release of this proxy wrote the record of this user. The operator has to run that release again.', {
    retryAfterSeconds: 60,
  })
}
