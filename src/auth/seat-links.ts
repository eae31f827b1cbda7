// Links and removes the seats of a user, each a GitHub account under a name. Every change needs a proof by password or
// session, and rewrites the user's record.
import { GatewayError } from '../errors.ts'
import { defaultSeat, maxSeats } from '../seat-names.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { GitHubToken } from '../upstream/secrets.ts'
import { type Account } from './account.ts'
import { authFailed, type Caller, type RecordChanges } from './record-changes.ts'
import type { WriteChange } from './record-writer.ts'
import { type SeatLink } from './seats.ts'
import { guard } from './user-store.ts'
import type { Proof, Verified } from './verified.ts'

export interface SeatLinks {
  /** Whether the proven user may link this seat. Checked before GitHub is asked. @throws {GatewayError} `seat_limit` */
  readonly assertRoom: (verified: Verified, seat: string) => void
  /**
   * The account of the seat, which is new or has another token now.
   * @throws {GatewayError} `seat_limit`, `auth-failed`
   */
  readonly link: (proof: Proof, seat: string, token: GitHubToken, caller: Caller) => Promise<Account>
  /** False if the user has no such seat. Not for the default one. @throws {GatewayError} `auth-failed` */
  readonly unlink: (proof: Proof, seat: string, caller: Caller) => Promise<boolean>
}

interface Options {
  readonly store: Store
  readonly write: WriteChange
  readonly changes: Pick<RecordChanges, 'note'>
}

export function createSeatLinks ({ store, write, changes }: Options): SeatLinks {
  return {
    assertRoom ({ opened }, seat) {
      assertRoom(opened?.contents.seats ?? [], seat)
    },

    async link (proof, seat, token, caller) {
      const account = await write(proof, caller, ({ contents: { seats } }) => {
        assertRoom(seats, seat)
        return { link: { seat, token } }
      })
      const linked = account?.seats.get(seat)
      if (linked === undefined) throw authFailed() // The session that asked has ended meanwhile.
      return linked
    },

    async unlink (proof, seat, caller) {
      let isThere = false
      await write(proof, caller, ({ contents: { seats } }) => {
        isThere = seats.some(({ name }) => name === seat)
        return isThere ? { unlink: seat } : null
      })
      if (isThere) {
        const { username } = proof.verified.record
        caller.defer(guard(store.delete(keys.models(username, seat))).catch(changes.note))
      }
      return isThere
    },
  }
}

function assertRoom (seats: readonly SeatLink[], seat: string): void {
  const isKnown = seat === defaultSeat || seats.some(({ name }) => name === seat)
  if (isKnown || seats.length < maxSeats - 1) return
  throw new GatewayError('seat_limit', `A user has ${maxSeats} seats at most. Remove one first.`)
}
