// The names under which the gateway keeps what belongs to a seat: a GitHub account that a user has linked. One request
// uses one seat, and nothing of one may reach another. A leaf.

/** The seat of the registration. */
export const defaultSeat = 'default'
/** With the default one. */
export const maxSeats = 5
export const seatHeader = 'x-copilot-seat'

/** Called when Copilot tokens became useless. @param seat null: those of all seats of the user */
export type OnOutdated = (username: string, seat: string | null) => void

interface Place {
  readonly username: string
  readonly rid: string
  readonly gen: number
  readonly seat: string
}

/** Neither a user, an `rid`, a `gen` nor an account type contains a slash, so no two seats have the same. */
export function seatIdOf ({ username, rid, gen, seat }: Place): string {
  return seat === defaultSeat ? `${username}:${rid}:${gen}` : `${username}:${rid}:${gen}/${seat}`
}

/** Stays with a new password. With another token, a named seat begins again. */
export function ownerOf ({ username, gen, seat }: Omit<Place, 'rid'>): string {
  return seat === defaultSeat ? username : `${username}/${seat}/${gen}`
}

/** The user of an `owner`. */
export function userOf (owner: string): string {
  const at = owner.indexOf('/')
  return at === -1 ? owner : owner.slice(0, at)
}

/**
 * Whether a `seatId`, perhaps with an account type behind it, belongs to the user, and to the seat.
 * @param seat null for all seats of the user
 */
export function isOfSeat (seatId: string, username: string, seat: string | null): boolean {
  if (!seatId.startsWith(`${username}:`)) return false
  if (seat === null) return true
  const [, named = defaultSeat] = /^[^/]*\/([^:]*)/.exec(seatId) ?? []
  return named === seat
}
