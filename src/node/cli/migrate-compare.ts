// What can be told of two records of one user: whether they are any, and which is the newer one.
import { equalBytes } from '../../bytes.ts'
import type { Peppers } from '../../auth/peppers.ts'
import { openToken, readRecord, type SeedCredential, type UserRecord } from '../../auth/record.ts'
import { deriveKeys } from '../../auth/seal.ts'

/** Null for what is neither a record nor of the original layout. */
export function readOrNull (value: string, username: string): UserRecord | SeedCredential | null {
  try { return readRecord(value, username) } catch { return null }
}

/**
 * `rid` is new at every change of the password, `gen` counts the GitHub tokens. With both equal the two were sealed from
 * the same secrets, perhaps with other parameters. Of two with another `rid` nothing tells which one the user knows.
 */
export function compareRecords (one: UserRecord, other: UserRecord): 'same' | 'newer' | 'older' | 'unrelated' {
  if (!equalBytes(one.rid, other.rid)) return 'unrelated'
  if (one.gen === other.gen) return 'same'
  return one.gen > other.gen ? 'newer' : 'older'
}

/**
 * Whether behind this seal stands what a plain record says, whose password opens it if it is of the same user. One stretch.
 * `other-password` also where the pepper is not here.
 */
export async function compareSeed (record: UserRecord, { password, token }: SeedCredential, peppers: Peppers): Promise<'same' | 'other-password' | 'other-token'> {
  const pepper = await peppers.of(record.pepperId).catch(() => undefined)
  if (pepper === undefined) return 'other-password'
  const opened = await deriveKeys(password, { ...record, pepper })
  if (!equalBytes(opened.verifier, record.verifier)) return 'other-password'
  return await openToken(record, opened).catch(() => null) === token ? 'same' : 'other-token'
}
