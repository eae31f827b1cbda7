// The command line: chooses the command, and turns its result into an exit code. Each command is a file that is loaded
// on demand.
import { scrub } from '../scrub.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { UsageError, type Command, type Io } from './cli/io.ts'
import { usage } from './cli/usage.ts'

const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([['serve',
  async () => (await import('./cli/serve.ts')).serve], ['demo', async () => (await import('./cli/demo.ts')).demo], [
  'migrate',
  async () => (await import('./cli/migrate.ts')).migrate,
], ['doctor', async () => (await import('./cli/doctor.ts')).doctor], ['witness',
  async () => (await import('./cli/witness.ts')).witness], ['users',
  async () => (await import('./cli/users.ts')).users], ['connect',
  async () => (await import('./cli/connect.ts')).connect], ['keys', async () => (await import('./cli/keys.ts')).keys], [
  'seats',
  async () => (await import('./cli/seats.ts')).seats,
], ['invites', async () => (await import('./cli/invites.ts')).invites], ['backup',
  async () => (await import('./cli/backup.ts')).backup], ['status',
  async () => (await import('./cli/operator-views.ts')).status], ['errors',
  async () => (await import('./cli/operator-views.ts')).errors], ['usage',
  async () => (await import('./cli/operator-views.ts')).usageOfAll]])

/** @returns the exit code: 0 on success, 1 if something failed, 2 for wrong arguments */
export async function run (args: readonly string[], io: Io): Promise<number> {
  // `npm start -- --workers 2`
  const [name = 'serve', ...rest] = /^--workers(=|$)/.test(args[0] ?? '') ? ['serve', ...args] : args
  // After `--` there are no options.
  const asks = (...options: string[]) =>
    args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).some(arg => options.includes(arg))
  if (asks('--help', '-h')) return say(io, usage)
  if (name === '--version' || name === '-v') return say(io, packageJson.version)
  const load = commands.get(name)
  try {
    if (load === undefined) {
      throw new UsageError(name.startsWith('-') ? 'Put options after the command.' : 'There is no such command.')
    }
    return await (await load())(rest, io)
  } catch (thrown) {
    if (isMisuse(thrown)) {
      io.err(`${thrown.message}\n\n${usage}`)
      return 2
    }
    io.err(scrub(thrown instanceof Error ? thrown.message : String(thrown)))
    return 1
  }
}

export async function main (args: readonly string[]): Promise<void> {
  const { processIo } = await import('./cli/process-io.ts')
  process.exitCode = await run(args, processIo())
}

function say (io: Io, text: string): number {
  io.out(text)
  return 0
}

/** Our own errors, and those that `parseArgs` throws. */
function isMisuse (thrown: unknown): thrown is Error {
  return thrown instanceof UsageError
    || (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS_'))
}
