// Hot state in one Durable Object for each user. An address has none: a stranger could make as many objects as there
// are addresses.
import type { HotState } from './hot-state.ts'
import { callObject, type StateNamespace } from './state-object.ts'

/**
 * A call that finds its place expired costs another request of the object. Most pauses in a session of coding work are
 * shorter.
 */
const leaseMs = 120_000

export function createHotDurableObject (namespace: StateNamespace): HotState {
  return {
    kind: 'durable-object',
    keepsAddresses: false,
    maxValueLength: 4_194_304,
    countsEachCall: true,
    keepsTokens: true,
    leaseMs,
    // One result for each step, in the same order.
    run: async (owner, steps) => await callObject(namespace, owner, object => object.run(steps)) as never,
    forget: async owner => callObject(namespace, owner, object => object.empty()),
  }
}
