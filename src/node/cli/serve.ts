// `serve`, and the default: see `server.ts`.
import { parseArgs } from 'node:util'
import type { Command } from './io.ts'

/** Comes back when it listens; the process then lives until it is told to end. */
export const serve: Command = async args => {
  parseArgs({ args: [...args], options: {} })
  await (await import('../server.ts')).serve()
  return 0
}
