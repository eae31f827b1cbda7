// `serve`, and the default: see `server.ts`; with several workers, `processes/supervisor.ts`.
import { parseArgs } from 'node:util'
import { UsageError, type Command } from './io.ts'

const most = 64

/** Returns once the server listens. The process then runs until it gets a signal to end. */
export const serve: Command = async args => {
  const { values } = parseArgs({ args: [...args], options: { workers: { type: 'string' }, pages: { type: 'string' } } })
  const workers = readCount(values.workers)
  const { pages } = values
  if (workers > 1 && pages !== undefined) throw new UsageError('--pages: with one process only.')
  if (workers === 1) await (await import('../server.ts')).serve({ pages })
  else await (await import('../processes/supervisor.ts')).serveWithWorkers(workers)
  return 0
}

function readCount (text = '1'): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count
  throw new UsageError(`--workers: a whole number, 1 to ${most}.`)
}
