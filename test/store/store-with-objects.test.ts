// A store of KV with Durable Objects: what is where, what is read in KV when the objects are new, and the contracts.
import t from 'tap'
import { createMemoryStore } from '../../src/store/memory.ts'
import { withObjects } from '../../src/store/store-with-objects.ts'
import type { Store } from '../../src/store/store.ts'
import { createUsageValues } from '../../src/store/usage-values.ts'
import { createStateObjects } from '../fixtures/state-objects.ts'
import { testStore } from '../fixtures/store-contract.ts'
import { testUsageStore, usageRow } from '../fixtures/usage-contract.ts'

const written = { keepDays: 90, isLast: true, now: Date.parse('2026-03-28T12:00:00Z') }

function world (at = written.now) {
  const time = { at }
  const now = () => time.at
  const kv = createMemoryStore({ now })
  const objects = createStateObjects(now)
  return { time, kv, objects, store: withObjects(kv, objects.namespace, now) }
}

testStore(t, 'KV with objects',
  ({ now }) => withObjects(createMemoryStore({ now }), createStateObjects(now).namespace, now), {
  atomicCreate: true,
  listed: 1_005,
})

testUsageStore(t, 'objects', clock => {
  const store = withObjects(createMemoryStore({ now: clock.now }), createStateObjects(clock.now).namespace, clock.now)
  const { usage } = store
  if (usage === undefined) throw new Error('no usage')
  // Only users with a record are listed.
  return { ...store, usage: { ...usage, async add (batch, options) {
    for (const { username } of batch) await store.set(`user:${username}`, '{}')
    return usage.add(batch, options)
  } } }
})

void t.test('what changes often is in the object, and records are in KV', async t => {
  const { kv, objects, store } = world()
  for (const key of ['user:alice', 'cred:alice:1', 'cred:alice:1:work', 'meta:alice', 'models:alice', 'spend:alice']) {
    await store.set(key, `of ${key}`)
    t.equal(await store.get(key), `of ${key}`)
  }
  const inKv: string[] = []
  for await (const key of kv.keys('')) inKv.push(key)
  t.same(inKv, ['user:alice'])
  t.same((await objects.namespace.getByName('alice').values()).length, 5)
  const listed: string[] = []
  for await (const key of store.keys('cred:alice:')) listed.push(key)
  t.same(listed.toSorted(), ['cred:alice:1', 'cred:alice:1:work'])
  await store.delete('cred:alice:1')
  t.equal(await store.get('cred:alice:1'), null)
  t.same([await store.create('spend:alice', 'x'), await store.create('spend:bob', 'x')], [false, true])
})

void t.test('a value of an earlier version is read in KV until there is a newer one, and deleted with it', async t => {
  const { kv, store } = world()
  await kv.set('meta:alice', 'old')
  t.equal(await store.get('meta:alice'), 'old')
  await store.set('meta:alice', 'new')
  t.equal(await store.get('meta:alice'), 'new')
  await store.delete('meta:alice')
  t.equal(await store.get('meta:alice'), null)
})

void t.test('one call gets all values of a user; the same one again asks again', async t => {
  const { objects, store, time } = world()
  await store.set('cred:alice:1', 'a')
  await store.set('models:alice', 'b')
  objects.calls.length = 0
  t.same(await Promise.all([store.get('cred:alice:1'), store.get('models:alice'), store.get('meta:alice')]), ['a', 'b',
    null])
  t.equal(objects.calls.length, 1)
  await store.get('cred:alice:1')
  t.equal(objects.calls.length, 2, 'another isolate may have written it')
  time.at += 6_000
  await store.get('models:alice')
  t.equal(objects.calls.length, 3)
})

void t.test('usage that an earlier version kept in KV is added, and ends with the user', async t => {
  const { kv, store, time } = world()
  const earlier = createUsageValues(kv)
  await kv.set('user:alice', '{}')
  const usage = store.usage as NonNullable<Store['usage']>
  await earlier.add([{ username: 'alice', rows: [usageRow('2026-03-20'), usageRow('2026-03-28')] }], written)
  await usage.add([{ username: 'alice', rows: [usageRow('2026-03-28')] }], written)
  const requests = async () =>
    (await usage.read('alice', '2026-03-01', '2026-04-30')).reduce((sum, row) => sum + row.requests, 0)
  t.equal(await requests(), 3)
  await earlier.add([{ username: 'alice', rows: [usageRow('2026-03-29')] }], written)
  time.at += 86_400_000
  t.equal(await requests(), 4, 'an isolate of the earlier version wrote late')
  const all: number[] = []
  for await (const { rows } of usage.all('2026-03-01', '2026-04-30')) {
    all.push(rows.reduce((sum, row) => sum + row.requests, 0))
  }
  t.same(all, [4])
  await usage.delete('alice')
  t.equal(await requests(), 0)
})

void t.test('an object that fails is a StoreError without a value in it', async t => {
  const store = withObjects(createMemoryStore(), { getByName: () => {
    throw Object.assign(new Error('secret value'), { overloaded: true })
  } })
  t.equal(await store.get('cred:alice:1'), null)
  await t.rejects(store.get('spend:alice'), { name: 'StoreError', message: /^Durable Object: .*overloaded$/ })
})
