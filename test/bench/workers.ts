// `npm run bench:workers`: what a request costs with two worker processes, compared with one process, under the same
// load. Prints processor time per request of all processes of the server together, and how even the workers' shares
// are.
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
  readonly count: number
  readonly atOnce: number
}
interface Measured {
  /** Microseconds for each request. */
  readonly cpu: number
  /** The share of each worker in the time of all workers. */
  readonly shares: readonly number[]
  readonly perSecond: number
}

const rounds = Number(process.argv.find(argument => argument.startsWith('--rounds='))?.slice(9) ?? 8)
const loads: readonly Load[] = [{ name: 'whole answers', mode: { events: 0, everyMs: 0 }, stream: false, count: 1_500,
  atOnce: 16 }, { name: 'streams of 200 events', mode: { events: 200, everyMs: 0 }, stream: true, count: 300,
  atOnce: 16 }, { name: 'the same, 4 ms apart', mode: { events: 200, everyMs: 4 }, stream: true, count: 48,
  atOnce: 16 }]
const user: User = { username: 'bench', password: 'acpc-Bench12345' }
/** The limits hold over all processes, but no request waits for one. */
const env = { STORE: 'sqlite', USER_CONCURRENCY: '64', USER_REQUESTS_PER_MINUTE: '1000000' }

execFileSync(process.execPath, [fileURLToPath(new URL('../../src/build/server.js', import.meta.url))])
const limit = setTimeout(() => process.exit(1), 20 * 60_000)
try {
  const upstream = await startScript('upstream.ts')
  const driver = await startScript('driver.ts')
  const one = await startGateway(upstream.origin, { env })
  const two = await startGateway(upstream.origin, { env, args: ['serve', '--workers', '2'] })
  for (const { origin } of [one, two]) await register(origin, user)
  process.stdout.write(`${rounds} rounds, load average ${loadAverage()} before\n`)
  for (const load of loads) await compare(load, upstream, driver, [one, two])
  const memory = [one.pid, two.pid, ...childrenOf(two.pid)].map(pid => Math.round(memoryOf(pid).resident))
  process.stdout.write(
    `MiB: one process ${memory[0]}; supervisor ${memory[1]}, workers ${memory.slice(2).join(', ')}\n`,
  )
} finally {
  clearTimeout(limit)
  await stopAll()
}
process.exit(0)

async function compare (load: Load, upstream: Running, driver: Running, [one, two]: [Running, Running]): Promise<void> {
  await nextMessage(upstream.child, load.mode)
  for (const target of [one, two, one, two]) await run(load, driver, target)
  const ratios: number[] = []
  const all: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    // Turns that follow one another: a machine that changes its speed changes it for both.
    const order = round % 2 === 0 ? [one, two] : [two, one]
    const measured = new Map<Running, Measured>()
    for (const target of order) measured.set(target, await run(load, driver, target))
    const [a, b] = [measured.get(one), measured.get(two)]
    if (a === undefined || b === undefined) continue
    all[0].push(a)
    all[1].push(b)
    ratios.push(b.cpu / a.cpu)
  }
  const cpu = all.map(each => Math.round(median(each.map(measured => measured.cpu))))
  const rate = all.map(each => Math.round(median(each.map(measured => measured.perSecond))))
  const least = median(all[1].map(({ shares }) => Math.min(...shares)))
  process.stdout.write(
    `${load.name}: ${cpu.join(' and ')} µs per request, ratio ${median(ratios).toFixed(3)} `
      + `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}); ${rate.join(' and ')} per second; `
      + `the smaller share of a worker ${(100 * least).toFixed(0)} %\n`,
  )
}

async function run ({ stream, count, atOnce }: Load, driver: Running, { origin, pid }: Running): Promise<Measured> {
  const workers = childrenOf(pid)
  const before = [pid, ...workers].map(cpuOf)
  const job: Job = { url: `${origin}/${user.username}/v1/chat/completions`, key: user.password, count, atOnce,
    body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: 'x'.repeat(1_000) }] }),
    endsWith: stream ? 'data: [DONE]' : '}' }
  const { done } = await nextMessage<{ done: Done }>(driver.child, job)
  if (done.failed > 0) throw new Error(`${done.failed} failed: ${done.reasons.join()}`)
  const spent = [pid, ...workers].map((id, at) => cpuOf(id) - (before[at] ?? 0))
  const all = spent.reduce((sum, each) => sum + each, 0)
  const ofWorkers = spent.slice(1)
  const total = ofWorkers.reduce((sum, each) => sum + each, 0)
  return { cpu: all / count, shares: ofWorkers.map(each => each / total), perSecond: count / done.seconds }
}
