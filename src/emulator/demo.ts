// `npm run demo`: the real server in front of the emulator, everything in memory, no GitHub account needed.
import { readConfig } from '../config.ts'
import { startServer } from '../node/server.ts'
import { startEmulator } from './emulator.ts'

export async function demo (): Promise<void> {
  const emulator = await startEmulator({ deviceInterval: 1, chunkDelayMs: 15 })
  const server = await startServer(readConfig({ LOG_LEVEL: 'warn', ...process.env, ...emulator.env, STORE: 'memory' }))
  process.stdout.write(
    `demo: open ${server.origin} and link GitHub by device flow; the emulator of GitHub approves by itself.
      A token to paste instead: ${emulator.addSeat().githubToken}
      Nothing leaves this machine, and nothing is kept.\n`,
  )
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void server.close().then(() => emulator.close()).then(() => process.exit(0))
    })
  }
}
