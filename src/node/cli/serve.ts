// `serve`, and the default: see `server.ts`.
import { parseArgs } from 'node:util'
import type { Command } from './io.ts'

/** Returns once the server listens. The process then runs until it gets a signal to end. */
export const serve: Command = async args => {
  const { values } = parseArgs({ args: [...args], options: { pages: { type: 'string' } } })
  await (await import('../server.ts')).serve({ pages: values.pages })
  return 0
}
