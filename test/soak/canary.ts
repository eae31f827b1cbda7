// Small requests of another user while a large one runs, in a separate process: `GET /healthz` again and again on one
// connection. Over IPC, an origin starts it; `stop` ends it and returns the longest wait.
import { Agent, request } from 'undici'

const agent = new Agent({ connections: 1 })
let origin: string | null = null
let longest = 0

process.on('message', (message: { origin?: string, stop?: true }) => {
  if (message.origin !== undefined) {
    origin = message.origin
    longest = 0
    void ask()
  }
  if (message.stop !== true) return
  origin = null
})
process.on('disconnect', () => process.exit(0))
process.send?.({ ready: true })

async function ask (): Promise<void> {
  const asked = origin
  while (origin !== null && asked !== null) {
    const from = performance.now()
    const { body } = await request(`${asked}/healthz`, { dispatcher: agent })
    await body.dump()
    longest = Math.max(longest, performance.now() - from)
    await new Promise(resolve => {
      setTimeout(resolve, 5)
    })
  }
  process.send?.({ longest })
}
