// A place among the user's calls in flight. Calls over the limit wait a while, and then the gateway refuses them.
import type { Account } from '../auth/account.ts'
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { accountOf } from './api-body.ts'

/** The place of one call, which several steps may need. */
export interface Place {
  /** The first step takes the place. @throws {GatewayError} `rate_limited`, `key_budget_exceeded` */
  readonly enter: () =>
    | void
    | Promise<void>
  /** Gives the place back, if a step took it. */
  readonly leave: () => void
}

export function createPlaces (core: Pick<Core, 'userGate' | 'audit' | 'spending'>): (call: Call) => Place {
  const enterGate = createGateEntry(core)
  return call => {
    let leave: (() => void) | null = null
    return {
      enter () {
        if (leave !== null) return
        const entered = enterGate(call)
        return entered instanceof Promise ? entered.then(hold) : hold(entered)
      },
      leave () {
        leave?.()
      },
    }

    // If the client leaves before the stream is read, the stream never ends, so the signal must free the place too. The
    // listener is added even without limits: a signal that loses its last listener keeps an empty Map, and V8 then
    // keeps the call until its next full collection (test/bench/notes.md).
    function hold (entered: () => void): void {
      leave = entered
      call.signal.addEventListener('abort', entered, { once: true })
    }
  }
}

/** The result gives the place back. @throws {GatewayError} `rate_limited`, `key_budget_exceeded` */
export type EnterGate = (call: Call) =>
  | (() => void)
  | Promise<() => void>

/** Every handler that asks a model enters here. This function alone checks the cap of the key as well as the gate. */
export function createGateEntry (
  { userGate, audit, spending }: Pick<Core, 'userGate' | 'audit' | 'spending'>,
): EnterGate {
  return call => {
    const account = accountOf(call)
    const checking = spending.assertWithin(account)
    return checking instanceof Promise ? checking.then(() => enter(call, account)) : enter(call, account)
  }

  function enter (call: Call, { username }: Account): (() => void) | Promise<() => void> {
    return userGate.enterAtOnce(username) ?? wait(call, username)
  }

  async function wait (call: Call, username: string): Promise<() => void> {
    try {
      return await userGate.enter(username, call.signal)
    } catch (thrown) {
      if (thrown instanceof GatewayError && thrown.code === 'rate_limited') {
        audit({ action: 'model-call', outcome: 'limited', user: username, address: call.address, reqId: call.id })
      }
      throw thrown
    }
  }
}
