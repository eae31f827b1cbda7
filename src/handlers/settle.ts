// The end of a call: what it made for other processes leaves this one before the client has the whole answer. So the
// client's next request may go to any process, and a process that is killed loses nothing that was acknowledged.
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import { accountOf } from './api-body.ts'

/** To be called when the call has given back its place. Null if there is nothing to wait for. Never rejects. */
export type Settle = (call: Call) => Promise<void> | null

export function createSettle ({ hot }: Pick<Core, 'hot'>): Settle {
  return call => {
    if (hot === null) return null
    const settling = hot.outbox.settle(accountOf(call).username)
    // The client may leave before.
    if (settling !== null) call.defer(settling)
    return settling
  }
}
