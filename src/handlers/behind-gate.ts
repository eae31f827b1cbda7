// Lets a handler run when a gate has a place for its user, and gives the place back at its end.
import type { Handler } from '../contract.ts'
import type { UserGate } from '../usage/user-gate.ts'
import { accountOf } from './api-body.ts'

export function behindGate (gate: UserGate, handle: Handler): Handler {
  return async call => {
    const { username } = accountOf(call)
    const leave = gate.enterAtOnce(username) ?? await gate.enter(username, call.signal)
    try {
      return await handle(call)
    } finally {
      leave()
    }
  }
}
