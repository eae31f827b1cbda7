// Loaded into the gateway's process. Over IPC it reports the delay of the event loop since the last report and the live
// heap after a collection, and moves the monotonic clock.
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
process.on('disconnect', () => process.exit(1)) // The measuring process is gone.
process.channel?.unref()
