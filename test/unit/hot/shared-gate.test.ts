// The limits of a user hold over all processes, exactly, and for each process while the engine is away.
import t from 'tap'
import { createEngine } from '../../../src/hot/engine.ts'
import { createSharedGate } from '../../../src/hot/shared-gate.ts'
import { createHotMemory } from '../../../src/store/hot-memory.ts'
import type { HotState } from '../../../src/store/hot-state.ts'
import { StoreError } from '../../../src/store/store.ts'
import { systemClock } from '../../../src/system-clock.ts'
import { createUserGate, type UserGate } from '../../../src/usage/user-gate.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const never = new AbortController().signal
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

function world (limits: { concurrency: number, perMinute: number }, isTicked = true) {
  const memory = createHotMemory(() => {})
  let isBroken = false
  let calls = 0
  const warnings: string[] = []
  const hot: HotState = { ...memory, run (owner, steps) {
    calls++
    return isBroken ? Promise.reject(new StoreError('broken')) : memory.run(owner, steps)
  } }
  const gates = ['a', 'b'].map(holder => {
    const engine = createEngine(hot, systemClock, { ...silent, warn: (_fields, text) => void warnings.push(text) })
    const local = createUserGate({ ...limits, monotonic: systemClock.monotonic })
    return createSharedGate({ engine, local, clock: systemClock, holder, isTicked, ...limits })
  })
  return { gates, warnings, calls: () => calls, breakEngine (broken: boolean) {
    isBroken = broken
  } }
}

async function enter (gate: UserGate | undefined, username = 'mona'): Promise<() => void> {
  if (gate === undefined) throw new Error('no gate')
  return gate.enterAtOnce(username) ?? await gate.enter(username, never)
}

t.test('two processes under load have exactly as many calls in flight as one', async t => {
  const { gates } = world({ concurrency: 4, perMinute: 0 })
  let inFlight = 0
  let most = 0
  const ticking = setInterval(() => gates.forEach(gate => void gate.tick()), 200)
  t.teardown(() => {
    clearInterval(ticking)
  })
  await Promise.all([...Array(80).keys()].map(async at => {
    const leave = await enter(gates[at % 2])
    most = Math.max(most, ++inFlight)
    await sleep(10)
    inFlight--
    leave()
  }))
  t.equal(most, 4)
})

t.test('a minute has as many calls as the limit, whichever process they reach', async t => {
  const { gates } = world({ concurrency: 0, perMinute: 5 })
  const outcomes = await Promise.allSettled([...Array(10).keys()].map(at => enter(gates[at % 2])))
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 5)
  for (const outcome of outcomes) if (outcome.status === 'rejected') t.match(outcome.reason, { code: 'rate_limited' })
})

t.test('a warm call asks nothing, and what is not used goes to the process that needs it', async t => {
  const { gates: [one, two], calls } = world({ concurrency: 16, perMinute: 600 })
  const leave = await enter(one)
  leave()
  const before = calls()
  for (let at = 0; at < 5; at++) one?.enterAtOnce('mona')?.()
  t.equal(calls(), before, 'five calls at once')
  const held = await Promise.all([...Array(13).keys()].map(() => enter(two)))
  const waiting = [enter(two), enter(two), enter(two)]
  await sleep(1_100)
  await one?.tick()
  held.push(...await Promise.all(waiting))
  t.equal(held.length, 16, 'all places')
  t.equal(one?.enterAtOnce('mona'), null)
})

t.test('a process that waits gets no place of a call that is still in flight', async t => {
  const { gates: [one, two] } = world({ concurrency: 16, perMinute: 0 })
  let inFlight = 0
  const begin = async (gate: UserGate | undefined, count: number) => {
    const entered = [...Array(count).keys()].map(async () => {
      const leave = await enter(gate)
      inFlight++
      return leave
    })
    await sleep(200)
    return entered
  }
  const calls = [...await begin(one, 12), ...await begin(two, 8)]
  await one?.tick()
  // The first process knows now that the other one waits, and asks for one more place.
  calls.push(...await begin(one, 1))
  await sleep(200)
  t.equal(inFlight, 16, 'as many as one process may have')
  await Promise.all(calls.map(async entering => {
    const leave = await entering
    inFlight--
    leave()
  }))
  t.equal(inFlight, 0, 'every call had its turn')
})

t.test('while the engine is away, each process has its own limit, and one line says so', async t => {
  const { gates: [one, two], warnings, breakEngine } = world({ concurrency: 2, perMinute: 0 })
  const first = await enter(one)
  breakEngine(true)
  const more = [await enter(one), await enter(two), await enter(two)]
  t.equal(warnings.length, 2, 'one line for each process')
  t.equal(one?.enterAtOnce('mona'), null, 'its own limit holds')
  breakEngine(false)
  await sleep(600)
  for (const leave of [first, ...more]) leave()
  await one?.tick()
  await two?.tick()
  const again = [await enter(one), await enter(two)]
  t.equal(one?.enterAtOnce('mona') ?? two?.enterAtOnce('mona') ?? null, null, 'both together again')
  for (const leave of again) leave()
})

t.test('without ticks, the end of a call states what the process keeps', async t => {
  const { gates: [one, two] } = world({ concurrency: 3, perMinute: 0 }, false)
  const leave = await enter(one)
  leave()
  t.match(one?.atEnd('mona')?.steps, [{ do: 'hold', amount: 0, holder: 'a' }], 'no place for later where there are few')
  const { gates: [wide] } = world({ concurrency: 16, perMinute: 0 }, false)
  const leaveWide = await enter(wide)
  leaveWide()
  t.match(wide?.atEnd('mona')?.steps, [{ do: 'hold', amount: 1 }], 'one for the next call where there are many')
  const others = [await enter(two), await enter(two)]
  t.equal(two?.enterAtOnce('mona'), null)
  for (const leave of others) leave()
})

t.test('without ticks, a call in flight keeps its place whatever else ends', async t => {
  const { gates: [one] } = world({ concurrency: 4, perMinute: 0 }, false)
  const leaves = [await enter(one), await enter(one), await enter(one)]
  // Two calls end before the process asks the engine, as when their clients leave.
  leaves[0]?.()
  leaves[1]?.()
  for (let end = 0; end < 3; end++) t.match(one?.atEnd('mona')?.steps, [{ do: 'hold', amount: 1 }])
  t.equal(one?.enterAtOnce('mona'), null, 'the places that are given back are not used meanwhile')
  leaves[2]?.()
})

t.test('without ticks and with a rate only, a long call does not stop later ones', async t => {
  const timers: Array<() => void> = []
  const clock = { ...systemClock, setTimer: (run: () => void) => {
    timers.push(run)
    return () => {}
  } }
  const limits = { concurrency: 0, perMinute: 40 }
  const engine = createEngine(createHotMemory(() => {}), systemClock, silent)
  const local = createUserGate({ ...limits, monotonic: systemClock.monotonic })
  const gate = createSharedGate({ engine, local, clock, holder: 'a', isTicked: false, ...limits })
  const leave = await enter(gate)
  for (const renew of timers.splice(0)) renew()
  await sleep(10)
  gate.enterAtOnce('mona')?.()
  t.match(gate.atEnd('mona')?.steps, [{ do: 'take' }], 'the process still asks')
  leave()
})
