// The seats of a user, each a GitHub account under a name, and the one that a request uses.
import { GatewayError } from '../errors.ts'
import { defaultSeat, seatHeader } from '../seat-names.ts'
import { maxUsernameLength, usernameForm, type Account } from './account.ts'

/** A further seat: its name, and the `rev` of the record that linked its token. No two tokens of a record share one. */
export interface SeatLink {
  readonly name: string
  readonly gen: number
}

/** The form of user names. Names that routes use are allowed. */
export function isSeatName (text: string): boolean {
  return text.length <= maxUsernameLength && usernameForm.test(text)
}

/**
 * The account of the seat that the request selects: the key's own, the header's, or the default.
 * @param asked the header, as received
 * @throws {GatewayError} `invalid_request` for an unknown seat; `seat_not_allowed` for a key that is bound to another
 * seat, or to one that is gone
 */
export function chooseSeat (account: Account, asked: string | undefined): Account {
  const bound = account.entry?.kind === 'key' ? account.entry.seat : null
  if (asked === undefined && bound === null) return account
  const own = bound ?? asked ?? defaultSeat
  const chosen = account.seats.get(own)
  if (bound !== null && asked !== undefined && asked !== bound) {
    throw new GatewayError('seat_not_allowed', `This key uses the seat "${bound}" alone. Leave ${seatHeader} out.`)
  }
  if (chosen !== undefined) return chosen
  throw bound === null
    ? unknownSeat(seatHeader)
    : new GatewayError('seat_not_allowed',
      `The seat "${bound}" of this key was removed. Its owner links it again, or gives the key another seat.`)
}

/** @param param the header or field that names the seat */
export function unknownSeat (param: string): GatewayError {
  return new GatewayError('invalid_request',
    `\`${param}\` must name a linked GitHub account of this user; without it, "${defaultSeat}" counts. `
      + 'GET /v1/seats lists them.', { param })
}
