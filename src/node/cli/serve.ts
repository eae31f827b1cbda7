// `serve`, and the default: see `server.ts`.
import { parseArgs } from 'node:util'
import type { Command } from './io.ts'

/** Returns once the server listens. The process then runs until it gets a signal to end. */
export const serve: Command = async args => {
  parseArgs({ args: [...args], options: {} })
  await (await import('../server.ts')).serve()
  return 0
}
