// How often the Worker calls KV: the use of the free plan's 100,000 reads, 1,000 writes and 1,000 lists a day.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { chat, headers, msUntil, saveUser } from './client.ts'

const emulator = await startEmulator()
const settings = emulator.env
// The Worker's hours lie within one day (UTC), whenever this runs: at midnight usage begins another value.
const dayMs = 86_400_000
const workerd = await startWorkerd({ settings, state: { offsetMs: dayMs - Date.now() % dayMs + 3_600_000 } })
t.teardown(async () => {
  await workerd.close()
  await emulator.close()
})
const count = (operation: string) => workerd.calls.filter(call => call.operation === operation).length
const counts = () => ({ get: count('get'), put: count('put'), delete: count('delete'), list: count('list') })
const advance = (ms: number) => {
  workerd.setState({ offsetMs: workerd.state().offsetMs + ms })
}

void t.test('a registration costs two reads and three writes: record, sealed Copilot token and day', async t => {
  await saveUser(workerd.origin, emulator, 'alice')
  await msUntil(() => count('put') === 3)
  t.same(counts(), { get: 2, put: 3, delete: 0, list: 0 })
  t.same(workerd.calls.filter(({ operation }) => operation === 'put').map(({ key }) => key.split(':')[0]).sort(), [
    'cred',
    'meta',
    'user',
  ])
})

void t.test('a warm request costs nothing, a user one read a minute, and usage two and a write an hour', async t => {
  advance(91_000) // The isolate trusts its own write until then.
  await (await chat(workerd.origin, 'alice')).text()
  await msUntil(() => workerd.calls.some(({ operation, key }) => operation === 'put' && key === 'models:alice'))
  workerd.calls.length = 0
  for (let n = 0; n < 20; n++) await (await chat(workerd.origin, 'alice', { stream: n % 2 === 0 })).text()
  await (await fetch(`${workerd.origin}/alice/v1/models`, { headers })).text()
  t.same(counts(), { get: 0, put: 0, delete: 0, list: 0 }, 'within the minute')
  for (let minute = 1; minute <= 5; minute++) {
    advance(61_000)
    for (let n = 0; n < 5; n++) await (await chat(workerd.origin, 'alice')).text()
    await msUntil(() => count('put') > 0)
    t.same(counts(), { get: minute + 2, put: 1, delete: 0, list: 0 }, `minute ${minute}`)
  }
  t.same(workerd.calls.filter(({ operation }) => operation === 'put').map(({ key }) => key.split(':')[0]), ['usage'])
})

void t.test('a cold request costs three reads, in a new isolate or after a long absence of the user', async t => {
  const sealed = await workerd.kv.get('user:alice')
  const cached = (await workerd.kv.list({ prefix: 'cred:alice:', limit: 10 })).keys[0]?.name ?? ''
  const cold = await startWorkerd({ settings, state: { offsetMs: workerd.state().offsetMs } })
  t.teardown(() => cold.close())
  await cold.kv.put('user:alice', sealed ?? '')
  const exchanges = emulator.requests.filter(({ path }) => path === '/copilot_internal/v2/token').length
  for (const key of [cached, 'models:alice']) await cold.kv.put(key, await workerd.kv.get(key) ?? '')
  t.equal((await chat(cold.origin, 'alice')).status, 200)
  t.same(cold.calls.map(({ operation, key }) => `${operation} ${key}`).sort(), [`get ${cached}`, 'get models:alice',
    'get user:alice'], 'Copilot sends the list that the store already has, so nothing is written')
  t.equal(emulator.requests.filter(({ path }) => path === '/copilot_internal/v2/token').length, exchanges,
    'the sealed token is used, and GitHub gets no call')
})

void t.test('unknown users cost at most one read each, pages none, and no request ever a list', async t => {
  workerd.calls.length = 0
  for (const path of ['/', '/chat', '/?status=saved&username=alice', '/favicon.svg', '/manifest.webmanifest',
    '/healthz', '/nope', '/alice/v1/nope']) await (await fetch(workerd.origin + path)).text()
  await fetch(`${workerd.origin}/alice/v1/chat/completions`, { method: 'OPTIONS' })
  await fetch(`${workerd.origin}/alice`, { method: 'HEAD' })
  await (await fetch(`${workerd.origin}/alice/v1/models`)).text()
  await (await fetch(`${workerd.origin}/alice/v1/models`, { headers: { authorization: 'Bearer nonsense' } })).text()
  t.same(counts(), { get: 0, put: 0, delete: 0, list: 0 }, 'pages, probes, and requests without a well-formed password')
  for (let n = 0; n < 3; n++) t.equal((await fetch(`${workerd.origin}/nobody/v1/models`, { headers })).status, 401)
  t.same(counts(), { get: 1, put: 0, delete: 0, list: 0 }, 'the gateway remembers the same wrong pair')
  for (let n = 0; n < 3; n++) await (await fetch(`${workerd.origin}/readyz`)).text()
  t.same(counts(), { get: 2, put: 0, delete: 0, list: 0 }, 'the probe of the store, at most every 30 s')
})

void t.test('a busy user costs a read a minute, and a write a day, an hour and for each Copilot token', async t => {
  const hours = 3
  workerd.calls.length = 0
  const exchanged = () => emulator.requests.filter(({ path }) => path === '/copilot_internal/v2/token').length
  const before = exchanged()
  for (let minute = 0; minute < hours * 60; minute++) {
    advance(60_500)
    if (minute % 20 === 0) emulator.expireTokens()
    t.equal((await chat(workerd.origin, 'alice')).status, 200)
  }
  const renewals = exchanged() - before
  await msUntil(() => count('put') >= renewals)
  const usage = hours + 1
  t.ok(count('get') <= hours * 60 + 2 + 2 * usage, `${count('get')} reads`)
  t.ok(count('put') <= renewals + 2 + usage, `${count('put')} writes, ${renewals} tokens`)
  t.equal(count('list'), 0)
  t.comment(`${hours} hours: ${JSON.stringify(counts())}, ${renewals} exchanges`)
})
