// A place among the user's calls in flight. Calls over the limit wait a while, and then the gateway refuses them.
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { accountOf } from './api-body.ts'

/** @throws {GatewayError} `rate_limited` */
export function createGateEntry (
  { userGate, audit }: Pick<Core, 'userGate' | 'audit'>,
): (call: Call) => (() => void) | Promise<() => void> {
  return call => {
    const { username } = accountOf(call)
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
