// Loaded into the gateway's process beside it: tells over IPC how late its event loop was since it was last asked.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('message', message => {
  if (message !== 'delay') return
  process.send?.({ delay: { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 } })
  delay.reset()
})
process.on('disconnect', () => process.exit(1))   // whoever measures is gone
process.channel?.unref()
