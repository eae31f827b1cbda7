// The runtime's own time. All other code takes a `Clock`, so that a test can move it. A leaf.
import type { Clock } from './contract.ts'

/** `setTimeout` takes at most 31 bits. A longer wait would end at once. */
const longestMs = 2_147_483_647

/** On workerd time does not move while code runs, and both functions read the wall clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer (work, ms) {
    const timer = setTimeout(work, Math.min(ms, longestMs))
    return () => {
      clearTimeout(timer)
    }
  },
}
