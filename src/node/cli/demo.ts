// `demo`: the real server in front of the emulator, everything in memory, no GitHub account needed. No other file
// imports the emulator, and this one loads it only when the command runs.
import { parseArgs } from 'node:util'
import { readConfig } from '../../config.ts'
import type { Command } from './io.ts'

export const demo: Command = async (args, { env, out }) => {
  parseArgs({ args: [...args], options: {} })
  const [{ startEmulator }, { startServer }] = await Promise.all([import('../../emulator/emulator.ts'),
    import('../server.ts')])
  const emulator = await startEmulator({ deviceInterval: 1, chunkDelayMs: 15 })
  const server = await startServer(
    readConfig({ LOG_LEVEL: 'warn', ...env, ...emulator.env, STORE: 'memory', DEMO: '1' }),
  )
  out(`demo: open ${server.origin} and link GitHub by device flow; the emulator of GitHub approves by itself.
      A token to paste instead: ${emulator.addSeat().githubToken}
      Nothing leaves this machine, and nothing is kept.`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void server.close().then(() => emulator.close()).then(() => process.exit(0))
    })
  }
  return 0
}
