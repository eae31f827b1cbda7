import t from 'tap'
import { createKvBindingStore, type KvNamespace } from '../../src/store/cloudflare-kv-binding.ts'
import { all, createHandClock, rejection, testStore } from '../fixtures/store-contract.ts'
import { testUsageStore } from '../fixtures/usage-contract.ts'
import { startWorkerdKv } from '../fixtures/workerd-kv.ts'

const kv = await startWorkerdKv()
t.teardown(() => kv.close())

testStore(t, 'kv-binding', ({ now }) => createKvBindingStore(kv.binding, { now, pageSize: 10 }), { atomicCreate: false,
  listed: 25 })
testUsageStore(t, 'kv-binding', ({ now }) => createKvBindingStore(kv.binding, { now, pageSize: 10 }))

void t.test('createKvBindingStore() reads a bare string of the original project unchanged', async t => {
  const store = createKvBindingStore(kv.binding)
  for (const value of ['cred:alice:acpc-0123:ghu_4567', 'tid=1;exp=2;sku=x:3', '{"v":1}']) {
    await kv.binding.put('user:alice', value)
    t.equal(await store.get('user:alice'), value)
  }
  await kv.binding.put('foreign:1', 'x', { metadata: { expiresAt: 'never' } })
  t.same(await all(store, 'foreign:'), ['foreign:1'])
})

void t.test('createKvBindingStore() writes a bare string without expiry, and passes an expiry on to KV', async t => {
  const clock = createHandClock()
  const store = createKvBindingStore(kv.binding, { now: clock.now })
  await store.set('bare', 'plain')
  t.equal(await kv.binding.get('bare'), 'plain')
  await store.set('ttl:short', 'x', clock.now() + 1_000)
  await store.set('ttl:long', 'x', clock.now() + 1_800_000)
  const { keys } = await kv.binding.list({ prefix: 'ttl:', limit: 10 }) as unknown as {
    keys: Array<{ name: string, expiration?: number }>,
  }
  const left = Object.fromEntries(keys.map(({ name, expiration = 0 }) => [name, expiration - Date.now() / 1_000]))
  t.ok(Math.abs((left['ttl:short'] ?? 0) - 60) < 5, 'at least a minute')
  t.ok(Math.abs((left['ttl:long'] ?? 0) - 1_800) < 5)
})

void t.test('createKvBindingStore() throws a StoreError with the status, and nothing else of the cause', async t => {
  const broken = async (): Promise<never> => {
    throw new Error('KV GET failed: 429 Too Many Requests for ghu_secret')
  }
  const store = createKvBindingStore({ get: broken, put: broken, delete: broken, list: broken } satisfies KvNamespace)
  const calls = { get: () => store.get('k'), put: () => store.set('k', 'v'), delete: () => store.delete('k'),
    list: () => all(store, '') }
  for (const [operation, call] of Object.entries(calls)) {
    t.match(await rejection(call()), { name: 'StoreError', message: `Cloudflare KV: ${operation} failed with 429`,
      cause: undefined })
  }
})
