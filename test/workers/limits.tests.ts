// Production limits that a local workerd does not enforce; test/workers/limits.ts and watched-kv.ts imitate them.
import t from 'tap'
import { writeRecord } from '../../src/auth/record.ts'
import { pepperId } from '../../src/auth/seal.ts'
import { sealContents } from '../../src/auth/sealed-record.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startWorkerd, testPepper } from '../fixtures/workerd.ts'
import { contentsOf, userRecord } from '../unit/helpers/records.ts'
import { boundPbkdf2 } from './limits.ts'
import { chat, chatPath, headers, password, saveUser, sleep } from './client.ts'

const emulator = await startEmulator()
t.teardown(() => emulator.close())
const pepper = new Uint8Array(Buffer.from(testPepper, 'base64'))
const exchange = '/copilot_internal/v2/token'
const start = (settings: Record<string, string | undefined> = {}, state: Parameters<typeof startWorkerd>[0] = {}) =>
  startWorkerd({
    settings: { ...emulator.env, HEARTBEAT_SECONDS: '0.2', REGISTRATIONS_PER_10_MINUTES: '0', ...settings },
    ...state,
  })
const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

void t.test('the imitated PBKDF2 limit is real: one more iteration throws', async t => {
  boundPbkdf2(crypto.subtle)
  const key = await crypto.subtle.importKey('raw', new Uint8Array(8), 'PBKDF2', false, ['deriveBits'])
  const derive = (iterations: number) =>
    crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(16), iterations }, key, 256)
  await t.resolves(derive(100_000))
  await t.rejects(derive(100_001), { name: 'NotSupportedError' })
})

for (const iterations of ['10000', '100000']) {
  void t.test(`with ${iterations} iterations, one write a second per key and 50 subrequests, all account actions work`,
    async t => {
      const workerd = await start({ KDF_ITERATIONS: iterations }, { state: { limits: true } })
      t.teardown(() => workerd.close())
      await saveUser(workerd.origin, emulator, `kdf-${iterations}`)
      t.equal((await chat(workerd.origin, `kdf-${iterations}`)).status, 200)
      const record = await workerd.kv.get(`user:kdf-${iterations}`) ?? ''
      t.match((await contentsOf(record, pepper, `kdf-${iterations}`)).password, { iterations: Number(iterations) })
      workerd.setState({ offsetMs: 5_000 })
      t.equal(
        (await post(`${workerd.origin}/users/password`, { username: `kdf-${iterations}`, password,
          new_password: 'acpc-0123456789' })).status,
        200,
      )
      t.equal((await chat(workerd.origin, `kdf-${iterations}`)).status, 401)
      t.equal((await chat(workerd.origin, `kdf-${iterations}`, {}, { authorization: 'Bearer acpc-0123456789' })).status,
        200)
    })
}

void t.test('more iterations than production allows are refused at the start, and in a record', async t => {
  const refused = await start({ KDF_ITERATIONS: '100001' })
  t.teardown(() => refused.close())
  t.match(await (await fetch(refused.origin)).text(), /KDF_ITERATIONS: a whole number from 10000 to 100000/)
  const workerd = await start({}, { state: { limits: true } })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'strong')
  const value = await workerd.kv.get('user:strong') ?? ''
  const contents = await contentsOf(value, pepper, 'strong')
  const forge = async (iterations: number) => {
    const record = await sealContents(userRecord(value, 'strong'), { ...contents,
      password: { ...contents.password, iterations } }, { id: await pepperId(pepper), secret: pepper })
    await workerd.kv.put('user:strong', writeRecord(record))
    workerd.setState({ offsetMs: (workerd.state().offsetMs ?? 0) + 3_600_000 })
    return await (await chat(workerd.origin, 'strong')).json() as { error?: { code: string } }
  }
  t.match(await forge(100_001), { error: { code: 'record_unreadable' } })
  t.equal((await forge(contents.password.iterations)).error, undefined, 'the same seal with its own count opens')
})

void t.test('a second write to a key within a second waits for its turn', async t => {
  const workerd = await start({}, { state: { limits: true } })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'hasty')
  const from = performance.now()
  t.equal(
    (await post(`${workerd.origin}/users/password`, { username: 'hasty', password, new_password: 'acpc-0123456789' }))
      .status,
    200,
  )
  t.ok(performance.now() - from < 3_000)
  t.equal((await chat(workerd.origin, 'hasty', {}, { authorization: 'Bearer acpc-0123456789' })).status, 200)
})

void t.test("a write that KV refuses, as after another isolate's, is 503 and leaves the user unchanged", async t => {
  const workerd = await start({}, { state: { limits: true } })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'hasty')
  workerd.setState({ writesLeft: 0 })
  const again = await post(`${workerd.origin}/users/password`, { username: 'hasty', password,
    new_password: 'acpc-0123456789' })
  t.match({ status: again.status, retry: Number(again.headers.get('retry-after')) > 0, json: await again.json() }, {
    status: 503,
    retry: true,
    json: { status: 'store-unavailable' },
  })
  t.equal((await chat(workerd.origin, 'hasty')).status, 200, 'the old password still works')
})

void t.test('when reads are a minute old, a new, changed or deleted user is recognised at once', async t => {
  const workerd = await start({}, { state: { limits: true, staleMs: 60_000 } })
  t.teardown(() => workerd.close())
  const { origin } = workerd
  let offsetMs = 0
  const advance = (ms: number) => {
    workerd.setState({ offsetMs: offsetMs += ms })
  }
  t.equal((await chat(origin, 'stale')).status, 401, 'no such user, and KV remembers that for a minute')
  await saveUser(origin, emulator, 'stale')
  t.equal((await chat(origin, 'stale')).status, 200)
  advance(2_000)
  t.equal(
    (await post(`${origin}/users/password`, { username: 'stale', password, new_password: 'acpc-0123456789' })).status,
    200,
  )
  const renewed = { authorization: 'Bearer acpc-0123456789' }
  for (const ms of [0, 20_000, 50_000, 100_000]) {
    advance(ms)
    t.equal((await chat(origin, 'stale', {}, renewed)).status, 200, `the new password after ${ms} ms more`)
    t.equal((await chat(origin, 'stale')).status, 401, 'the old password')
  }
  t.equal((await post(`${origin}/users/delete`, { username: 'stale', password: 'acpc-0123456789' })).status, 200)
  for (const ms of [0, 30_000, 70_000, 120_000]) {
    advance(ms)
    t.equal((await chat(origin, 'stale', {}, renewed)).status, 401, `deleted, after ${ms} ms more`)
  }
})

void t.test('a deletion elsewhere takes effect here within 150 s, stale reads included', async t => {
  const workerd = await start({}, { state: { limits: true, staleMs: 60_000 } })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'elsewhere')
  let offsetMs = 100_000
  workerd.setState({ offsetMs })
  t.equal((await chat(workerd.origin, 'elsewhere')).status, 200)
  await workerd.kv.delete('user:elsewhere')
  let refusedAfter = 0
  for (const deletedAt = offsetMs; (await chat(workerd.origin, 'elsewhere')).status === 200 && refusedAfter < 300_000;
    refusedAfter = offsetMs - deletedAt) workerd.setState({ offsetMs: offsetMs += 5_000 })
  t.ok(refusedAfter <= 150_000, `${refusedAfter / 1_000} s`)
})

void t.test("when the free plan's 1,000 writes of a day are used up, known users are served and new users get 503",
  async t => {
    const workerd = await start({}, { state: { limits: true, writesLeft: 20 } })
    t.teardown(() => workerd.close())
    await saveUser(workerd.origin, emulator, 'early')
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) {
      statuses.push(
        (await post(`${workerd.origin}/`, { username: `spend-${n}`, password, token: emulator.addSeat().githubToken }))
          .status,
      )
    }
    const saved = statuses.filter(status => status === 201).length
    t.ok(saved >= 5 && saved <= 9, `${saved} were saved`)
    t.same(statuses.slice(saved), Array<number>(12 - saved).fill(503), 'and no further user')
    workerd.setState({ offsetMs: 1_700_000 })
    emulator.expireTokens()
    const before = emulator.requests.filter(({ path }) => path === exchange).length
    for (let n = 0; n < 5; n++) t.equal((await chat(workerd.origin, 'early')).status, 200)
    t.equal(emulator.requests.filter(({ path }) => path === exchange).length, before + 1,
      'one exchange, though the store could not keep its token')
  })

void t.test('two reads of upstream too far apart for the runtime: pings, then an error in the stream, and no success',
  async t => {
    // 120 s in production; the scale does not matter to the watching code.
    const workerd = await start({}, { state: { limits: true, readGapMs: 1_200 } })
    t.teardown(() => workerd.close())
    await saveUser(workerd.origin, emulator, 'patient')
    emulator.fault({ path: chatPath }, { kind: 'stall-after', events: 2, ms: 900 })
    const resumed = await (await chat(workerd.origin, 'patient', { stream: true })).text()
    t.ok(resumed.split('\n').filter(line => line.startsWith(':')).length >= 3, 'pings during the silence')
    t.match(resumed, /data: \[DONE\]/)
    emulator.fault({ path: chatPath }, { kind: 'stall-after', events: 2, ms: 30_000 })
    const cut = await (await chat(workerd.origin, 'patient', { stream: true })).text()
    t.ok(cut.split('\n').filter(line => line.startsWith(':')).length >= 4)
    t.match(cut, /"code":"upstream_error"/)
    t.notMatch(cut, /\[DONE\]|"finish_reason":"stop"/)
    emulator.fault({ path: chatPath }, { kind: 'stall-after', events: 0, ms: 30_000 })
    const whole = await chat(workerd.origin, 'patient')
    t.equal(whole.status, 502)
  })

void t.test('an upstream that falls silent in a whole answer is 504 after our limit; the runtime has none', async t => {
  const workerd = await start({ UPSTREAM_IDLE_SECONDS: '0.3', UPSTREAM_FIRST_BYTE_SECONDS: '1' })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'idle')
  emulator.fault({ path: chatPath }, { kind: 'hang' })
  t.equal((await chat(workerd.origin, 'idle')).status, 504, 'no headers')
  emulator.fault({ path: chatPath }, { kind: 'stall-after', events: 0, ms: 30_000 })
  const streamed = await (await chat(workerd.origin, 'idle', { stream: true })).text()
  t.match(streamed, /"code":"upstream_timeout"/)
  emulator.fault({ path: chatPath }, { kind: 'stall-after', events: 0, ms: 30_000 })
  const whole = await chat(workerd.origin, 'idle')
  t.match({ status: whole.status, json: await whole.json() }, { status: 504,
    json: { error: { code: 'upstream_timeout' } } })
  await sleep(50)
  t.ok(emulator.requests.filter(({ path }) => path === chatPath).slice(-3).every(({ aborted }) => aborted),
    'and the connection is closed')
})

void t.test('one request uses few of its 50 subrequests, even after a refused token', async t => {
  const workerd = await start({}, { state: { limits: true } })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'frugal')
  emulator.expireTokens()
  const before = emulator.requests.length
  t.equal((await chat(workerd.origin, 'frugal', {}, headers)).status, 200)
  const made = emulator.requests.length - before
  t.ok(made <= 6, `${made}: the call, the exchange, the call again, and the list of models likewise`)
})
