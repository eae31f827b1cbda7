// G3, G4, G5, G10, G19: calls.
import { createServer, connect, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { mib, ms, type Figure } from './figure.ts'
import { percentile } from '../fixtures/measure.ts'
import { usageOf } from './stage.ts'

const g3: Figure = {
  id: 'G3',
  name: 'Non-streamed calls, warm, 50 connections',
  must: '≥ 1,500/s; p99 ≤ 60 ms; 0 failed',
  async run (stage) {
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 50)
    await stage.drive({ kind: 'closed', who: gateway.who(users), connections: 50, ms: 2_000 }) // Warms up and compiles.
    const ours = await stage.drive({ kind: 'closed', who: gateway.who(users), connections: 50, ms: 8_000 })
    await gateway.stop()
    const bare = await stage.drive({ kind: 'closed', who: stage.bare.who, connections: 50, ms: 8_000 })
    const describe = ({ count, seconds, took, failed }: typeof ours) =>
      `${Math.round(count / seconds)}/s; p50 ${ms(percentile(took, 0.5))}, p99 ${
        ms(percentile(took, 0.99))
      }; ${failed} failed`
    return {
      measured: describe(ours),
      bare: describe(bare),
      ok: ours.count / ours.seconds >= 1_500 && percentile(ours.took, 0.99) <= 60 && ours.failed === 0,
      note: `8 s; driver, upstream and relay share the two cores, which bounds the rate; log lines are written${
        ours.reasons.length === 0 ? '' : `; ${ours.reasons.join('; ')}`
      }`,
    }
  },
}

const g4: Figure = {
  id: 'G4',
  name: "Overhead: time to first byte less upstream's, warm, 100/s",
  must: 'p50 ≤ 3 ms; p99 ≤ 25 ms',
  async run (stage) {
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 20)
    await stage.drive({ kind: 'open', who: gateway.who(users), perSecond: 100, ms: 2_000, stream: true })
    const ours = await stage.drive({ kind: 'open', who: gateway.who(users), perSecond: 100, ms: 10_000, stream: true })
    await gateway.stop()
    const bare = await stage.drive({ kind: 'open', who: stage.bare.who, perSecond: 100, ms: 10_000, stream: true })
    const describe = ({ took, failed }: typeof ours) =>
      `p50 ${ms(percentile(took, 0.5))}, p99 ${ms(percentile(took, 0.99))}; ${failed} failed`
    return { measured: describe(ours), bare: describe(bare),
      ok: percentile(ours.took, 0.5) <= 3 && percentile(ours.took, 0.99) <= 25 && ours.failed === 0,
      note: "both columns include loopback both ways and the driver's own delay; 10 s" }
  },
}

const g5: Figure = {
  id: 'G5',
  name: 'Cold sign-in: 200 users, empty caches',
  must: '≥ 60/s; event-loop delay p99 ≤ 20 ms',
  async run (stage) {
    const env = { STORE: 'sqlite', DATA_DIR: stage.newDir() }
    const first = await stage.startGateway(env)
    const users = await stage.users(first, 200)
    await first.stop()
    const gateway = await stage.startGateway(env)
    await sleep(500)
    await gateway.delay()
    const done = await stage.drive({ kind: 'once', who: gateway.who(users), atOnce: 50 })
    const delay = await gateway.delay()
    await gateway.stop()
    return {
      measured: `${Math.round(done.count / done.seconds)}/s; event-loop delay p99 ${ms(delay.p99)}, worst ${
        ms(delay.max)
      }; ${done.failed} failed`,
      ok: done.count / done.seconds >= 60 && delay.p99 <= 20 && done.failed === 0,
      note: '50 at a time; PBKDF2 with 100,000 iterations, at most two at once; a whole call each, the sealed Copilot '
        + 'token is in the store',
    }
  },
}

const g10: Figure = {
  id: 'G10',
  name: 'Replacing an instance behind a balancer',
  must: '0 failed, retries off',
  async run (stage) {
    const env = { STORE: 'sqlite', DATA_DIR: stage.newDir() }
    const first = await stage.startGateway(env)
    const users = await stage.users(first, 10)
    let target = Number(new URL(first.origin).port)
    const balancer = createServer(socket => {
      const through = connect(target, '127.0.0.1')
      socket.pipe(through).pipe(socket)
      for (const side of [socket, through]) {
        side.on('error', () => {
          socket.destroy()
          through.destroy()
        })
      }
    })
    await new Promise<void>(resolve => balancer.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`
    const who = first.who(users).map(({ url, key }) => ({ url: url.replace(first.origin, origin), key }))
    const load = stage.drive({ kind: 'open', who, perSecond: 50, ms: 20_000, stream: false, fresh: true })
    const codes: Array<number | null> = []
    let current = first
    for (let round = 0; round < 3; round++) {
      await sleep(4_000)
      const next = await stage.startGateway(env)
      while ((await fetch(`${next.origin}/readyz`)).status !== 200) await sleep(50)
      target = Number(new URL(next.origin).port)
      codes.push(await current.stop())
      current = next
    }
    const done = await load
    balancer.close()
    await current.stop()
    return {
      measured: `${done.failed} of ${done.count} failed over ${codes.length} replacements; exits ${codes.join(', ')}`,
      ok: done.failed === 0 && codes.every(code => code === 0),
      note: '20 s at 50/s instead of 200 s; one connection a request, SQLite shared by both; order: start B, ready, '
        + `balancer to B, SIGTERM to A${done.reasons.length === 0 ? '' : `; ${done.reasons.join('; ')}`}`,
    }
  },
}

const g19: Figure = {
  id: 'G19',
  name: 'Soak: 200 streams, 20 calls/s, 1 % leave',
  must: '0 errors; RSS slope ≤ 0.5 MiB/min; descriptors flat',
  async run (stage, { long }) {
    const minutes = long ? 30 : 1.5
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 50)
    const samples: Array<{ atMin: number, rss: number, descriptors: number }> = []
    let failed = 0
    let count = 0
    const reasons = new Set<string>()
    const from = performance.now()
    const sampler = setInterval(() => {
      const { rssMiB, descriptors } = usageOf(gateway.child)
      samples.push({ atMin: (performance.now() - from) / 60_000, rss: rssMiB, descriptors })
    }, 1_000)
    let early: { liveMiB: number, rssMiB: number } | null = null
    const second = await openDriver(gateway.who(users), minutes * 60_000)
    while (performance.now() - from < minutes * 60_000) {
      const done = await stage.drive({ kind: 'streams', who: gateway.who(users), count: 200,
        ask: { events: 25, everyMs: 200 }, rampMs: 1_000, abortEvery: 100, tag: `g19-${count}-` })
      failed += done.failed
      count += done.count
      for (const reason of done.reasons) reasons.add(reason)
      if (early === null && performance.now() - from > minutes * 20_000) early = await gateway.memory()
    }
    const late = await gateway.memory()
    const growth = (late.liveMiB - (early?.liveMiB ?? 0)) / (minutes * 2 / 3)
    const calls = await second()
    clearInterval(sampler)
    await gateway.stop()
    const settled = samples.filter(({ atMin }) => atMin > (long ? 5 : minutes / 3))
    const slope = slopeOf(settled.map(({ atMin, rss }) => [atMin, rss]))
    const spread = Math.max(...settled.map(({ descriptors }) => descriptors))
      - Math.min(...settled.map(({ descriptors }) => descriptors))
    const errors = failed + calls.failed
    return {
      measured: `${errors} errors in ${count} streams and ${calls.count} calls; RSS ${
        mib(Math.max(...samples.map(({ rss }) => rss)))
      } at most, slope ${slope.toFixed(1)} MiB/min; alive after a collection: ${mib(early?.liveMiB ?? NaN)}, then ${
        mib(late.liveMiB)
      } (${growth.toFixed(1)} MiB/min); descriptors within ${spread}`,
      ok: errors === 0 && slope <= 0.5,
      note: `${minutes} min${
        long
          ? ''
          : ' instead of 30: a heap that is still growing into its size shows as a slope here, so only `--long` decides'
      }; descriptors swing by the 200 streams that end and begin together${
        reasons.size === 0 ? '' : `; ${[...reasons].join('; ')}`
      }`,
    }
  },
}

/** Twenty calls a second next to the streams. They are few, so this process makes them. */
async function openDriver (
  who: ReadonlyArray<{ url: string, key: string }>,
  forMs: number,
): Promise<() => Promise<{ count: number, failed: number }>> {
  const from = performance.now()
  const tally = { count: 0, failed: 0 }
  const pending: Array<Promise<void>> = []
  const running = (async () => {
    for (let at = 0; performance.now() - from < forMs; at++) {
      const { url, key } = who[at % who.length] ?? { url: '', key: '' }
      pending.push(
        fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
          body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: '{}' }] }) }).then(
            async response => {
              await response.text()
              if (response.status !== 200) tally.failed++
            },
            () => {
              tally.failed++
            },
          ).finally(() => {
            tally.count++
          }),
      )
      await sleep(Math.max(0, from + (at + 1) * 50 - performance.now()))
    }
    await Promise.all(pending)
  })()
  return async () => {
    await running
    return tally
  }
}

/** The slope of the best straight line. */
function slopeOf (points: ReadonlyArray<readonly [number, number]>): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  return points.reduce((total, [px, py]) => total + (px - x) * (py - y), 0)
    / points.reduce((total, [px]) => total + (px - x) ** 2, 0)
}

export const loadFigures: readonly Figure[] = [g3, g4, g5, g10, g19]
