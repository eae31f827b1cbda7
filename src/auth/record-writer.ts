// Writes a change of a user's record that one of the user's own credentials asked for: opens the record as it is now,
// changes it, stores it, and lets this process know.
import { toBase64Url } from '../bytes.ts'
import type { Caller, RecordChanges } from './record-changes.ts'
import type { Change, OpenedRecord } from './sealed-record.ts'
import type { Account } from './account.ts'
import type { SignIn } from './sign-in.ts'
import type { UserStore } from './user-store.ts'
import { toVerified, type Proof } from './verified.ts'

/**
 * @param toChange null: nothing is written
 * @returns the account of the credential with the changed record; null if nothing was written, or if the credential
 * ended itself
 * @throws {GatewayError} `auth-failed` if the credential changed since the proof
 */
export type WriteChange = (
  proof: Proof,
  caller: Caller,
  toChange: (opened: OpenedRecord) => Change | null,
) => Promise<Account | null>

interface Options {
  readonly users: UserStore
  readonly signIn: SignIn
  readonly changes: RecordChanges
}

export function createRecordWriter ({ users, signIn, changes }: Options): WriteChange {
  return ({ credential, verified }, { address, defer }, toChange) => {
    const { record, entry } = verified
    return changes.turns(record.username, async () => {
      const opened = await changes.current(verified, credential, address)
      const change = toChange(opened)
      if (change === null) return null
      const changed = await changes.change(opened, change, address)
      await users.replace(record.username, changed.value)
      if (change.rotate === true) {
        signIn.revoke(toBase64Url(record.rid))
        defer(changes.dropCachedTokens(record, opened.contents.seats))
      } else signIn.forget(record.username) // The limits of a key, or the seats, may have changed.
      const seat = change.link?.seat ?? change.unlink
      if (seat !== undefined) defer(changes.dropSeat(record, seat))
      const own = entry === null ? null : changed.contents.entries.find(({ id }) => id === entry.id)
      // Without this, the next request would prove the credential again. A session that ended itself is not admitted.
      return own === undefined ? null : signIn.admit(credential, toVerified(changed, own))
    })
  }
}
