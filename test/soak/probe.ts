// Loaded into the gateway's process beside it: tells over IPC how late its event loop was since it was last asked, and
// what is alive in its heap once the garbage is gone; and moves the clock that only runs forward.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
const steady = performance.now.bind(performance)
let addedMs = 0
process.on('message', message => {
  if (typeof message === 'object' && message !== null && 'advanceMs' in message) {
    addedMs += Number(message.advanceMs)
    performance.now = () => steady() + addedMs
    return
  }
  if (message === 'memory') {
    globalThis.gc?.()
    const { heapUsed, external, rss } = process.memoryUsage()
    process.send?.({ memory: { liveMiB: (heapUsed + external) / 2 ** 20, rssMiB: rss / 2 ** 20 } })
  }
  if (message !== 'delay') return
  process.send?.({ delay: { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 } })
  delay.reset()
})
process.on('disconnect', () => process.exit(1)) // whoever measures is gone
process.channel?.unref()
