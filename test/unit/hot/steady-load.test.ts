// What limits cost under a steady load: a call takes a place and a token that its process holds, and asks nobody.
import t from 'tap'
import { createEngine } from '../../../src/hot/engine.ts'
import { createSharedGate } from '../../../src/hot/shared-gate.ts'
import { createHotMemory } from '../../../src/store/hot-memory.ts'
import type { HotState } from '../../../src/store/hot-state.ts'
import { systemClock } from '../../../src/system-clock.ts'
import { createUserGate } from '../../../src/usage/user-gate.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const never = new AbortController().signal

interface Load {
  readonly concurrency: number
  readonly perMinute: number
  /** Callers of the first and of the second process. */
  readonly callers: readonly [number, number]
  /** Whether a caller goes to any process, as behind a balancer. */
  readonly isMixed?: boolean
  readonly pauseMs?: number
}

/** A caller makes one call of 100 ms after the other, for `seconds`. */
async function run ({ concurrency, perMinute, callers, isMixed = false, pauseMs = 0 }: Load, seconds: number) {
  const memory = createHotMemory(() => {}, () => now)
  let now = 0
  let questions = 0
  const hot: HotState = { ...memory, run (owner, steps) {
    questions++
    return memory.run(owner, steps)
  } }
  const timers = new Set<{ at: number, go: () => void }>()
  const clock = { ...systemClock, monotonic: () => now, setTimer (go: () => void, ms: number) {
    const timer = { at: now + ms, go }
    timers.add(timer)
    return () => void timers.delete(timer)
  } }
  const later = (ms: number) => new Promise<void>(resolve => void clock.setTimer(resolve, ms))
  const gates = ['a', 'b'].map(holder => {
    const engine = createEngine(hot, { ...clock, setTimer: () => () => {} }, silent)
    const local = createUserGate({ concurrency, perMinute, monotonic: clock.monotonic })
    return createSharedGate({ engine, local, clock, holder, isTicked: true, concurrency, perMinute })
  })
  let calls = 0
  let atOnce = 0
  let inFlight = 0
  let most = 0
  let turn = 0
  const caller = async (at: number, n: number) => {
    await later(n * 7)
    while (now < seconds * 1_000) {
      const gate = gates[isMixed ? turn++ % 2 : at]
      calls++
      const leave = gate?.enterAtOnce('mona')
      if (leave !== null) atOnce++
      const out = leave ?? await gate?.enter('mona', never)
      most = Math.max(most, ++inFlight)
      await later(80 + (calls * 37) % 41)
      inFlight--
      out?.()
      if (pauseMs > 0) await later(pauseMs)
    }
  }
  const ticking = () => {
    gates.forEach(gate => void gate.tick())
    clock.setTimer(ticking, 1_000)
  }
  clock.setTimer(ticking, 1_000)
  let isDone = false
  const all = callers.flatMap((count, at) => [...Array(count).keys()].map(n => caller(at, n)))
  void Promise.all(all).then(() => isDone = true)
  while (!isDone) {
    for (let n = 0; n < 3; n++) await new Promise(resolve => setImmediate(resolve))
    const next = [...timers].toSorted((a, b) => a.at - b.at)[0]
    if (next === undefined) continue
    timers.delete(next)
    now = Math.max(now, next.at)
    next.go()
  }
  return { calls, hits: atOnce / calls, questionsPerSecond: questions / seconds, most }
}
const unlimited = 1_000_000

void t.test('two processes that share sixteen places, all in use, ask a few times a second', async t => {
  for (const callers of [[8, 8], [12, 4]] as const) {
    const { calls, hits, questionsPerSecond, most } = await run({ concurrency: 16, perMinute: unlimited, callers }, 20)
    t.equal(most, 16, 'no place is idle')
    t.ok(calls > 2_800, `${calls} calls`)
    t.ok(hits > 0.9, `${hits} of the calls asked nothing`)
    t.ok(questionsPerSecond < 6, `${questionsPerSecond} questions a second, for ${calls / 20} calls`)
  }
})

void t.test('with places to spare, each process asks about once a second, wherever the calls go', async t => {
  for (const isMixed of [false, true]) {
    for (const concurrency of [24, 64]) {
      const load = { concurrency, perMinute: unlimited, callers: [8, 8], isMixed } as const
      const { hits, questionsPerSecond } = await run(load, 20)
      t.ok(hits > 0.98, `${hits} of the calls asked nothing`)
      t.ok(questionsPerSecond < 3, `${questionsPerSecond} questions a second`)
    }
  }
})

void t.test('at the limit, places follow the calls from process to process', async t => {
  const load = { concurrency: 16, perMinute: unlimited, callers: [8, 8], isMixed: true } as const
  const { calls, questionsPerSecond, most } = await run(load, 20)
  t.equal(most, 16)
  t.ok(calls > 1_800, `${calls} calls, of about 3,200 with one process`)
  t.ok(questionsPerSecond < 40, `${questionsPerSecond} questions a second, for ${calls / 20} calls`)
})

void t.test('a call now and then costs two questions: one that takes, and one that gives back', async t => {
  const { calls, questionsPerSecond } = await run({ concurrency: 16, perMinute: 120, callers: [1, 0], pauseMs: 5_000 },
    20)
  t.equal(questionsPerSecond * 20, calls * 2)
})
