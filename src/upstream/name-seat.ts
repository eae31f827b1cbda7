// Names the seat in the error of a GitHub account that does not work: a user with several must know which one to link
// again.
import type { Account } from '../auth/account.ts'
import { GatewayError } from '../errors.ts'
import { defaultSeat } from '../seat-names.ts'

/** Whether GitHub or Copilot refuses the account, so that a retry gives the same result. */
export function isRejection (thrown: unknown): thrown is GatewayError {
  return thrown instanceof GatewayError && thrown.code === 'github_token_rejected'
}

/** Gives any other error back unchanged, and each error of the default seat. */
export function nameSeat<T> (thrown: T, { seat }: Account): T | GatewayError {
  if (seat === defaultSeat || !isRejection(thrown)) return thrown
  return new GatewayError('github_token_rejected', `Seat "${seat}": ${thrown.message}`, { cause: thrown })
}
