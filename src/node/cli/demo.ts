// `demo`: the only command that loads the emulator.
import { parseArgs } from 'node:util'
import type { Command } from './io.ts'

export const demo: Command = async args => {
  parseArgs({ args: [...args], options: {} })
  await (await import('../../emulator/demo.ts')).demo()
  return 0
}
