// `npm run bench:workers`: what a request costs with two worker processes, compared with one process. Both servers get
// the same load at the same time, call by call in turn, so that whatever else the machine does slows both. Prints
// processor time per request of all processes of a server together, and how even the workers' shares are.
// docs/operations.md has the figures.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { loadAverage, median, nextMessage } from '../fixtures/measure.ts'
import { childrenOf } from '../fixtures/processes.ts'
import type { Done, Job } from './driver.ts'
import { cpuOf, memoryOf, startGateway, startScript, stopAll, type Running } from './processes.ts'
import { register, type User } from './stage.ts'
import type { Mode } from './upstream.ts'

interface Load {
  readonly name: string
  readonly mode: Mode
  readonly stream: boolean
  /** Of each server, in one round. */
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

const rounds = Number(process.argv.find(argument => argument.startsWith('--rounds='))?.slice(9) ?? 10)
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
  const servers = [await startGateway(upstream.origin, { env }),
    await startGateway(upstream.origin, { env, args: ['serve', '--workers', '2'] })]
  for (const { origin } of servers) await register(origin, user)
  process.stdout.write(`${rounds} rounds, load average ${loadAverage()} before\n`)
  for (const load of loads) await compare(load, upstream, driver, servers)
  const [one, two] = servers.map(({ pid }) => [pid, ...childrenOf(pid)].map(id => Math.round(memoryOf(id).resident)))
  process.stdout.write(`MiB: one process ${one?.join()}; supervisor and workers ${two?.join(', ')}\n`)
} finally {
  clearTimeout(limit)
  await stopAll()
}
process.exit(0)

async function compare (load: Load, upstream: Running, driver: Running, servers: readonly Running[]): Promise<void> {
  await nextMessage(upstream.child, load.mode)
  for (let n = 0; n < load.warmUps; n++) await run(load, driver, servers)
  const measured: Measured[][] = []
  for (let round = 0; round < rounds; round++) measured.push(await run(load, driver, servers))
  const ratios = measured.map(([one, two]) => (two?.cpu ?? NaN) / (one?.cpu ?? NaN))
  const cpu = servers.map((_, at) => Math.round(median(measured.map(each => each[at]?.cpu ?? NaN))))
  const least = median(measured.map(each => Math.min(...each[1]?.shares ?? [])))
  process.stdout.write(
    `${load.name}: ${cpu.join(' and ')} µs per request, ratio ${median(ratios).toFixed(3)} `
      + `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}); `
      + `the smaller share of a worker ${(100 * least).toFixed(0)} %\n`,
  )
}

async function run (
  { stream, count, atOnce }: Load,
  driver: Running,
  servers: readonly Running[],
): Promise<Measured[]> {
  const processes = servers.map(({ pid }) => [pid, ...childrenOf(pid)])
  const before = processes.map(ids => ids.map(cpuOf))
  const who = servers.map(({ origin }) => ({ url: `${origin}/${user.username}/v1/chat/completions`,
    key: user.password })
  )
  const job: Job = { url: '', key: '', who, count: count * servers.length, atOnce: atOnce * servers.length,
    body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: 'x'.repeat(1_000) }] }),
    endsWith: stream ? 'data: [DONE]' : '}' }
  const { done } = await nextMessage<{ done: Done }>(driver.child, job)
  if (done.failed > 0) throw new Error(`${done.failed} failed: ${done.reasons.join()}`)
  return processes.map((ids, server) => {
    const spent = ids.map((id, at) => cpuOf(id) - (before[server]?.[at] ?? 0))
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    const ofWorkers = spent.slice(1)
    return { cpu: sum(spent) / count, shares: ofWorkers.map(each => each / sum(ofWorkers)) }
  })
}
