// Records as earlier releases wrote them, and a look into the envelope of today's.
import { writeOldRecord, oldBinding } from '../../../src/auth/old-record.ts'
import type { Contents } from '../../../src/auth/contents.ts'
import { isOld, isSeed, readRecord, type UserRecord } from '../../../src/auth/record.ts'
import { deriveKeys, encrypt, pepperId } from '../../../src/auth/seal.ts'
import { openContents } from '../../../src/auth/sealed-record.ts'
import { envelopeKey } from '../../../src/auth/wrap.ts'
import { randomBytes } from '../../../src/bytes.ts'
import type { Bytes } from '../../../src/contract.ts'

interface OldInputs {
  readonly username?: string
  readonly password: string
  readonly token: string
  readonly pepper?: Bytes | null
  readonly iterations?: number
  readonly gen?: number
  readonly rid?: Bytes
}

/** Version 1, as the releases before version 2 wrote it. */
export async function oldRecord (
  { username = 'alice', password, token, pepper = null, iterations = 10_000, gen = 1, rid = randomBytes(16) }:
    OldInputs,
): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(12)]
  const keys = await deriveKeys(password, { username, rid, salt, iterations, pepper })
  const head = { version: 1 as const, username, rid, gen, iterations, salt,
    pepperId: pepper === null ? null : await pepperId(pepper) }
  return writeOldRecord({ ...head, iv, verifier: keys.verifier,
    ciphertext: await encrypt(keys.user, iv, oldBinding(head), token) })
}

export function userRecord (value: string, username = 'alice'): UserRecord {
  const found = readRecord(value, username)
  if (isSeed(found) || isOld(found)) throw new Error('not version 2')
  return found
}

export async function contentsOf (value: string, pepper: Bytes | null = null, username = 'alice'): Promise<Contents> {
  return openContents(userRecord(value, username), await envelopeKey(pepper))
}
