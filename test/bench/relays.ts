// The relayed rows. Every round measures the gateway and both yardsticks one after the other, in a rotating order. The
// figures are medians over all rounds, whichever processes ran them.
import { median, percentile } from '../fixtures/measure.ts'
import { modelOf, type Path } from './answers.ts'
import { adminToken, cpuOf, memoryOf, resetPeak } from './processes.ts'
import { shapes } from './shapes.ts'
import type { Stage } from './stage.ts'
import type { Mode } from './upstream.ts'
import { usualStyle } from '../unit/helpers/stream-shapes.ts'

export type TargetName = 'gateway' | 'A' | 'B'
export interface Relay {
  readonly name: string
  /** The path of the client's request, and that of upstream's. */
  readonly client: Path
  readonly upstream: Path
  /** 0: a whole answer. */
  readonly events: number
  readonly everyMs: number
  /** How many events one write of upstream's contains. Default: 1. */
  readonly perWrite?: number
  /** The form of the stream, by its name. */
  readonly shape?: string
  /** Whether the figure is for each event instead of each request. */
  readonly perEvent?: boolean
  readonly bodyBytes: number
  /**
   * Requests of one round. Cheap rows have more and shorter rounds: a machine's speed changes within seconds, and both
   * sides of a round should run at the same speed.
   */
  readonly count: number
  /**
   * Splits a round into turns, in which the targets follow one another, so that a machine that changes its speed within
   * a second affects all of them. Default: 1.
   */
  readonly turns?: number
  /** Factor for the number of rounds. Default: 1. */
  readonly times?: number
  readonly atOnce: number
  readonly must?: { readonly of: 'A' | 'B', readonly ratio: number }
  /** The row's own requests before the first that counts, if they are fewer than usual. */
  readonly warmUps?: number
  /** The yardsticks to measure with it. */
  readonly yardsticks: readonly ('A' | 'B')[]
}
export interface Figures {
  /** Microseconds for each request, or for each event. */
  readonly cpu: number
  /** The gateway's time divided by this target's time in the same round. */
  readonly ratio: number
  /** Milliseconds to the first byte. */
  readonly p50: number
  readonly p99: number
  readonly peakMiB: number
  readonly perSecond: number
  /** The share of upstream's events that took the fast path; null for a yardstick, and where nothing streams. */
  readonly fast: number | null
}

export const dialects: ReadonlyArray<readonly [string, Path]> = [['Chat', '/chat/completions'], ['Responses',
  '/responses'], ['Messages', '/v1/messages']]
const chat = { client: '/chat/completions', upstream: '/chat/completions' } as const
const limits: Readonly<Record<Path, number>> = { '/chat/completions': 1.3, '/v1/messages': 1.1, '/responses': 1.4 }
const once = { events: 200, everyMs: 0, count: 250, turns: 5, times: 2, atOnce: 8 }
const paced = { events: 200, everyMs: 4, perEvent: true, count: 48, turns: 3, times: 2, atOnce: 16 }

export const relays: readonly Relay[] = [{ name: '1 KB JSON chat', ...chat, events: 0, everyMs: 0, bodyBytes: 1_024,
  count: 1_000, turns: 5, times: 5, atOnce: 16, must: { of: 'B', ratio: 1.15 }, yardsticks: ['A', 'B'] }, {
  name: 'stream of 200 events sent at once',
  ...chat,
  ...once,
  bodyBytes: 1_024,
  must: { of: 'A', ratio: 1.3 },
  yardsticks: ['A', 'B'],
}, { name: 'the same paced 4 ms apart, per event', ...chat, ...paced, bodyBytes: 1_024, must: { of: 'A', ratio: 1.15 },
  yardsticks: ['A', 'B'] }, { name: '512 KB request, streamed answer', ...chat, events: 20, everyMs: 0,
  bodyBytes: 524_288, count: 75, times: 2, atOnce: 4, must: { of: 'A', ratio: 1.1 }, yardsticks: ['A', 'B'] }, {
  name: '5 MiB request, streamed answer',
  ...chat,
  events: 20,
  everyMs: 0,
  bodyBytes: 5_242_880,
  count: 10,
  atOnce: 2,
  must: { of: 'A', ratio: 1.3 },
  yardsticks: ['A'],
},
  ...dialects.flatMap(([from, client]) =>
    dialects.filter(([, path]) => path !== client).flatMap((
      [to, upstream],
    ): Relay[] => [{ name: `${from} client, ${to} upstream, at once`, client, upstream, ...once, bodyBytes: 1_024,
      must: { of: 'A', ratio: 2 }, yardsticks: ['A'] }, { name: `${from} client, ${to} upstream, paced, per event`,
      client, upstream, ...paced, bodyBytes: 1_024, must: { of: 'A', ratio: 1.3 }, yardsticks: ['A'] }, {
      name: `${from} client, ${to} upstream, 400 events at once`,
      client,
      upstream,
      ...once,
      events: 400,
      count: 125,
      bodyBytes: 1_024,
      yardsticks: [],
    }])
  )]

/** Every form in its own dialect, the main ones translated, bursts, and streams that are over at once. */
export const shapeRows: readonly Relay[] = [
  ...shapes.map(({ name, path }) => toRow(`${name}: same dialect`, path, { shape: name }, limits[path])),
  ...shapes.filter(({ style }) => style === usualStyle).flatMap(({ name, path }) =>
    dialects.filter(([, client]) => client !== path).map(([to, client]) =>
      toRow(`${name}: ${to} client`, client, { shape: name, upstream: path }, 2)
    )
  ),
  ...dialects.flatMap((
    [name, path],
  ) => [toRow(`${name}, text: 10 events in a write`, path, { shape: `${name}, text`, perWrite: 10 }, 2),
    toRow(`${name}, text: a stream of 5 events`, path, { shape: `${name}, text`, events: 5, count: 1_000 }, 1.8)]
  ),
]

function toRow (name: string, client: Path, more: Partial<Relay>, ratio: number): Relay {
  return { name, client, upstream: client, ...once, bodyBytes: 1_024, must: { of: 'A', ratio }, yardsticks: ['A'],
    ...more }
}

/** The rounds of each target, in order. */
export type Rounds = ReadonlyMap<TargetName, ReadonlyArray<Omit<Figures, 'ratio'>>>

/**
 * A row's own requests before the first that counts, at most: until V8 compiles no more. The fixed part of a request is
 * hot later than what runs for each event, so short streams need more of them.
 */
const warmUpCount = { long: 2_000, short: 6_000 }

export async function measureRelay (stage: Stage, relay: Relay, rounds: number): Promise<Rounds> {
  const names: readonly TargetName[] = ['gateway', ...relay.yardsticks]
  const seen = new Map(names.map(name => [name, [] as Array<Omit<Figures, 'ratio'>>]))
  if (relay.everyMs > 0) await warmPaced(stage, relay, names)
  await stage.setMode(modeOf(relay))
  // Upstream and the driver warm up too, and V8 compiles what a new form or length needs: its threads count as well.
  const most = relay.events < 100 ? warmUpCount.short : warmUpCount.long
  const warmUp = relay.everyMs > 0
    ? Math.min(relay.count, relay.atOnce * 2)
    : Math.min(relay.warmUps ?? most, 20 * relay.count)
  for (const name of names) await run(stage, relay, name, warmUp)
  const fast = await fastShare(stage, relay)
  const { turns = 1, times = 1 } = relay
  for (let round = 0; round < rounds * times; round++) {
    const runs = new Map(names.map(name => [name, [] as Run[]]))
    for (let turn = 0; turn < turns; turn++) {
      for (let at = 0; at < names.length; at++) {
        const name = names[(at + turn + round) % names.length] ?? 'gateway'
        runs.get(name)?.push(await run(stage, relay, name, relay.count / turns))
      }
    }
    for (const [name, each] of runs) {
      seen.get(name)?.push({ ...figuresOf(relay, each), fast: name === 'gateway' ? fast : null })
    }
  }
  return seen
}

/** Null where nothing counts. */
async function fastShare ({ counted, targets, ...stage }: Stage, relay: Relay): Promise<number | null> {
  if (counted === null || relay.shape === undefined) return null
  const before = await countEvents(counted.origin)
  await run({ ...stage, counted, targets: { ...targets, gateway: counted } }, relay, 'gateway', 16)
  const { fast, slow } = await countEvents(counted.origin)
  return (fast - before.fast) / (fast + slow - before.fast - before.slow)
}

export function mediansOf (measured: readonly Rounds[]): Map<TargetName, Figures> {
  const all = (name: TargetName) => measured.flatMap(rounds => rounds.get(name) ?? [])
  const own = all('gateway')
  return new Map([...measured[0]?.keys() ?? []].map(name => {
    const each = all(name)
    return [name, {
      cpu: median(each.map(figures => figures.cpu)),
      ratio: median(each.map(({ cpu }, at) => (own[at]?.cpu ?? NaN) / cpu)),
      p50: median(each.map(figures => figures.p50)),
      p99: median(each.map(figures => figures.p99)),
      peakMiB: Math.max(...each.map(figures => figures.peakMiB)),
      perSecond: median(each.map(figures => figures.perSecond)),
      fast: each.some(({ fast }) => fast === null) ? null : median(each.map(({ fast }) => fast ?? NaN)),
    }]
  }))
}

/**
 * The code of a paced row would take minutes to be compiled through its own slow events. So a hundred thousand of them
 * are sent at once first, and then 25,000 at the row's pace in 64 streams, because single events take another path.
 */
async function warmPaced (stage: Stage, relay: Relay, names: readonly TargetName[]): Promise<void> {
  await stage.setMode({ ...modeOf(relay), everyMs: 0 })
  for (const name of names) await run(stage, relay, name, 500)
  await stage.setMode(modeOf(relay))
  for (const name of names) await run(stage, { ...relay, atOnce: 64 }, name, 128)
}

function modeOf ({ events, everyMs, perWrite, shape }: Relay): Mode {
  return { events, everyMs, perWrite, shape }
}

interface Run {
  readonly count: number
  readonly cpu: number
  readonly seconds: number
  readonly firstByteMs: readonly number[]
  readonly peakMiB: number
}

async function run ({ targets, user, drive }: Stage, relay: Relay, name: TargetName, count: number): Promise<Run> {
  const { pid, origin } = targets[name]
  const isOwn = name === 'gateway'
  resetPeak(pid)
  const before = cpuOf(pid)
  const { failed, reasons, firstByteMs, seconds } = await drive({
    url: isOwn ? `${origin}/${user.username}/v1${relay.client.replace('/v1', '')}` : origin + relay.upstream,
    key: user.password,
    body: bodyOf(relay),
    count,
    atOnce: relay.atOnce,
    endsWith: endOf(name === 'gateway' ? relay.client : relay.upstream, relay.events > 0),
  })
  const cpu = cpuOf(pid) - before
  const peakMiB = memoryOf(pid).peak
  if (failed > 0) throw new Error(`${relay.name}, ${name}: ${failed} of ${count} failed: ${reasons.join('; ')}`)
  return { count, cpu, seconds, firstByteMs, peakMiB }
}

/** The gateway's own count, of its `/metrics`. */
async function countEvents (origin: string): Promise<{ readonly fast: number, readonly slow: number }> {
  const response = await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } })
  const text = await response.text()
  const read = (path: string) =>
    Number(new RegExp(`^copilot_proxy_stream_events_total\\{path="${path}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { fast: read('fast'), slow: read('slow') }
}

function figuresOf ({ perEvent, events }: Relay, runs: readonly Run[]): Omit<Figures, 'ratio' | 'fast'> {
  const sum = (of: (run: Run) => number) => runs.reduce((all, each) => all + of(each), 0)
  const count = sum(each => each.count)
  const firstByteMs = runs.flatMap(each => each.firstByteMs)
  return {
    cpu: sum(each => each.cpu) / count / (perEvent === true ? events : 1),
    perSecond: count / sum(each => each.seconds),
    p50: percentile(firstByteMs, 0.5),
    p99: percentile(firstByteMs, 0.99),
    peakMiB: Math.max(...runs.map(each => each.peakMiB)),
  }
}

/** Some text, and an agent's history for the rest of the size. */
export function bodyOf ({ client, upstream, events, bodyBytes, shape }: Relay): string {
  const turns = Array.from({ length: Math.max(1, Math.round(bodyBytes / 8_192)) },
    (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant',
      content: 'Some words of a conversation, "quoted" and not, on\nseveral lines. '.repeat(
        Math.round(Math.min(bodyBytes, 8_192) / 75),
      ) }))
  if (turns.length % 2 === 0) turns.push({ role: 'user', content: 'Go on.' })
  const common = { model: modelOf[upstream], stream: events > 0 }
  if (client === '/responses') {
    const more = { reasoning: { effort: 'low', summary: 'auto' }, tools: [{ type: 'function', name: 'f', parameters }] }
    return JSON.stringify({ ...common, input: turns, ...shape === undefined ? {} : more })
  }
  const more = client === '/v1/messages'
    ? { thinking: { type: 'enabled', budget_tokens: 1_024 }, tools: [{ name: 'f', input_schema: parameters }] }
    : { tools: [{ type: 'function', function: { name: 'f', parameters } }] }
  return JSON.stringify({ ...common, max_tokens: 4_096, messages: turns, ...shape === undefined ? {} : more })
}

const parameters = { type: 'object', properties: {} }

export function endOf (dialect: Path, isStream: boolean): string {
  if (!isStream) return '}'
  return { '/chat/completions': 'data: [DONE]', '/responses': '}}', '/v1/messages': '{"type":"message_stop"}' }[dialect]
}
