// Compares two records of one user: whether they are valid, and which is newer.
import { equalBytes } from '../../bytes.ts'
import type { Peppers } from '../../auth/peppers.ts'
import { openToken, readRecord, type SeedCredential, type UserRecord } from '../../auth/record.ts'
import { deriveKeys } from '../../auth/seal.ts'

/** Null for a value that is neither a record nor of the original layout. */
export function readOrNull (value: string, username: string): UserRecord | SeedCredential | null {
  try {
    return readRecord(value, username)
  } catch {
    return null
  }
}

/**
 * `rid` changes with every password, and `gen` counts the GitHub tokens. If both are equal, the two were sealed from
 * the same secrets, perhaps with other parameters. If the `rid`s differ, nothing shows which password the user knows.
 */
export function compareRecords (one: UserRecord, other: UserRecord): 'same' | 'newer' | 'older' | 'unrelated' {
  if (!equalBytes(one.rid, other.rid)) return 'unrelated'
  if (one.gen === other.gen) return 'same'
  return one.gen > other.gen ? 'newer' : 'older'
}

/**
 * Whether a sealed record holds the same token as a plain record of the same user, whose password opens the seal. Costs
 * one key derivation. `other-password` also if the pepper is missing.
 */
export async function compareSeed (
  record: UserRecord,
  { password, token }: SeedCredential,
  peppers: Peppers,
): Promise<'same' | 'other-password' | 'other-token'> {
  const pepper = await peppers.of(record.pepperId).catch(() => undefined)
  if (pepper === undefined) return 'other-password'
  const opened = await deriveKeys(password, { ...record, pepper })
  if (!equalBytes(opened.verifier, record.verifier)) return 'other-password'
  return await openToken(record, opened).catch(() => null) === token ? 'same' : 'other-token'
}
