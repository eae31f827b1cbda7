// F26 to F30: wrong clocks, and stores that do not answer, answer late, or show old values. kill -9, a full disk and a
// read-only file are in test/store/sqlite.test.ts. F35 (Valkey) is in test/valkey/gateway.tests.ts. F36 (Workers) is in
// isolate.tests.ts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { ceiling } from '../fixtures/ceiling.ts'
import { readConfig } from '../../src/config.ts'
import type { Clock } from '../../src/contract.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { StoreError, type Store } from '../../src/store/store.ts'
import { systemClock } from '../../src/system-clock.ts'
import { call } from '../fixtures/http.ts'
import { createMovableClock, type User } from '../fixtures/targets.ts'
import { startWorkerdKv, type KvFault } from '../fixtures/workerd-kv.ts'
import { ask, assertServed } from './frame.ts'

t.setTimeout(120_000)

async function start (
  t: Test,
  settings: Record<string, string>,
  { clock, store }: { clock?: Clock, store?: Store } = {},
) {
  const emulator = await startEmulator(clock === undefined ? {} : { now: Date.now })
  const config = readConfig({ PORT: '0', STORE: 'memory', LOG_LEVEL: 'silent', REGISTRATIONS_PER_10_MINUTES: '0',
    AUTH_FAILURES_PER_MINUTE: '0', USER_REQUESTS_PER_MINUTE: '0', ...emulator.env, ...settings })
  const server = await startServer(config, { ...clock !== undefined && { clock }, ...store !== undefined && { store } })
  t.teardown(async () => {
    await server.close()
    await emulator.close()
  })
  const origin = server.origin.replace('localhost', '127.0.0.1')
  const save = (username: string, seat = emulator.addSeat()) =>
    call(`${origin}/`, { json: { username, password: 'acpc-0123456789', token: seat.githubToken } })
  return {
    origin,
    emulator,
    save,
    async addUser (username: string): Promise<User> {
      const seat = emulator.addSeat()
      const { status, text } = await save(username, seat)
      if (status !== 201) throw new Error(text)
      return { username, password: 'acpc-0123456789', seat, base: `${origin}/${username}/v1` }
    },
  }
}

void t.test('F26 a wall clock that is wrong by minutes or days, or steps: no additional exchange, and no failed answer',
  async t => {
    let off = 0
    const clock: Clock = { ...systemClock, now: () => Date.now() + off }
    const { addUser } = await start(t, {}, { clock })
    const canary = await addUser('canary')
    const [first, hour] = [600_000, 86_400_000]
    for (const [at, skew] of [0, first, -first, hour, -hour].entries()) {
      off = skew
      const user = await addUser(`user-${at}`)
      for (const step of [0, first, -first, hour, -hour]) {
        off = skew + step
        t.equal((await ask(user)).status, 200)
      }
      t.equal(user.seat.exchanges, 1, `${skew} ms off`)
      await assertServed(t, canary)
    }
  })

void t.test(
  'F27 KV by REST fails in every way: warm users are served, cold ones get 503 soon, a missing key is an unknown user',
  async t => {
    const kv = await startWorkerdKv()
    t.teardown(() => kv.close())
    const clock = createMovableClock()
    const { addUser, origin } = await start(t, { STORE: 'cloudflare-kv', CF_API_TOKEN: kv.apiToken,
      CF_ACCOUNT_ID: kv.accountId, CF_KV_NAMESPACE_ID: kv.namespaceId, CF_API_BASE_URL: kv.baseUrl }, {
      clock: { ...systemClock, monotonic: clock.monotonic },
    })
    const [user, canary] = [await addUser('warm'), await addUser('canary')]
    t.equal((await ask(user)).status, 200)
    const cold = (name: string) => call(`${origin}/${name}/v1/models`, { headers: { 'x-api-key': 'acpc-0123456789' } })
    // A 200 with other bytes than the written ones looks like a damaged record: also 503, and never 401.
    const faults: KvFault[] = [{ kind: 'status', status: 429, code: 10_429, headers: { 'retry-after': '30' } }, {
      kind: 'status',
      status: 500,
    }, { kind: 'reset' }, { kind: 'cut' }, { kind: 'status', status: 404 }]
    for (const [at, fault] of faults.entries()) {
      clock.advance(310_000)
      t.equal((await ask(user)).status, 200, 'the store answers again')
      await assertServed(t, canary)
      kv.setFault(fault)
      clock.advance(61_000)
      t.equal((await ask(user)).status, 200, `warm: ${JSON.stringify(fault)}`)
      const from = performance.now()
      const got = await cold(`cold-${at}`)
      t.match(got, { status: 503, json: { error: { code: 'store_unavailable' } } })
      t.ok(Number(got.headers.get('retry-after')) >= 1)
      t.ok(performance.now() - from < ceiling(10_000))
      for (let n = 0; n < 3; n++) await cold(`cold-${at}-${n}`)
      const open = performance.now()
      t.equal((await cold(`cold-${at}-x`)).status, 503)
      t.ok(performance.now() - open < ceiling(1_500),
        `${Math.round(performance.now() - open)} ms with the breaker open or nearly`)
      await assertServed(t, canary)
      kv.setFault(null)
    }
    clock.advance(310_000)
    t.equal((await cold('nobody-at-all')).status, 401, 'an absent key')
    t.equal((await ask(user)).status, 200)
    await assertServed(t, canary)
  },
)

void t.test('F28 a store with old values for a minute: a deletion or new password works at once here', async t => {
  const memory = createMemoryStore()
  const old = new Map<string, string | null>()
  const store: Store = { ...memory, get: async key => old.has(key) ? old.get(key) ?? null : memory.get(key) }
  const { addUser, origin } = await start(t, {}, { store })
  const canary = await addUser('canary')
  for (const [username, path, more] of [['gone', '/users/delete', {}], ['moved', '/users/password', {
    new_password: 'acpc-abcdefghij',
  }]] as const) {
    const user = await addUser(username)
    t.equal((await ask(user)).status, 200)
    for await (const key of memory.keys('user:')) old.set(key, await memory.get(key))
    t.equal((await call(`${origin}${path}`, { json: { username, password: user.password, ...more } })).status, 200)
    t.equal((await ask(user)).status, 401, username)
    await assertServed(t, canary)
    old.clear()
    t.equal((await ask(user)).status, 401)
  }
})

void t.test(
  'F29 SQLite locked or full: warm users are served, writes get 503; damaged or impossible: one line, and no start',
  async t => {
    const dir = mkdtempSync(join(tmpdir(), 'copilot-proxy-faults-'))
    t.teardown(() => {
      rmSync(dir, { recursive: true, force: true })
    })
    const { addUser, save } = await start(t, { STORE: 'sqlite', DATA_DIR: dir })
    const [user, canary] = [await addUser('warm'), await addUser('canary')]
    const other = new DatabaseSync(join(dir, 'copilot-proxy.sqlite'))
    other.exec('BEGIN IMMEDIATE')
    t.equal((await ask(user)).status, 200)
    t.match(await save('late'), { status: 503, json: { status: 'store-unavailable' } })
    other.exec('ROLLBACK')
    other.close()
    t.equal((await save('late')).status, 201)
    await assertServed(t, canary)

    const memory = createMemoryStore()
    let isFull = false
    const refuse = <T>(work: () => Promise<T>): Promise<T> =>
      isFull ? Promise.reject(new StoreError('SQLite: the disk is full')) : work()
    const full = await start(t, {}, {
      store: { ...memory, set: (key, value, at) => refuse(() => memory.set(key, value, at)), create: (key, value) =>
        refuse(() => memory.create(key, value)) },
    })
    const [known, neighbour] = [await full.addUser('known'), await full.addUser('canary')]
    isFull = true
    t.match(await full.save('new'), { status: 503 })
    t.equal((await ask(known)).status, 200)
    await assertServed(t, neighbour)

    const damaged = join(dir, 'damaged')
    mkdirSync(damaged)
    writeFileSync(join(damaged, 'copilot-proxy.sqlite'), 'this is no database, whatever its name says'.repeat(200))
    writeFileSync(join(dir, 'file'), 'x')
    for (const place of [damaged, join(dir, 'file', 'below')]) {
      const thrown: unknown = await startServer(
        readConfig({ PORT: '0', STORE: 'sqlite', DATA_DIR: place, LOG_LEVEL: 'silent' }),
      ).then(() => null, (error: unknown) => error)
      t.match(thrown, Error)
      t.equal((thrown as Error).message.trim().split('\n').length, 1)
    }
  },
)
