import t from 'tap'
import { withBreaker } from '../../src/store/breaker.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { StoreError, type Store } from '../../src/store/store.ts'
import { all, createHandClock, rejection, testStore } from '../fixtures/store-contract.ts'

testStore(t, 'breaker', ({ now }) => withBreaker(createMemoryStore({ now }), { now }), { atomicCreate: true,
  listed: 20 })

/** A store that counts its reads and fails them while `error` is set. */
function setUp () {
  const clock = createHandClock(0)
  const memory = createMemoryStore()
  const state = { error: null as Error | null, calls: 0, gate: Promise.resolve() }
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    state.calls++
    await state.gate
    if (state.error !== null) throw state.error
    return work()
  }
  const inner: Store = {
    ...memory,
    get: key => answer(() => memory.get(key)),
    async *keys (prefix) {
      await answer(async () => {})
      yield* memory.keys(prefix)
    },
  }
  return { clock, state, store: withBreaker(inner, { now: clock.now }) }
}
const down = new StoreError('down')
const fail = async (store: Store, times: number): Promise<void> => {
  for (let n = 0; n < times; n++) await store.get('k').catch(() => {})
}

void t.test('withBreaker() opens after five failures in a row, and one success restarts the count', async t => {
  const { state, store } = setUp()
  state.error = down
  await fail(store, 4)
  state.error = null
  await store.get('k')
  state.error = down
  await fail(store, 5)
  t.equal(state.calls, 10)
  t.match(await rejection(store.get('k')), { name: 'StoreError', retryAfterSeconds: 10 })
  t.match(await rejection(store.set('k', 'v')), { retryAfterSeconds: 10 })
  t.match(await rejection(store.create('k', 'v')), { retryAfterSeconds: 10 })
  t.match(await rejection(store.delete('k')), { retryAfterSeconds: 10 })
  t.match(await rejection(all(store, '')), { retryAfterSeconds: 10 })
  t.equal(state.calls, 10, 'nothing reached the store')
})

void t.test('withBreaker() lets one trial call through after its pause; if that fails, it opens again', async t => {
  const { clock, state, store } = setUp()
  state.error = down
  await fail(store, 5)
  clock.advance(9_999)
  t.match(await rejection(store.get('k')), { retryAfterSeconds: 1 })
  clock.advance(1)
  const gate = Promise.withResolvers<void>()
  state.gate = gate.promise
  const trial = store.get('k')
  t.match(await rejection(store.get('k')), { retryAfterSeconds: 1 }, 'a second one meanwhile is refused')
  gate.resolve()
  t.match(await rejection(trial), { message: 'down' })
  t.equal(state.calls, 6)
  t.match(await rejection(store.get('k')), { retryAfterSeconds: 10 })
  clock.advance(10_000)
  state.error = null
  t.equal(await store.get('k'), null)
  await fail(store, 3)
  t.equal(state.calls, 10, 'closed again')
})

void t.test('withBreaker() opens at once for the time that a rate limit names, five minutes at most', async t => {
  for (const [asked, kept] of [[42, 42], [300, 300], [1e12, 300]] as const) {
    const { clock, state, store } = setUp()
    state.error = new StoreError('rate limited', { retryAfterSeconds: asked })
    await fail(store, 1)
    t.match(await rejection(store.get('k')), { retryAfterSeconds: kept })
    clock.advance(kept * 1_000 - 1)
    t.match(await rejection(store.get('k')), { retryAfterSeconds: 1 })
    t.equal(state.calls, 1)
    clock.advance(1)
    state.error = null
    await store.get('k')
    t.equal(state.calls, 2)
  }
})

void t.test('withBreaker() stays open when a call from before it opened succeeds late', async t => {
  const { state, store } = setUp()
  const gate = Promise.withResolvers<void>()
  state.gate = gate.promise
  const early = store.get('k')
  state.gate = Promise.resolve()
  state.error = down
  await fail(store, 5)
  state.error = null
  gate.resolve()
  await early
  t.match(await rejection(store.get('k')), { retryAfterSeconds: 10 })
})

void t.test('a listing can be the trial call, even if it is not read to the end', async t => {
  const { clock, state, store } = setUp()
  await store.set('a', '1')
  await store.set('b', '1')
  state.error = down
  for (let n = 0; n < 5; n++) await all(store, '').catch(() => {})
  clock.advance(10_000)
  state.error = null
  for await (const key of store.keys('')) {
    t.equal(key, 'a')
    t.equal(await store.get('a'), '1', 'its first key closes the breaker')
    break
  }
})
