import t from 'tap'
import { createMemoryStore } from '../../src/store/memory.ts'
import { all, createHandClock, testStore } from '../fixtures/store-contract.ts'
import { testUsageStore } from '../fixtures/usage-contract.ts'

testStore(t, 'memory', ({ now }) => createMemoryStore({ now }), { atomicCreate: true, listed: 1_005 })
testUsageStore(t, 'memory', ({ now }) => createMemoryStore({ now }))

void t.test('createMemoryStore() drops expired entries when it is written to', async t => {
  const clock = createHandClock()
  const store = createMemoryStore({ now: clock.now })
  for (let n = 0; n < 2_500; n++) {
    await store.set(`short:${n}`, 'x', clock.now() + 1)
    clock.advance(1)
  }
  t.same(await all(store, ''), [])
  t.equal(store.kind, 'memory')
})
