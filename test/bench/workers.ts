// `npm run bench:workers`: what a request costs with two worker processes, compared with one process, and with two
// servers that know nothing of each other: the difference from these is the cost of the workers, the rest is that of
// two busy processes on one machine. Each gets its load alone, in turn. Prints processor time per request of all
// processes together, and how even the workers' shares are. docs/operations.md has the figures.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { argumentOf, loadAverage, median, nextMessage } from '../fixtures/measure.ts'
import { childrenOf } from '../fixtures/processes.ts'
import type { Done, Job } from './driver.ts'
import { cpuOf, memoryOf, startGateway, startScript, stopAll, type Running } from './processes.ts'
import { register, type User } from './stage.ts'
import type { Mode } from './upstream.ts'

/** The servers that share a load. */
type Setups = Readonly<Record<'one' | 'separate' | 'workers', readonly Running[]>>
interface Load {
  readonly name: string
  readonly mode: Mode
  readonly stream: boolean
  /** Requests in one round. */
  readonly count: number
  /** Rounds before the first that counts. Each worker gets half of the requests, and V8 compiles in each. */
  readonly warmUps: number
  readonly atOnce: number
}
interface Measured {
  /** Microseconds for each request. */
  readonly cpu: number
  /** The share of each worker in the time of all workers. */
  readonly shares: readonly number[]
}

const rounds = Number(argumentOf('rounds') ?? 10)
const loads: readonly Load[] = [{ name: 'whole answers', mode: { events: 0, everyMs: 0 }, stream: false, count: 2_000,
  warmUps: 20, atOnce: 16 }, { name: 'streams of 200 events', mode: { events: 200, everyMs: 0 }, stream: true,
  count: 300, warmUps: 20, atOnce: 16 }, { name: 'the same, an event every 4 ms', mode: { events: 200, everyMs: 4 },
  stream: true, count: 64, warmUps: 3, atOnce: 16 }]
const user: User = { username: 'bench', password: 'acpc-Bench12345' }
/** The limits hold over all processes, but no request waits for one. */
const env = { STORE: 'sqlite', USER_CONCURRENCY: '64', USER_REQUESTS_PER_MINUTE: '1000000',
  ...(process.argv.includes('--no-limits') ? { USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0' } : {}) }

execFileSync(process.execPath, [fileURLToPath(new URL('../../src/build/server.js', import.meta.url))])
const limit = setTimeout(() => process.exit(1), 20 * 60_000)
try {
  const upstream = await startScript('upstream.ts')
  const driver = await startScript('driver.ts')
  const start = (args: readonly string[] = []) => startGateway(upstream.origin, { env, args })
  const setups: Setups = { one: [await start()], separate: [await start(), await start()],
    workers: [await start(['serve', '--workers', '2'])] }
  for (const { origin } of Object.values(setups).flat()) await register(origin, user)
  process.stdout.write(`${rounds} rounds, load average ${loadAverage()} before\n`)
  for (const load of loads) await compare(load, upstream, driver, setups)
  const [one, two] = [setups.one, setups.workers].map(servers =>
    processesOf(servers).map(id => Math.round(memoryOf(id).resident))
  )
  process.stdout.write(`MiB: one process ${one?.join()}; supervisor and workers ${two?.join(', ')}\n`)
} finally {
  clearTimeout(limit)
  await stopAll()
}
process.exit(0)

async function compare (load: Load, upstream: Running, driver: Running, setups: Setups): Promise<void> {
  await nextMessage(upstream.child, load.mode)
  // Twice: as many calls for each process as the one process has.
  const more = { ...load, atOnce: 2 * load.atOnce }
  const columns = { one: () => run(load, driver, setups.one), separate: () => run(load, driver, setups.separate),
    workers: () => run(load, driver, setups.workers), separateTwice: () => run(more, driver, setups.separate),
    twice: () => run(more, driver, setups.workers) }
  type Column = keyof typeof columns
  const names = Object.keys(columns) as Column[]
  const round = async (nth: number) => {
    const seen: Partial<Record<Column, Measured>> = {}
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + nth) % names.length] ?? 'one'
      seen[name] = await columns[name]()
    }
    return seen as Record<Column, Measured>
  }
  for (let n = 0; n < load.warmUps; n++) await round(n)
  const measured: Array<Record<Column, Measured>> = []
  for (let n = 0; n < rounds; n++) measured.push(await round(n))
  const cpu = (column: Column) => Math.round(median(measured.map(each => each[column].cpu)))
  const ratio = (a: Column, b: Column) => {
    const all = measured.map(each => each[a].cpu / each[b].cpu)
    return `${median(all).toFixed(2)}, ${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`
  }
  const least = median(measured.map(({ workers }) => Math.min(...workers.shares)))
  const columnOf = (name: Column) => `${cpu(name)} (${ratio(name, 'one')})`
  process.stdout.write(
    `${
      [`${load.name}, ${load.atOnce} at once: one process ${cpu('one')} µs per request`,
        `two servers ${columnOf('separate')}`, `two workers ${columnOf('workers')}`,
        `${more.atOnce} at once: two servers ${columnOf('separateTwice')}`, `two workers ${columnOf('twice')}`,
        `two workers of two servers: ${ratio('workers', 'separate')}; ${more.atOnce} at once: ${
          ratio('twice', 'separateTwice')
        }`, `the smaller share of a worker ${(100 * least).toFixed(0)} %`].join('\n  ')
    }\n`,
  )
}

function processesOf (servers: readonly Running[]): number[] {
  return servers.flatMap(({ pid }) => [pid, ...childrenOf(pid)])
}

async function run ({ stream, count, atOnce }: Load, driver: Running, servers: readonly Running[]): Promise<Measured> {
  const ids = processesOf(servers)
  const before = ids.map(cpuOf)
  const who = servers.map(({ origin }) => ({ url: `${origin}/${user.username}/v1/chat/completions`,
    key: user.password })
  )
  const job: Job = { url: '', key: '', who, count, atOnce, endsWith: stream ? 'data: [DONE]' : '}',
    body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: 'x'.repeat(1_000) }] }) }
  const { done } = await nextMessage<{ done: Done }>(driver.child, job)
  if (done.failed > 0) throw new Error(`${done.failed} failed: ${done.reasons.join()}`)
  const spent = ids.map((id, at) => cpuOf(id) - (before[at] ?? 0))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const ofWorkers = spent.slice(1)
  return { cpu: sum(spent) / count, shares: ofWorkers.map(each => each / sum(ofWorkers)) }
}
