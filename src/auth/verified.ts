// A credential that was right, and what it opened.
import type { GitHubToken } from '../upstream/secrets.ts'
import type { Entry } from './contents.ts'
import type { OldRecord } from './old-record.ts'
import type { UserRecord } from './record.ts'
import type { UserKeys } from './seal.ts'
import { createTokenOpener, type OpenedRecord } from './sealed-record.ts'

export interface Verified {
  readonly record: UserRecord | OldRecord
  readonly keys: UserKeys
  /** The record in the form that the store holds. */
  readonly value: string
  /**
   * The token of the seat, or of the default one.
   * @throws {GatewayError} `record_unreadable` if someone tampered with the record
   */
  readonly openToken: (seat?: string) => Promise<GitHubToken>
  /** Null for a record of version 1, until it is written as version 2. */
  readonly opened:
    | OpenedRecord
    | null
  /** The key or the session that signed in; null for the password. */
  readonly entry: Entry | null
}

/** The text of the credential that proved the user, and what it opened. */
export interface Proof {
  readonly credential: string
  readonly verified: Verified
}

export function toVerified (opened: OpenedRecord, entry: Entry | null = null): Verified {
  const { record, keys, value } = opened
  return { record, keys, value, opened, entry, openToken: createTokenOpener(opened) }
}
