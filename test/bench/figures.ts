// Figures that are not about relaying: a row for each, with its limit.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { median, nextMessage } from '../fixtures/measure.ts'
import { cpuOf, memoryOf, newDir, startGateway, startScript, type Running } from './processes.ts'
import { bodyOf, relays } from './relays.ts'
import { register, type Stage, type User } from './stage.ts'

export interface Figure {
  readonly name: string
  readonly must: string
  readonly measured: string
  readonly ok: boolean
  readonly values: Readonly<Record<string, number>>
}

const [chatRow] = relays
const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits

/** `GET /v1/models` from the cached list, against an empty Fastify route. Both are called as fast as one driver can. */
export async function modelsRate ({ targets, user, drive, setMode }: Stage, rounds: number): Promise<Figure> {
  await setMode({ events: 0, everyMs: 0 })
  const run = async (target: Running, url: string): Promise<{ rate: number, cpu: number }> => {
    const before = cpuOf(target.pid)
    const { seconds, failed, reasons } = await drive({ url, key: user.password, method: 'GET', body: null, count: 1_000,
      atOnce: 16, endsWith: '}' })
    if (failed > 0) throw new Error(`models: ${failed} failed: ${reasons.join('; ')}`)
    return { rate: 1_000 / seconds, cpu: (cpuOf(target.pid) - before) / 1_000 }
  }
  const own: Array<{ rate: number, cpu: number }> = []
  const empty: Array<{ rate: number, cpu: number }> = []
  for (let at = -20; at < rounds * 4; at++) {
    const pair = [await run(targets.gateway, `${targets.gateway.origin}/${user.username}/v1/models`),
      await run(targets.B, `${targets.B.origin}/`)] as const
    if (at < 0) continue
    own.push(pair[0])
    empty.push(pair[1])
  }
  const ratio = median(own.map(({ rate }, at) => rate / (empty[at]?.rate ?? NaN)))
  return {
    name: '`GET /v1/models`, warm, against an empty Fastify JSON route',
    must: '≥ 0.5 of its rate',
    ok: ratio >= 0.5,
    measured: `${Math.round(median(own.map(({ rate }) => rate)))}/s (${
      Math.round(median(own.map(({ cpu }) => cpu)))
    } µs) against ${Math.round(median(empty.map(({ rate }) => rate)))}/s (${
      Math.round(median(empty.map(({ cpu }) => cpu)))
    } µs): ${round(ratio, 2)}`,
    values: { ratio, perSecond: median(own.map(({ rate }) => rate)),
      emptyPerSecond: median(empty.map(({ rate }) => rate)) },
  }
}

export async function embeddings ({ targets, user, drive, setMode }: Stage, rounds: number): Promise<Figure> {
  await setMode({ events: 0, everyMs: 0 })
  const body = JSON.stringify({ model: 'text-embedding-3-small',
    input: Array.from({ length: 64 }, (_, at) => `A sentence to be embedded, number ${at}.`) })
  const count = 150
  const run = async (target: Running, url: string): Promise<number> => {
    const before = cpuOf(target.pid)
    const { failed, reasons } = await drive({ url, key: user.password, body, count, atOnce: 4, endsWith: '}' })
    if (failed > 0) throw new Error(`embeddings: ${failed} failed: ${reasons.join('; ')}`)
    return (cpuOf(target.pid) - before) / count
  }
  const own: number[] = []
  const bare: number[] = []
  for (let at = -1; at < rounds; at++) {
    const pair = [await run(targets.gateway, `${targets.gateway.origin}/${user.username}/v1/embeddings`),
      await run(targets.A, `${targets.A.origin}/embeddings`)] as const
    if (at === -1) continue
    own.push(pair[0])
    bare.push(pair[1])
  }
  const ratio = median(own.map((cpu, at) => cpu / (bare[at] ?? NaN)))
  return { name: 'Embeddings of 64 inputs', must: '–', ok: true,
    measured: `${Math.round(median(own))} µs a request, ${round(ratio, 2)} × A`, values: { cpu: median(own), ratio } }
}

/** The resident memory that each stream adds, in processes that were warm and idle before. */
export async function idleStreams (
  { upstream, user, drive, setMode }: Stage,
  rounds: number,
  streams = 2_000,
): Promise<Figure> {
  const each = async (start: () => Promise<Running>, url: (origin: string) => string): Promise<number> => {
    const target = await start()
    if (url('').includes(user.username)) await register(target.origin, user)
    const body = bodyOf({ ...chatRow as typeof relays[number], events: 1 })
    const job = { url: url(target.origin), key: user.password, body, atOnce: 64, endsWith: 'data: [DONE]' }
    await setMode({ events: 20, everyMs: 0 })
    await drive({ ...job, count: 3_000 })
    await sleep(1_000)
    const before = memoryOf(target.pid).resident
    await setMode({ events: 200, everyMs: 2_000 })
    const { failed, reasons } = await drive({ ...job, count: streams, atOnce: streams, hold: true })
    if (failed > 0) throw new Error(`idle streams: ${failed} failed: ${reasons.join('; ')}`)
    await sleep(3_000)
    const after = memoryOf(target.pid).resident
    await drive({ ...job, count: 0, atOnce: 0 }) // Releases them.
    await target.stop()
    return (after - before) * 1_024 / streams
  }
  const own: number[] = []
  const bare: number[] = []
  for (let at = 0; at < rounds; at++) {
    own.push(
      await each(() => startGateway(upstream.origin), origin => `${origin}/${user.username}/v1/chat/completions`),
    )
    bare.push(await each(() => startScript('relay-a.ts', [upstream.origin]), origin => `${origin}/chat/completions`))
  }
  const ratio = median(own) / median(bare)
  return { name: `${streams} idle paced streams, resident memory of each`, must: '≤ 20 KiB and 1.4 × A',
    ok: ratio <= 1.4 && median(own) <= 20,
    measured: `${Math.round(median(own))} KiB against ${Math.round(median(bare))} KiB: ${round(ratio, 2)} × A`,
    values: { kib: median(own), bareKib: median(bare), ratio } }
}

/** Users who are in the store and in no cache, all at once. */
export async function coldSignIns ({ upstream, drive, setMode }: Stage, people = 200): Promise<Figure> {
  await setMode({ events: 0, everyMs: 0 })
  const dir = newDir()
  const env = { STORE: 'sqlite' }
  const first = await startGateway(upstream.origin, { env, dir })
  const users: User[] = Array.from({ length: people },
    (_, at) => ({ username: `cold-${at}`, password: `acpc-Cold${String(at).padStart(6, '0')}` }))
  for (let at = 0; at < people; at += 4) {
    await Promise.all(users.slice(at, at + 4).map(user => register(first.origin, user)))
  }
  first.child.kill('SIGTERM')
  await once(first.child, 'exit')
  const second = await startGateway(upstream.origin, { env, dir, probe: true })
  await nextMessage(second.child, 'delay') // The delays of the start do not count.
  const row = chatRow as typeof relays[number]
  const from = performance.now()
  const { failed, reasons } = await drive({ url: '', key: '',
    who: users.map(({ username, password }) => ({ url: `${second.origin}/${username}/v1/chat/completions`,
      key: password })
    ), body: bodyOf(row), count: people, atOnce: people, endsWith: '}' })
  const seconds = (performance.now() - from) / 1_000
  const { delay } = await nextMessage<{ delay: { p99: number, max: number } }>(second.child, 'delay')
  await second.stop()
  return {
    name: `${people} cold sign-ins at once`,
    must: 'all succeed; event-loop delay p99 ≤ 20 ms',
    ok: failed === 0 && delay.p99 <= 20,
    measured: `${people - failed} of ${people} in ${round(seconds)} s, ${
      Math.round(people / seconds)
    }/s; event-loop delay p99 ${round(delay.p99)} ms, worst ${round(delay.max)} ms${
      reasons.length === 0 ? '' : `; ${reasons.join('; ')}`
    }`,
    values: { failed, seconds, delayP99Ms: delay.p99 },
  }
}

/** From the fork to the answer of a first request, for the bundle and for an empty Fastify server. */
export async function startUp ({ upstream }: Stage, rounds: number): Promise<Figure> {
  const timed = async (start: () => Promise<Running>, path: string): Promise<{ ms: number, cpu: number }> => {
    const from = performance.now()
    const target = await start()
    const response = await fetch(target.origin + path)
    if (response.status !== 200) throw new Error(`start-up: ${response.status}`)
    await response.arrayBuffer()
    const ms = performance.now() - from
    const cpu = cpuOf(target.pid) / 1_000
    await target.stop()
    return { ms, cpu }
  }
  const own: Array<{ ms: number, cpu: number }> = []
  const empty: Array<{ ms: number, cpu: number }> = []
  for (let at = 0; at < rounds; at++) {
    own.push(await timed(() => startGateway(upstream.origin, { env: { STORE: 'sqlite' } }), '/healthz'))
    empty.push(await timed(() => startScript('empty-fastify.ts'), '/'))
  }
  const ratio = median(own.map(({ ms }) => ms)) / median(empty.map(({ ms }) => ms))
  return {
    name: 'Start of the bundle to its first answer (SQLite), against an empty Fastify server',
    must: '≤ 1.6 ×',
    ok: ratio <= 1.6,
    measured: `${Math.round(median(own.map(({ ms }) => ms)))} ms (${
      Math.round(median(own.map(({ cpu }) => cpu)))
    } ms of CPU) against ${Math.round(median(empty.map(({ ms }) => ms)))} ms (${
      Math.round(median(empty.map(({ cpu }) => cpu)))
    }): ${round(ratio, 2)} ×`,
    values: { ms: median(own.map(({ ms }) => ms)), emptyMs: median(empty.map(({ ms }) => ms)), ratio },
  }
}
