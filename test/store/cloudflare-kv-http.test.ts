import { spawnSync } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { fetch as undiciFetch } from 'undici'
import { ceiling } from '../fixtures/ceiling.ts'
import { createKvBindingStore } from '../../src/store/cloudflare-kv-binding.ts'
import { createKvHttpStore, type KvHttpOptions } from '../../src/store/cloudflare-kv-http.ts'
import { withBreaker } from '../../src/store/breaker.ts'
import { all, createHandClock, rejection, testStore } from '../fixtures/store-contract.ts'
import { testUsageStore } from '../fixtures/usage-contract.ts'
import { startWorkerdKv, type KvFault } from '../fixtures/workerd-kv.ts'

const kv = await startWorkerdKv()
t.teardown(() => kv.close())
t.beforeEach(() => {
  kv.setFault(null)
  kv.calls.length = 0
})

/** Records pauses between tries without waiting. */
function open (options: Partial<KvHttpOptions> = {}) {
  const pauses: number[] = []
  const { apiToken, accountId, namespaceId, baseUrl } = kv
  const wait = async (ms: number): Promise<void> => {
    pauses.push(ms)
  }
  return { pauses, store: createKvHttpStore({ apiToken, accountId, namespaceId, baseUrl, wait, ...options }) }
}
const secret = 'cred:alice:acpc-0123:ghu_4567'
const noSecret = (t: Test, thrown: unknown): void => {
  const shown = `${String(thrown)} ${thrown instanceof Error ? thrown.stack : ''} ${JSON.stringify(thrown)} ${
    String((thrown as Error).cause)
  }`
  for (const word of ['alice', 'ghu_', kv.apiToken, 'http://']) t.notOk(shown.includes(word), `no ${word} in the error`)
}

testStore(t, 'kv-http', ({ now }) => open({ now, pageSize: 10 }).store, { atomicCreate: false, listed: 25 })
testUsageStore(t, 'kv-http', ({ now }) => open({ now, pageSize: 10 }).store)

void t.test(
  'createKvHttpStore() makes one call for get, set and delete, two for create, and one for each page of a list',
  async t => {
    const { store } = open({ pageSize: 10 })
    await store.set('count:a', '1')
    t.equal(kv.calls.length, 1)
    await store.get('count:a')
    t.equal(kv.calls.length, 2)
    await store.get('count:absent')
    t.equal(kv.calls.length, 3)
    await store.delete('count:a')
    t.equal(kv.calls.length, 4)
    await store.create('count:b', '1')
    t.equal(kv.calls.length, 6)
    for (let n = 0; n < 14; n++) await store.set(`count:${n}`, '1')
    kv.calls.length = 0
    t.equal((await all(store, 'count:')).length, 15)
    t.equal(kv.calls.length, 2)
  },
)

void t.test('createKvHttpStore() passes an expiry on to KV, at least a minute', async t => {
  const clock = createHandClock(1_000_000)
  const { store } = open({ now: clock.now })
  await store.set('ttl:short', 'x', 1_001_000)
  await store.set('ttl:long', 'x', 1_000_000 + 1_799_001)
  await store.set('ttl:none', 'x')
  t.same(kv.calls.map(call => (JSON.parse(call.body) as [{ expiration_ttl?: number }])[0].expiration_ttl), [60, 1_800,
    undefined])
})

void t.test("both KV drivers read each other's values and those of the original project", async t => {
  const clock = createHandClock()
  const http = open({ now: clock.now }).store
  const binding = createKvBindingStore(kv.binding, { now: clock.now })
  for (const [from, to] of [[http, binding], [binding, http]] as const) {
    for (const value of [secret, 'expires:1:x', 'line\nline']) {
      await from.set('shared:a', value)
      t.equal(await to.get('shared:a'), value)
    }
    await from.set('shared:a', 'token', clock.now() + 1_000)
    t.equal(await to.get('shared:a'), 'token')
    t.same(await all(to, 'shared:'), ['shared:a'])
    clock.advance(1_000)
    t.equal(await to.get('shared:a'), null)
    t.same(await all(to, 'shared:'), [])
  }
  await kv.binding.put(secret, 'tid=1;exp=2:3')
  t.equal(await http.get(secret), 'tid=1;exp=2:3')
  await kv.binding.put('user:alice', secret)
  t.equal(await http.get('user:alice'), secret)
})

void t.test('createKvHttpStore() tries a read three times and a write twice', async t => {
  for (const fault of [{ kind: 'status', status: 500 }, { kind: 'status', status: 503 }, { kind: 'reset' }, {
    kind: 'cut',
  }] satisfies KvFault[]) {
    const { store, pauses } = open()
    kv.setFault(null)
    await store.set('retry', 'value')
    kv.setFault(fault, 2)
    kv.calls.length = 0
    t.equal(await store.get('retry'), 'value', `read, ${fault.kind}`)
    t.equal(kv.calls.length, 3)
    t.ok(pauses.length === 2 && between(pauses[0], 100, 300) && between(pauses[1], 300, 900),
      'waits 200 and 600 ms ± 50 %')
    kv.setFault(fault, 1)
    await store.set('retry', 'other')
    kv.setFault(fault, 1)
    await store.delete('retry')
    t.equal(await store.get('retry'), null)
    kv.setFault(fault)
    kv.calls.length = 0
    noSecret(t, await rejection(store.get(secret)))
    t.equal(kv.calls.length, 3)
    t.match(await rejection(store.set('retry', 'value')), { name: 'StoreError' })
    t.equal(kv.calls.length, 5)
    t.match(await rejection(all(store, '')), { name: 'StoreError', retryAfterSeconds: undefined })
    t.equal(kv.calls.length, 8)
  }
})

void t.test('createKvHttpStore() aborts a hanging call after its timeouts, with or without headers', async t => {
  for (const kind of ['hang', 'hang-body'] as const) {
    const { store } = open({ timeoutMs: 150 })
    await store.get('loads the SDK')
    kv.setFault({ kind })
    kv.calls.length = 0
    const began = performance.now()
    const thrown = await rejection(store.get(secret))
    t.match(thrown, { name: 'StoreError', message: 'Cloudflare KV did not answer in time' })
    noSecret(t, thrown)
    t.ok(performance.now() - began < ceiling(1_000), kind)
    t.equal(kv.calls.length, 3)
    t.match(await rejection(store.set('k', 'v')), { name: 'StoreError' })
    kv.setFault({ kind }, 1)
    t.equal(await store.get('absent'), null, 'a second attempt succeeds')
  }
})

void t.test('createKvHttpStore() never repeats a 429, and passes on its retry time', async t => {
  const { store } = open()
  const inAMinute = new Date(Date.now() + 60_000).toUTCString()
  for (const [header, expected] of [['42', 42], ['0', 0], [undefined, 300], ['soon', 300], [inAMinute, 60]] as const) {
    kv.setFault({ kind: 'status', status: 429, code: 971,
      headers: header === undefined ? {} : { 'retry-after': header } })
    kv.calls.length = 0
    for (const call of [() => store.get('k'), () => store.set('k', 'v'), () => store.delete('k'), () =>
      all(store, 'k')]) {
      const { retryAfterSeconds } = await rejection(call()) as { retryAfterSeconds: number }
      t.ok(Math.abs(retryAfterSeconds - expected) <= 1, `${header}`)
    }
    t.equal(kv.calls.length, 4)
  }
})

void t.test('only "key not found" means a missing key', async t => {
  const { store } = open()
  for (const code of [7_003, 10_013, undefined]) {
    kv.setFault({ kind: 'status', status: 404, ...code !== undefined && { code } })
    t.match(await rejection(store.get('k')), { name: 'StoreError', message: /^Cloudflare KV answered 404/ })
    t.match(await rejection(store.delete('k')), { name: 'StoreError' })
  }
  kv.setFault({ kind: 'status', status: 404, code: 10_009 })
  t.equal(await store.get('k'), null)
  await store.delete('k')
  t.match(await rejection(store.set('k', 'v')), { name: 'StoreError' },
    'a write is no success if the key was not found')
  t.match(await rejection(all(store, 'k')), { name: 'StoreError' })
  kv.setFault(null)
  for (const wrong of [{ apiToken: 'wrong' }, { accountId: 'f'.repeat(32) }, { namespaceId: 'f'.repeat(32) }]) {
    kv.calls.length = 0
    const thrown = await rejection(open(wrong).store.get(secret))
    t.match(thrown, { name: 'StoreError', message: /^Cloudflare KV answered 40[14], code \d+$/ })
    noSecret(t, thrown)
    t.equal(kv.calls.length, 1, 'not repeated')
  }
})

void t.test('a reply counts as a success only if it reports success', async t => {
  const { store } = open()
  kv.setFault({ kind: 'not-json' })
  t.match(await rejection(store.set('k', 'v')), { message: 'Cloudflare KV gave an answer that makes no sense' })
  t.match(await rejection(all(store, 'k')), { message: 'Cloudflare KV gave an answer that makes no sense' })
  const replies = { html: '<html>', refused: '{"success":true,"result":{"unsuccessful_keys":["k"]}}',
    failed: '{"success":false}', list: '{"success":true,"result":[{}]}' }
  for (const [name, text] of Object.entries(replies)) {
    const { store } = open({
      fetch: async () =>
        new Response(text, { headers: { 'content-type': name === 'html' ? 'text/html' : 'application/json' } }),
    })
    if (name !== 'list') t.match(await rejection(store.set('k', 'v')), { name: 'StoreError' }, `set, ${name}`)
    t.match(await rejection(all(store, 'k')), { name: 'StoreError' }, `list, ${name}`)
  }
})

void t.test('an error for a closed port has the code but not the address', async t => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  const thrown = await rejection(open({ baseUrl: `http://127.0.0.1:${port}/client/v4` }).store.get(secret))
  t.match(thrown, { name: 'StoreError', message: 'Cloudflare KV could not be reached (ECONNREFUSED)' })
  noSecret(t, thrown)
})

void t.test('createKvHttpStore() works with the fetch of another undici, as behind a proxy', async t => {
  const { store } = open({ fetch: undiciFetch as unknown as typeof fetch })
  await store.set('undici', 'line\nline')
  t.equal(await store.get('undici'), 'line\nline')
  kv.setFault({ kind: 'status', status: 429, headers: { 'retry-after': '7' } })
  t.match(await rejection(store.get('undici')), { retryAfterSeconds: 7 })
})

void t.test('behind the breaker, an outage costs calls only until the breaker opens', async t => {
  const clock = createHandClock(0)
  const store = withBreaker(open({ timeoutMs: 100 }).store, { now: clock.now })
  await store.get('loads the SDK')
  kv.setFault({ kind: 'status', status: 503 })
  for (let n = 0; n < 5; n++) await rejection(store.get('k'))
  kv.calls.length = 0
  const began = performance.now()
  for (let n = 0; n < 100; n++) await rejection(store.get('k'))
  t.ok(performance.now() - began < ceiling(100))
  t.equal(kv.calls.length, 0)
  kv.setFault(null)
  clock.advance(10_000)
  t.equal(await store.get('k'), null)
})

void t.test('no driver loads the SDK or SQLite before it is opened', async t => {
  const files = ['breaker', 'cloudflare-kv-binding', 'cloudflare-kv-http', 'memory', 'sqlite'].map(name =>
    new URL(`../../src/store/${name}.ts`, import.meta.url).href
  )
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
    for (const file of ${JSON.stringify(files)}) await import(file)
    console.log(loaded.filter(url => !url.includes('/src/')).length)
    const { createKvHttpStore } = await import(${JSON.stringify(files[2])})
    createKvHttpStore({ apiToken: 'a', accountId: 'b', namespaceId: 'c', baseUrl: 'http://127.0.0.1' })
    await new Promise(resolve => setTimeout(resolve, 500))
    console.log(loaded.some(url => url.includes('/cloudflare/')))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  t.same(stdout.trim().split('\n'), ['0', 'true'], stderr)
})

function between (value: number | undefined, low: number, high: number): boolean {
  return value !== undefined && value >= low && value <= high
}
