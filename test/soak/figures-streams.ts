// G1, G2, G6, G7, G9: streams.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Done } from './driver.ts'
import { mib, ms, type Figure } from './figure.ts'
import { percentile } from '../fixtures/measure.ts'
import { usageOf, watch, type Stage } from './stage.ts'

const paced = { events: 50, everyMs: 200 }

async function streams (
  stage: Stage,
  who: Parameters<Stage['drive']>[0]['who'],
  count: number,
  tag: string,
  messages = false,
): Promise<{ done: Done, altered: number }> {
  await stage.upstream({ take: true })
  const done = await stage.drive({ kind: 'streams', who, count, ask: paced, rampMs: 2_000, messages, tag })
  const { hashes } = await stage.upstream({ take: true })
  const altered = messages ? 0 : Object.entries(done.hashes).filter(([id, hash]) => hashes[id] !== hash).length
  return { done, altered }
}

const g1: Figure = {
  id: 'G1',
  name: '1,000 paced pass-through streams at once, 50 events × 200 ms × 180 B',
  must: '0 events lost or altered; p99 ≤ 100 ms; RSS ≤ 256 MiB; ≤ 8 CPU-s',
  async run (stage) {
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 50)
    const { result: { done, altered }, cpuSeconds, rss, before } = await watch(gateway.child,
      streams(stage, gateway.who(users), 1_000, 'g1-'))
    await gateway.stop()
    const bare = await watch(stage.bare.child, streams(stage, stage.bare.who, 1_000, 'b1-'))
    const peak = Math.max(...rss)
    const p99 = percentile(done.took, 0.99)
    const describe = (d: Done, a: number, p: number, cpu: number, r: number, from: number) =>
      `${d.events} events, ${d.failed} streams failed, ${a} altered; p50 ${ms(percentile(d.took, 0.5))}, p99 ${
        ms(p)
      }; RSS ${mib(r)} (${mib(from)} before); ${cpu.toFixed(1)} CPU-s`
    return {
      measured: describe(done, altered, p99, cpuSeconds, peak, before.rssMiB),
      bare: describe(bare.result.done, bare.result.altered, percentile(bare.result.done.took, 0.99), bare.cpuSeconds,
        Math.max(...bare.rss), bare.before.rssMiB),
      ok: done.failed === 0 && altered === 0 && Object.keys(done.hashes).length === 1_000 && p99 <= 100 && peak <= 256
        && cpuSeconds <= 8,
      note:
        "from upstream's write to the client's read, including the delays of upstream and driver; the SHA-256 of every "
        + `stream is compared with the one that upstream sent${
          done.reasons.length === 0 ? '' : `; ${done.reasons.join('; ')}`
        }`,
    }
  },
}

const g2: Figure = {
  id: 'G2',
  name: '500 paced streams through the translation to Messages',
  must: '0 lost; p99 ≤ 150 ms',
  async run (stage) {
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 25)
    const { result: { done }, cpuSeconds, rss } = await watch(gateway.child,
      streams(stage, gateway.who(users, 'messages'), 500, 'g2-', true))
    await gateway.stop()
    const p99 = percentile(done.took, 0.99)
    return {
      measured: `${done.events} events, ${done.failed} streams failed; p50 ${ms(percentile(done.took, 0.5))}, p99 ${
        ms(p99)
      }; RSS ${mib(Math.max(...rss))}; ${cpuSeconds.toFixed(1)} CPU-s`,
      ok: done.failed === 0 && done.events === 25_000 && p99 <= 150,
      note: `every event is numbered and checked for its stream and its place${
        done.reasons.length === 0 ? '' : `; ${done.reasons.join('; ')}`
      }`,
    }
  },
}

const g6: Figure = {
  id: 'G6',
  name: '100 clients that never read, upstream floods',
  must: 'RSS +≤ 96 MiB; ≤ 12 MiB pulled a stream; canary p99 ≤ 300 ms; all closed ≤ 75 s',
  async run (stage) {
    const gateway = await stage.startGateway()
    const [canary, ...users] = await stage.users(gateway, 11)
    const flood = 64 * 1_048_576
    await stage.upstream({ take: true })
    const canaryTimes: number[] = []
    let isOver = false
    const asking = (async () => {
      while (!isOver) {
        const from = performance.now()
        await fetch(`${gateway.origin}/${canary?.username}/v1/chat/completions`, { method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${canary?.password}` },
          body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: '{}' }] }) }).then(response =>
            response.text()
          )
        canaryTimes.push(performance.now() - from)
        await sleep(200)
      }
    })()
    const { result, rss, before } = await watch(gateway.child,
      stage.drive({ kind: 'slow', who: gateway.who(users), count: 100, floodBytes: flood, ms: 80_000 }), 1_000)
    isOver = true
    await asking
    const { pulled } = await stage.upstream({ take: true })
    await gateway.stop()
    const bare = await watch(stage.bare.child,
      stage.drive({ kind: 'slow', who: stage.bare.who, count: 100, floodBytes: flood, ms: 8_000 }), 500)
    const barePulled = (await stage.upstream({ take: true })).pulled
    const growth = Math.max(...rss) - before.rssMiB
    const most = Math.max(...Object.values(pulled)) / 1_048_576
    const last = Math.max(...result.closedAfter) / 1_000
    return {
      measured: `RSS +${mib(growth)} at its peak, +${
        mib(percentile(rss.slice(-Math.ceil(rss.length / 3)), 0.5) - before.rssMiB)
      } once settled; ${most.toFixed(1)} MiB pulled at most; canary p99 ${
        ms(percentile(canaryTimes, 0.99))
      }; ${result.closedAfter.length} closed, the last after ${last.toFixed(0)} s`,
      bare: `RSS +${mib(Math.max(...bare.rss) - bare.before.rssMiB)}; ${
        (Math.max(...Object.values(barePulled)) / 1_048_576).toFixed(1)
      } MiB; closes none (watched for 8 s)`,
      ok: growth <= 96 && most <= 12 && percentile(canaryTimes, 0.99) <= 300 && result.failed === 0 && last <= 75,
      note: 'pulled: the bytes that upstream could write, including the kernel buffers of three sockets',
    }
  },
}

const g7: Figure = {
  id: 'G7',
  name: 'Client leaves → upstream is aborted, 1,000 times',
  must: 'p99 ≤ 1 s; descriptors back to ±8',
  async run (stage) {
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 10)
    await stage.drive({ kind: 'once', who: gateway.who(users), atOnce: 2 })
    await sleep(5_000)
    const before = usageOf(gateway.child)
    const leave = async (who: typeof stage.bare.who, tag: string) => {
      await stage.upstream({ take: true })
      const done = await stage.drive({ kind: 'streams', who, count: 1_000, ask: { events: 100, everyMs: 100 },
        rampMs: 4_000, abortEvery: 1, tag })
      await sleep(1_500)
      const { closed, open } = await stage.upstream({ take: true })
      const took = Object.entries(done.abortedAt).map(([id, at]) => (closed[id] ?? Infinity) - at)
      return { took, open, failed: done.failed }
    }
    const ours = await leave(gateway.who(users), 'g7-')
    await sleep(5_000)
    const after = usageOf(gateway.child)
    const theirs = await leave(stage.bare.who, 'b7-')
    await gateway.stop()
    const p99 = percentile(ours.took, 0.99)
    const leaked = after.descriptors - before.descriptors
    return {
      measured: `p50 ${ms(percentile(ours.took, 0.5))}, p99 ${ms(p99)}, worst ${
        ms(Math.max(...ours.took))
      } of ${ours.took.length}; ${ours.open} left open; descriptors ${leaked >= 0 ? '+' : ''}${leaked}`,
      bare: `p99 ${ms(percentile(theirs.took, 0.99))}; ${theirs.open} left open`,
      ok: ours.took.length === 1_000 && p99 <= 1_000 && ours.open === 0 && Math.abs(leaked) <= 8 && ours.failed === 0,
    }
  },
}

const g9: Figure = {
  id: 'G9',
  name: 'SIGTERM with 200 live streams',
  must: '0 streams cut; exit 0 in ≤ 30 s; new connections refused or 503 within 1 s',
  async run (stage) {
    const gateway = await stage.startGateway()
    const users = await stage.users(gateway, 20)
    const living = stage.drive({ kind: 'streams', who: gateway.who(users), count: 200,
      ask: { events: 60, everyMs: 200 }, rampMs: 500, tag: 'g9-' })
    await sleep(3_000)
    const from = performance.now()
    const exit = gateway.stop().then(code => ({ code, after: performance.now() - from }))
    await sleep(300)
    const fresh = await fetch(`${gateway.origin}/healthz`, { headers: { connection: 'close' } }).then(
      async () => (await fetch(`${gateway.origin}/readyz`, { headers: { connection: 'close' } })).status,
      () => 'refused',
    )
    const refusedAfter = performance.now() - from
    const [done, ended] = await Promise.all([living, exit])
    return {
      measured: `${done.failed} of ${done.count} cut; exit ${ended.code} after ${
        (ended.after / 1_000).toFixed(1)
      } s, the last stream's end; after ${ms(refusedAfter)} a new connection: ${fresh}`,
      ok: done.failed === 0 && done.count === 200 && ended.code === 0 && ended.after <= 30_000
        && (fresh === 'refused' || fresh === 503),
      note: `streams of 12 s, begun 3 s before${done.reasons.length === 0 ? '' : `; ${done.reasons.join('; ')}`}`,
    }
  },
}

export const streamFigures: readonly Figure[] = [g1, g2, g6, g7, g9]
