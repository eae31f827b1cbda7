// Hot state in Valkey: one script for all steps of a call.
import type { HotState } from './hot-state.ts'
import type { ValkeyClient } from './valkey-client.ts'
import { valkeyKeys } from './valkey-keys.ts'
import { forgetScript, hotScript } from './valkey-scripts.ts'
import { toHotResults, toScriptCall } from './valkey-steps.ts'

/** @param now milliseconds since the epoch */
export function createValkeyHot (client: ValkeyClient, now: () => number): HotState {
  return {
    kind: 'valkey',
    keepsAddresses: true,
    maxValueLength: 4_194_304,
    countsEachCall: true,
    // A gateway that is killed keeps its places until this time is over.
    leaseMs: 6_000,
    async run (owner, steps) {
      const { keys, args } = toScriptCall(owner, steps, now())
      // One result for each step, in the same order.
      return toHotResults(steps, await client.run(hotScript, keys, args)) as never
    },
    async forget (owner) {
      await client.run(forgetScript, [valkeyKeys.counters(owner), valkeyKeys.values(owner)], [])
    },
  }
}
