// Compares two records of one user: whether they are valid, and which is newer.
import { equalBytes } from '../../bytes.ts'
import type { OldRecord } from '../../auth/old-record.ts'
import { openWithPassword } from '../../auth/open-record.ts'
import type { Peppers } from '../../auth/peppers.ts'
import { isOld, readRecord, type SeedCredential, type StoredRecord, type UserRecord } from '../../auth/record.ts'

/** Null for a value that is neither a record nor of the original layout. */
export function readOrNull (value: string, username: string): StoredRecord | null {
  try {
    return readRecord(value, username)
  } catch {
    return null
  }
}

type Sealed =
  | UserRecord
  | OldRecord

/**
 * `rid` names the key of the data, `gen` counts the GitHub tokens, and `rev` counts all changes. If all are equal, the
 * two were sealed from the same secrets, perhaps with other parameters. If the `rid`s differ, nothing shows which
 * password the user knows.
 */
export function compareRecords (one: Sealed, other: Sealed): 'same' | 'newer' | 'older' | 'unrelated' {
  if (!equalBytes(one.rid, other.rid)) return 'unrelated'
  const difference = one.gen - other.gen || revOf(one) - revOf(other)
  if (difference === 0) return 'same'
  return difference > 0 ? 'newer' : 'older'
}

/** Version 2 is made from version 1, never the other way. */
function revOf (record: Sealed): number {
  return isOld(record) ? 0 : record.rev
}

/**
 * Whether a sealed record holds the same token as a plain record of the same user, whose password opens the seal. Costs
 * one key derivation. `other-password` also if the pepper is missing.
 */
export async function compareSeed (
  record: Sealed,
  { password, token }: SeedCredential,
  value: string,
  peppers: Peppers,
): Promise<'same' | 'other-password' | 'other-token'> {
  const opening = await openWithPassword(record, password, value, peppers).catch(() => null)
  if (opening === null || opening.verified === null) return 'other-password'
  return await opening.verified.openToken().catch(() => null) === token ? 'same' : 'other-token'
}
