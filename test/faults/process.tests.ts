// F30, F31 and other ends of a process: signals, with streams and without; uncaught bugs; memory.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { isOld, isSeed, readRecord } from '../../src/auth/record.ts'
import { keys } from '../../src/store/keys.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { kvEnv } from '../cli/world.ts'
import { startWorkerdKv } from '../fixtures/workerd-kv.ts'
import { oldRecord } from '../unit/helpers/records.ts'
import { ceiling } from '../fixtures/ceiling.ts'
import { createMemoryGuard } from '../../src/node/memory-guard.ts'
import { call, until } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { addUser, launch, newDir } from './child.ts'
import { ask, authLine, ends, assertServed, lines, paths, raw, request, type Wanted } from './frame.ts'

t.setTimeout(120_000)
t.jobs = 2
const stream = (origin: string, user: User, dialect: Wanted) => raw(origin, request(user, dialect, { stream: true }))

void t.test('F30 kill -9 during registrations: the next process serves every user whose registration was confirmed', {
  buffered: true,
}, async t => {
  const env = { STORE: 'sqlite', DATA_DIR: newDir(t), REGISTRATIONS_PER_10_MINUTES: '0', KDF_ITERATIONS: '10000',
    SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64') }
  const { child, exit, origin: wait, emulator } = await launch(t, env)
  const origin = await wait()
  const saved: User[] = []
  const saving = Array.from({ length: 60 },
    (_, n) => addUser(origin, emulator, `user-${n}`).then(user => saved.push(user), () => {}))
  await until(() => saved.length >= 15, 'some are saved')
  child.kill('SIGKILL')
  t.equal(await exit, null)
  await Promise.all(saving)
  t.ok(saved.length < 60, `${saved.length} of 60 were saved`)

  const next = await (await launch(t, { ...env, ...emulator.env })).origin()
  for (const user of saved) t.equal((await ask({ ...user, base: `${next}/${user.username}/v1` })).status, 200)
  await assertServed(t, await addUser(next, emulator, 'canary'))
})

/** A store that outlives the process, and a way into it. */
const lasting = {
  sqlite: async (t: Test) => {
    const dir = newDir(t)
    const store = () => openSqliteStore({ file: join(dir, 'copilot-proxy.sqlite') })
    const within = async <T>(work: (store: Store) => Promise<T>) => {
      const own = store()
      return work(own).finally(() => own.close())
    }
    return { env: { STORE: 'sqlite', DATA_DIR: dir }, get: (key: string) => within(own => own.get(key)),
      set: (key: string, value: string) => within(own => own.set(key, value)) }
  },
  'cloudflare-kv': async (t: Test) => {
    const kv = await startWorkerdKv()
    t.teardown(() => kv.close())
    return { env: { STORE: 'cloudflare-kv', ...kvEnv(kv) }, get: (key: string) => kv.binding.get(key),
      set: (key: string, value: string) => kv.binding.put(key, value) }
  },
} as const

for (const kind of ['sqlite', 'cloudflare-kv'] as const) {
  void t.test(`kill -9 in three rounds while records of version 1 become version 2, ${kind}: nothing is lost`, {
    buffered: true,
  }, async t => {
    const store = await lasting[kind](t)
    const pepper = Buffer.alloc(32, 7)
    const env = { ...store.env, REGISTRATIONS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0',
      KDF_ITERATIONS: '10000', SECRET_PEPPER: pepper.toString('base64') }
    let life = await launch(t, env)
    const { emulator } = life
    let origin = await life.origin()
    const users = await Promise.all(Array.from({ length: 24 }, async (_, n): Promise<User> => {
      if (n % 2 === 0) return addUser(origin, emulator, `user-${n}`)
      const [username, password, seat] = [`user-${n}`, `acpc-${String(n).padStart(2, '0')}12345678`, emulator.addSeat()]
      await store.set(keys.user(username), await oldRecord({ username, password, pepper, token: seat.githubToken }))
      return { username, password, seat, base: '' }
    }))
    const isOldNow = async ({ username }: User) => {
      const record = readRecord(await store.get(keys.user(username)) ?? '', username)
      return !isSeed(record) && isOld(record)
    }
    const made: Array<{ readonly user: User, readonly key: string }> = []
    const keysOf = ({ username }: User) => `${origin}/${username}/v1/keys`
    const bearer = (password: string) => ({ authorization: `Bearer ${password}` })

    for (let round = 1; round <= 3; round++) {
      const wanted = made.length + 4
      const calls = users.filter((_, n) => n < 18 && n % 3 === round - 1).map(async user => {
        const reply = await call(keysOf(user), { headers: bearer(user.password), json: { name: `round ${round}` } })
          .catch(
            () => null, // The process ended first.
          )
        if (reply?.status === 201) made.push({ user, key: reply.json.key })
      })
      await until(() => made.length >= wanted, 'some keys are made')
      life.child.kill('SIGKILL')
      await life.exit
      await Promise.all(calls)
      life = await launch(t, { ...env, ...emulator.env })
      origin = await life.origin()
    }
    t.ok((await Promise.all(users.map(isOldNow))).includes(true), 'some records are still of version 1')
    for (const user of users) {
      const listed = await call(keysOf(user), { headers: bearer(user.password) })
      t.equal(listed.status, 200, user.username)
      const ids = made.filter(each => each.user === user).map(({ key }) => key.split('-')[1])
      t.ok(ids.every(id => listed.json.data.some((each: { id: string }) => each.id === id)), `${ids.length} keys`)
    }
    for (const { user, key } of made) {
      t.equal((await ask({ ...user, password: key, base: `${origin}/${user.username}/v1` })).status, 200)
    }
    t.notOk((await Promise.all(users.map(isOldNow))).includes(true), 'each sign-in wrote version 2')
  })
}

void t.test('kill -9 loses at most the last ten seconds of usage', { buffered: true }, async t => {
  const dir = newDir(t)
  const env = { STORE: 'sqlite', DATA_DIR: dir }
  const { child, exit, origin: wait, emulator } = await launch(t, env)
  const origin = await wait()
  const user = await addUser(origin, emulator)
  for (let nth = 0; nth < 20; nth++) await ask(user)
  const written = () => {
    const db = new DatabaseSync(join(dir, 'copilot-proxy.sqlite'), { readOnly: true })
    try {
      return Number(db.prepare('SELECT sum(requests) AS sum FROM usage').get()?.['sum'])
    } finally {
      db.close()
    }
  }
  await until(() => written() === 20, 'the counts of the calls are in the file', ceiling(10_000))
  await ask(user)
  child.kill('SIGKILL')
  await exit

  const next = await (await launch(t, { ...env, ...emulator.env })).origin()
  const { json } = await call(`${next}/${user.username}/v1/usage/history`, { headers: {
    authorization: `Bearer ${user.password}`,
  } })
  t.ok(json.data[0].requests >= 20, `${json.data[0].requests} of 21`)
})

void t.test('F31 SIGTERM and SIGINT when idle: exit 0 within 2 s', { buffered: true }, async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, exit, origin, emulator } = await launch(t)
    await addUser(await origin(), emulator)
    const from = performance.now()
    child.kill(signal)
    t.equal(await exit, 0)
    t.ok(performance.now() - from < ceiling(2_000))
  }
})

void t.test('F31 SIGTERM with streams: not ready, new requests get 503 draining, the streams end well, exit 0', {
  buffered: true,
}, async t => {
  const { child, exit, origin: wait, emulator } = await launch(t)
  const origin = await wait()
  const user = await addUser(origin, emulator)
  await ask(user)
  emulator.chunkDelayMs = 250
  const streams = (Object.keys(paths) as Wanted[]).map(dialect => ({ dialect, client: stream(origin, user, dialect) }))
  await until(() => streams.every(({ client }) => client.text().includes('data: ')), 'all have begun')
  const early = raw(origin, '')
  await new Promise(resolve => early.socket.once('connect', resolve))
  child.kill('SIGTERM')
  while ((await call(`${origin}/readyz`)).status !== 503) await new Promise(resolve => setTimeout(resolve, 5))
  // If a balancer sent a request before it learned of the shutdown, that request is served.
  early.socket.write(lines('GET', `/${user.username}/v1/models`, ['Host: 127.0.0.1', authLine(user)]))
  await early.closed
  t.match(early.text(), /^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*"data":\[\{/i)
  await new Promise(resolve => setTimeout(resolve, 400))
  const ready = await call(`${origin}/readyz`)
  t.match(ready, { status: 503, json: { status: 'draining' } })
  t.equal(ready.headers.get('connection'), 'close')
  t.match(await call(`${origin}/healthz`), { status: 200, json: { status: 'draining' } }, 'for a balancer; it lives')
  const refused = await ask(user)
  t.match(refused, { status: 503, json: { error: { code: 'draining' } } })
  t.equal(refused.headers.get('retry-after'), '1')
  t.equal(await exit, 0)
  for (const { dialect, client } of streams) t.match(client.text(), ends[dialect].good, dialect)
})

void t.test('F31 a stream that outlasts SHUTDOWN_SECONDS ends with an error in its dialect', { buffered: true },
  async t => {
    const { child, exit, origin: wait, emulator } = await launch(t, { SHUTDOWN_SECONDS: '0.5' })
    const origin = await wait()
    const user = await addUser(origin, emulator)
    for (const dialect of Object.keys(paths) as Wanted[]) {
      emulator.fault({ path: paths[dialect] }, { kind: 'stall-after', events: 3, ms: 60_000 })
    }
    const streams = (Object.keys(paths) as Wanted[]).map(dialect => ({ dialect,
      client: stream(origin, user, dialect) })
    )
    await until(() => streams.every(({ client }) => client.text().includes('data: ')), 'all have begun')
    const from = performance.now()
    child.kill('SIGTERM')
    t.equal(await exit, 0)
    t.ok(performance.now() - from < ceiling(4_000))
    for (const { dialect, client } of streams) {
      t.match(client.text(), ends[dialect].bad, dialect)
      t.match(client.text(), /about to end/)
      t.notMatch(client.text(), ends[dialect].good)
    }
    t.ok(emulator.requests.every(({ closedAt }) => closedAt !== undefined))
  })

void t.test('F31 a second signal ends the process within 2 s, despite running streams', { buffered: true }, async t => {
  const { child, exit, origin: wait, emulator } = await launch(t)
  const origin = await wait()
  const user = await addUser(origin, emulator)
  emulator.fault({ path: paths.chat }, { kind: 'stall-after', events: 2, ms: 60_000 })
  const client = stream(origin, user, 'chat')
  await until(() => client.text().includes('data: '), 'it has begun')
  child.kill('SIGTERM')
  await new Promise(resolve => setTimeout(resolve, 300))
  t.equal(child.exitCode, null, 'it waits for the stream')
  const from = performance.now()
  child.kill('SIGTERM')
  t.equal(await exit, 1)
  t.ok(performance.now() - from < ceiling(2_300))
})

void t.test('F31 a signal during the start ends the process too', { buffered: true }, async t => {
  for (const waitMs of [50, 250, 400]) {
    const { child, exit } = await launch(t)
    await new Promise(resolve => setTimeout(resolve, waitMs))
    const from = performance.now()
    child.kill('SIGTERM')
    await exit
    t.ok(performance.now() - from < ceiling(4_000), `${waitMs} ms after its start`)
  }
})

void t.test('an uncaught bug: logged without a secret, not ready, streams end well, exit 1', {
  buffered: true,
}, async t => {
  for (const how of ["Promise.reject(new Error('boom ghu_0123456789abcdefABCDEF'))",
    "queueMicrotask(() => { throw new Error('boom ghu_0123456789abcdefABCDEF') })"]) {
    const { exit, origin: wait, emulator, child, output } = await launch(t, {}, ['--import',
      `data:text/javascript,process.on('SIGUSR2', () => { ${encodeURIComponent(how)} })`])
    const origin = await wait()
    const user = await addUser(origin, emulator)
    await ask(user)
    emulator.chunkDelayMs = 60
    const client = stream(origin, user, 'chat')
    await until(() => client.text().includes('data: '), 'it has begun')
    child.kill('SIGUSR2')
    t.equal(await exit, 1)
    t.match(client.text(), ends.chat.good)
    t.match(output(), /"event":"crash"[^\n]*boom/)
    t.notMatch(output(), /ghu_0123456789/)
  }
})

void t.test('createMemoryGuard() reports pressure above 80 % of the limit, and one exit above 95 %', async t => {
  let used = 70
  let ended = 0
  const guard = createMemoryGuard({ limit: 100, rss: () => used, checkMs: 5, onExhausted: () => {
    ended++
  } })
  const settle = () => new Promise(resolve => setTimeout(resolve, 40))
  await settle()
  t.same([guard.isTight(), ended], [false, 0])
  used = 85
  await settle()
  t.same([guard.isTight(), ended], [true, 0])
  used = 99
  await settle()
  t.same([guard.isTight(), ended], [true, 1])
  used = 10
  await settle()
  t.equal(guard.isTight(), false)
  guard.stop()
  const none = createMemoryGuard({ limit: null, onExhausted: () => {
    ended++
  } })
  t.equal(none.isTight(), false)
})

void t.test('createMemoryGuard() collects garbage first; memory is tight only if that does not help', async t => {
  let [used, garbage, collections] = [85, 60, 0]
  const guard = createMemoryGuard({ limit: 100, rss: () => used, checkMs: 2, onExhausted: () => {}, find: () => () => {
    collections++
    used -= garbage
    garbage = 0
  } })
  t.teardown(guard.stop)
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise(resolve => setTimeout(resolve, 2))
  }
  await until(() => collections === 1)
  t.same([used, guard.isTight()], [25, false])
  used = 90
  await until(() => collections === 2)
  t.equal(guard.isTight(), true)
  const without = createMemoryGuard({ limit: 100, rss: () => 90, checkMs: 2, onExhausted: () => {}, find: () => null })
  t.teardown(without.stop)
  await until(without.isTight)
  t.ok(without.isTight(), 'where V8 does not offer a collection')
})
