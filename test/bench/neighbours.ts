// What one user's large requests cost, and how long another user's small request waits next to them.
import { median, percentile } from '../fixtures/measure.ts'
import type { Figure } from './figures.ts'
import { startScript } from './processes.ts'
import { bodyOf, dialects, measureRelay, mediansOf, relays, type Relay } from './relays.ts'
import { register, type Stage } from './stage.ts'
import { nextMessage } from '../fixtures/measure.ts'
import type { Done, Job } from './driver.ts'

const largeBytes = 5 * 1_048_576
const maxMsPerMiB = 15
const neighbour = { username: 'neighbour', password: 'acpc-Bench12346' }
const small = relays[0] as Relay
const large: Relay = { name: 'large', client: '/v1/messages', upstream: '/chat/completions', events: 0, everyMs: 0,
  bodyBytes: largeBytes, count: 1, atOnce: 1, yardsticks: [] }

/** CPU for each mebibyte of a translated request, for every pair of dialects; the figure is the worst of them. */
export async function largeTranslated (stage: Stage, rounds: number): Promise<Figure> {
  const each: Array<{ readonly name: string, readonly ms: number }> = []
  for (const [from, client] of dialects) {
    for (const [to, upstream] of dialects) {
      if (client === upstream) continue
      const measured = await measureRelay(stage, { ...large, client, upstream, count: 6 }, rounds)
      const { cpu = NaN } = mediansOf([measured]).get('gateway') ?? {}
      each.push({ name: `${from} to ${to}`, ms: cpu / 1_000 / (largeBytes / 1_048_576) })
    }
  }
  const worst = each.reduce((one, other) => other.ms > one.ms ? other : one)
  return { name: '5 MiB request, translated, CPU for each MiB', must: `≤ ${maxMsPerMiB} ms, every pair`,
    ok: worst.ms <= maxMsPerMiB, measured: each.map(({ name, ms }) => `${name} ${ms.toFixed(1)} ms`).join(', '),
    values: Object.fromEntries(each.map(({ name, ms }) => [name, ms])) }
}

/**
 * A user sends translated requests of 5 MiB. Meanwhile another user sends small ones, one after the other, each on a
 * warm connection.
 */
export async function nextToLarge (stage: Stage, rounds: number): Promise<Figure[]> {
  const { targets: { gateway }, setMode, user, drive } = stage
  await setMode({ events: 0, everyMs: 0 })
  await register(gateway.origin, neighbour)
  const driver = await startScript('driver.ts')
  const calm = { url: `${gateway.origin}/${neighbour.username}/v1/chat/completions`, key: neighbour.password,
    body: bodyOf(small), atOnce: 1, endsWith: '}' }
  const send = async (count: number): Promise<Done> =>
    (await nextMessage<{ done: Done }>(driver.child, { ...calm, count } satisfies Job)).done
  const largeJob = { url: `${gateway.origin}/${user.username}/v1/messages`, key: user.password, body: bodyOf(large),
    endsWith: '}' }
  await send(2_000)
  await drive({ ...largeJob, count: 10, atOnce: 2 })
  const figures: Figure[] = []
  for (const { atOnce, must, limitMs, of } of [{ atOnce: 1, must: 'worst ≤ 100 ms', limitMs: 100,
    of: (ms: readonly number[]) => Math.max(...ms) }, { atOnce: 20, must: 'p99 ≤ 250 ms', limitMs: 250,
    of: (ms: readonly number[]) => percentile(ms, 0.99) }]) {
    const seen: number[] = []
    for (let round = 0; round < rounds; round++) {
      let isOver = false
      const sending = drive({ ...largeJob, count: atOnce === 1 ? 5 : atOnce, atOnce }).finally(() => {
        isOver = true
      })
      while (!isOver) seen.push(...(await send(5)).firstByteMs)
      const { failed, reasons } = await sending
      if (failed > 0) throw new Error(`neighbours: ${failed} failed: ${reasons.join('; ')}`)
    }
    const value = of(seen)
    figures.push({ name: `Another user's small request next to ${atOnce} translated of 5 MiB at once`, must,
      ok: value <= limitMs,
      measured: `median ${median(seen).toFixed(1)} ms, p99 ${percentile(seen, 0.99).toFixed(1)} ms, worst ${
        Math.max(...seen).toFixed(1)
      } ms of ${seen.length}`,
      values: { medianMs: median(seen), p99Ms: percentile(seen, 0.99), worstMs: Math.max(...seen) } })
  }
  await driver.stop()
  return figures
}
