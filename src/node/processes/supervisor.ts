// `serve --workers N`: this process listens and supervises, and N workers serve. It has no gateway and opens no store,
// so it needs little memory. docs/decisions/workers.md
import packageJson from '../../../package.json' with { type: 'json' }
import type { Config } from '../../config.ts'
import type { Log } from '../../contract.ts'
import { createRecentErrors } from '../../recent-errors.ts'
import { systemClock } from '../../system-clock.ts'
import { announce, originOf } from '../announce.ts'
import { bannerOf } from '../banner.ts'
import { readEnvironment } from '../environment.ts'
import { nodeLimits } from '../limits.ts'
import { createLog, pipeAtomic } from '../log.ts'
import { exitWith, readConfigOrExit } from '../start-or-exit.ts'
import { superviseProcess, type Supervised } from '../supervise.ts'
import { createTerminalLog } from '../terminal-log.ts'
import { openDoor, type Door } from './door.ts'
import { createPool, type Pool } from './pool.ts'
import { sharingProblem, sharingWarning } from './sharing.ts'

/** The time of a worker after SHUTDOWN_SECONDS, for its last words and its last counts. */
const lastWordsMs = 5_000

export async function serveWithWorkers (count: number): Promise<void> {
  const config = readConfigOrExit(readEnvironment())
  const problem = sharingProblem(config.store, count)
  if (problem !== null) exitWith(problem)
  const life = superviseProcess()
  const { stdout } = process
  const recentErrors = createRecentErrors(systemClock.now)
  const log = recentErrors.watch(
    createLog(config.logLevel, stdout.isTTY ? createTerminalLog(stdout) : undefined, pipeAtomic),
  )
  const pool = createPool({ clock: systemClock, log, maxWaiting: nodeLimits.connections,
    ownErrors: () => JSON.stringify(recentErrors.list()), onLoop () {
    life.end(1)
  } })
  const door = await openDoor(config, pool.connection).catch(exitWith)
  supervise(life, { pool, door, config, log })
  process.once('exit', pool.kill)
  await pool.start({ count, ...door.address }).then(store => {
    const origin = originOf(door.address, config.host)
    announce(log, config, { origin, store, workers: count })
    const warning = sharingWarning(config.store, count)
    if (warning !== null) log.warn({ event: 'config' }, warning)
    if (stdout.isTTY) stdout.write(bannerOf(config, origin, packageJson.version))
  }, exitWith)
}

interface Parts {
  readonly pool: Pool
  readonly door: Door
  readonly config: Config
  readonly log: Log
}

/** Each worker drains as a process alone does. This one ends after them, with the highest of their exit codes. */
function supervise (life: Supervised, { pool, door, config, log }: Parts): void {
  let isPassedOn = false
  const passOn = (): void => {
    isPassedOn = true
    pool.signal()
  }
  life.run({ log, leave: passOn, hurry: passOn, async close () {
    if (!isPassedOn) passOn()
    const timer = setTimeout(pool.kill, config.shutdownSeconds * 1_000 + lastWordsMs)
    const code = await pool.ended()
    clearTimeout(timer)
    door.close()
    if (code !== 0) throw new Error('a worker process failed')
  } })
}
