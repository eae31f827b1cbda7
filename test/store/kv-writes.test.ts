// Keeps within KV's limits on writes before KV refuses, with a clock that the test moves.
import t from 'tap'
import { withWriteLimits } from '../../src/store/kv-writes.ts'
import { createHandClock, settle } from '../unit/helpers/clock.ts'
import { createCountingStore } from '../unit/helpers/stores.ts'

const world = (limits: { perDay?: number } = {}) => {
  const clock = createHandClock()
  const inner = createCountingStore(clock)
  const waits: number[] = []
  const wakes: Array<() => void> = []
  const store = withWriteLimits(inner, clock, { ...limits, wait: ms => {
    waits.push(ms)
    return new Promise(resolve => {
      wakes.push(resolve)
    })
  } })
  return { clock, inner, waits, store, wake: async () => {
    for (const wake of wakes.splice(0)) wake()
    await settle()
  } }
}

t.test('withWriteLimits() writes a key once in 1.1 s, in the requested order, and other keys meanwhile', async t => {
  const { clock, inner, store, waits, wake } = world()
  await store.set('user:a', '1')
  const [second, third] = [store.set('user:a', '2'), store.set('user:a', '3')]
  await store.set('user:b', '1')
  t.strictSame(waits, [1_100, 2_200])
  t.equal(await store.get('user:a'), '1')
  await wake()
  await Promise.all([second, third])
  t.equal(await store.get('user:a'), '3')
  clock.advance(3_300)
  await store.set('user:a', '4')
  t.equal(waits.length, 2)
  t.equal(inner.calls.set, 5)
})

t.test('withWriteLimits() delays no caller longer than five seconds', async t => {
  const { store, waits } = world()
  const writes = Array.from({ length: 8 },
    (_, n) =>
      store.set('user:a', String(n)).then(() => 0,
        (thrown: { retryAfterSeconds?: number }) => thrown.retryAfterSeconds))
  t.strictSame(await Promise.all(writes.slice(5)), [6, 6, 6])
  t.equal(waits.length, 4)
})

t.test('withWriteLimits() drops a waiting write when its key is deleted, and fails it if a caller waits for it',
  async t => {
    const { store, wake } = world()
    await store.set('cred:a:r', '1')
    const late = store.set('cred:a:r', '2')
    await store.delete('cred:a:r')
    await wake()
    await late
    t.equal(await store.get('cred:a:r'), null)

    await store.set('user:a', '1')
    const refused = t.rejects(store.set('user:a', '2'), { name: 'StoreError' })
    await store.delete('user:a')
    await wake()
    await refused
    t.equal(await store.get('user:a'), null)
  })

t.test('the last writes of a day are kept for users; tokens and days of use then stay in memory', async t => {
  const { clock, inner, store } = world({ perDay: 3 })
  for (let n = 0; n < 3; n++) await store.set(`cred:a:${n}`, 'x')
  await store.set('cred:a:3', 'x')
  await store.set('meta:a', 'x')
  t.same([await store.get('cred:a:3'), await store.get('meta:a')], [null, null])
  t.equal(await store.create('user:a', 'x'), true)
  await store.set('user:b', 'x')
  t.equal(inner.calls.set, 4)
  clock.advance(86_400_000)
  await store.set('cred:a:3', 'x')
  t.equal(await store.get('cred:a:3'), 'x', 'a new day')
})
