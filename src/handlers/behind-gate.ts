// Lets a handler run when a gate has a place for its user, and gives the place back at its end.
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { accountOf } from './api-body.ts'
import { createGateEntry, type EnterGate } from './enter-gate.ts'
import { createSettle, type Settle } from './settle.ts'

/** For a handler that asks a model. It throws what `createGateEntry` throws, before the handler runs. */
export function behindModelGate (core: Core, handle: Handler): Handler {
  return behind(createGateEntry(core), handle, createSettle(core))
}

/** For a handler that counts tokens. Counting costs no credits, so a key over its cap may count. */
export function behindCountGate ({ countGate }: Pick<Core, 'countGate'>, handle: Handler): Handler {
  return behind(call => {
    const { username } = accountOf(call)
    return countGate.enterAtOnce(username) ?? countGate.enter(username, call.signal)
  }, handle)
}

function behind (enter: EnterGate, handle: Handler, settle: Settle = () => null): Handler {
  return async call => {
    const leave = await enter(call)
    try {
      return await handle(call)
    } finally {
      leave()
      await settle(call)
    }
  }
}
