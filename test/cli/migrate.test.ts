// `migrate` between the persistent stores, with KV through the real SDK; a sign-in afterwards; a process that is killed
// halfway.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { createKvHttpStore } from '../../src/store/cloudflare-kv-http.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { call, until } from '../fixtures/http.ts'
import { startWorkerdKv } from '../fixtures/workerd-kv.ts'
import { command, dump, fast, kvEnv, newDir, newSeed, putSeed, sealedRecord, textOf } from './world.ts'

const kv = await startWorkerdKv()
t.teardown(() => kv.close())
const kvStore = createKvHttpStore(kv)
t.beforeEach(async () => {
  kv.setFault(null)
  for (let page = await kv.binding.list({ prefix: '', limit: 1_000 }); page.keys.length > 0;
    page = await kv.binding.list({ prefix: '', limit: 1_000 })) {
    await Promise.all(page.keys.map(({ name }) => kv.binding.delete(name)))
  }
  kv.calls.length = 0
})
t.setTimeout(200_000)

const toSqlite = ['migrate', '--from', 'cloudflare-kv', '--to', 'sqlite']
const toKv = ['migrate', '--from', 'sqlite', '--to', 'cloudflare-kv']
const fileOf = (dir: string) => join(dir, 'copilot-proxy.sqlite')
const envOf = (t: Test) => ({ ...fast, ...kvEnv(kv), DATA_DIR: newDir(t) })
const names = (count: number) => Array.from({ length: count }, (_, n) => `user-${String(n).padStart(4, '0')}`)

async function inSqlite<T> (dir: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openSqliteStore({ file: fileOf(dir) })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
/** Without cached tokens, which are not copied. */
const usersIn = async (store: Store) => [...await dump(store)].filter(([key]) => !key.startsWith('cred:')).sort()

t.test('sealed records go from SQLite to KV and back, byte for byte', async t => {
  const [env, other] = [envOf(t), envOf(t)]
  await inSqlite(env.DATA_DIR, async store => {
    for (const name of ['anna', 'bert']) {
      await store.set(`user:${name}`, sealedRecord(name))
      await store.set(`meta:${name}`, '{"created":"2026-01-02","lastUsed":"2026-03-04"}')
      await store.set(`cred:${name}:AAAAAAAAAAAAAAAAAAAAAA`, 'sealed', Date.now() + 60_000)
    }
  })
  const before = await inSqlite(env.DATA_DIR, usersIn)
  const dry = await command([...toKv, '--dry-run'], env)
  t.match(dry, { code: 0, out: /^It would be, from sqlite to cloudflare-kv:\n {2}2 moved, / })
  t.same(await usersIn(kvStore), [], 'only announced so far')
  t.match(await command(toKv, env), { code: 0, err: '',
    out: new RegExp(
      '^Done, from sqlite to cloudflare-kv:\n {2}2 moved, 0 sealed and moved, 0 already there, '
        + '0 kept as they are there\n {2}0 skipped, 0 failed\n',
    ) })
  t.strictSame(await usersIn(kvStore), before)
  t.match((await command([...toKv, '--json'], env)).json, { dry_run: false, moved: 0, present: 2, records: [],
    stopped: null })

  t.match(await command([...toSqlite, '--dry-run'], other), { code: 0, out: /2 moved/ })
  t.notOk(existsSync(fileOf(other.DATA_DIR)), 'a dry run creates no file')
  t.match((await command([...toSqlite, '--remove', '--json'], other)).json, { moved: 2, removed: 2 })
  t.strictSame(await inSqlite(other.DATA_DIR, usersIn), before)
  t.same(await usersIn(kvStore), [])
})

for (const [way, args] of Object.entries({ 'in SQLite, in place': ['migrate'],
  'on its way from KV to SQLite': toSqlite })) {
  t.test(`the original project's records are sealed ${way}, and their user signs in with the old password`, async t => {
    const emulator = await startEmulator()
    const env = { ...envOf(t), ...emulator.env, STORE: 'sqlite', PORT: '0', LOG_LEVEL: 'trace' }
    const seeds = ['anna', 'bert'].map(name => newSeed(name, emulator.addSeat().githubToken))
    const isInPlace = args.length === 1
    const put = (store: Store) => Promise.all(seeds.map(seed => putSeed(store.set, seed)))
    await (isInPlace ? inSqlite(env.DATA_DIR, put) : put(kvStore))

    const ran = await command(args, env)
    t.match(ran, { code: 0, out: /2 sealed/ })
    t.match(ran.out, /revoke the old token/)
    const secrets = seeds.flatMap(({ password, token }) => [password, token])
    for (const secret of secrets) t.notOk(`${ran.out}${ran.err}`.includes(secret), 'no secret is printed')
    if (!isInPlace) t.match(ran.out, /cloudflare-kv still holds 2 records in plain text/)
    const bytes = ['', '-wal'].map(end => `${fileOf(env.DATA_DIR)}${end}`).filter(file => existsSync(file)).map(file =>
      readFileSync(file, 'latin1')
    ).join('')
    for (const secret of secrets) t.notOk(bytes.includes(secret), 'the file contains no secret either')

    const lines: string[] = []
    const server = await startServer(readConfig(env), { logTo: { write: line => {
      lines.push(line)
    } } })
    const origin = server.origin.replace('localhost', '127.0.0.1')
    for (const { username, password } of seeds) {
      const url = `${origin}/${username}/v1/chat/completions`
      t.match(
        await call(url, { json: { messages: [{ role: 'user', content: 'hi' }] },
          headers: { authorization: `Bearer ${password}` } }),
        { status: 200, json: { object: 'chat.completion' } },
      )
      t.equal((await call(url, { json: {}, headers: { authorization: 'Bearer acpc-wrong00000' } })).status, 401)
    }
    t.notMatch(lines.join(''), /seed-adopted/)
    await server.close()
    await emulator.close()
  })
}

t.test('records of the original project in KV are sealed there', async t => {
  const seeds = ['anna', 'bert'].map(name => newSeed(name))
  for (const seed of seeds) await putSeed((key, value) => kv.binding.put(key, value), seed)
  const env = envOf(t)
  t.match(await command(['migrate', '--dry-run'], env), { code: 0,
    out: 'It would be, in cloudflare-kv:\n  2 sealed, 0 already sealed\n  0 skipped, 0 failed' })
  t.match(textOf(await dump(kvStore)), /ghu_/)
  t.match(await command(['migrate'], env), { code: 0, out: /2 sealed, 0 already sealed/ })
  t.notMatch(textOf(await dump(kvStore)), /(?<![\w-])(?:ghu_|acpc-)/)
  t.match(await command(['migrate', '--from', 'cloudflare-kv', '--to', 'cloudflare-kv'], env), { code: 0,
    out: /0 sealed, 2 already sealed/ })
})

t.test('an unreadable record stays as it is, is named, and makes the command end with 1', async t => {
  const env = envOf(t)
  await kv.binding.put('user:anna', 'nonsense ghu_0123456789012345678901')
  await kv.binding.put('user:bert', sealedRecord('bert'))
  for (const args of [['migrate'], toSqlite]) {
    const { code, out } = await command(args, env)
    t.equal(code, 1)
    t.match(out, /^skipped: anna: the record cannot be read; it was left as it is$/m)
    t.match(out, / {2}1 skipped, 0 failed/)
    t.notMatch(out, /ghu_/)
  }
  t.equal(await kv.binding.get('user:anna'), 'nonsense ghu_0123456789012345678901')
  t.same((await inSqlite(env.DATA_DIR, usersIn)).map(([key]) => key), ['user:bert'])
})

t.test("more users than one page of KV's keys go to SQLite, and back", async t => {
  const [env, count] = [envOf(t), 1_050]
  for (let at = 0; at < count; at += 50) {
    await Promise.all(names(count).slice(at, at + 50).map(name => kv.binding.put(`user:${name}`, sealedRecord(name))))
  }
  const before = await inOrder()
  kv.calls.length = 0
  t.match((await command([...toSqlite, '--json'], env)).json, { moved: count, failed: 0, skipped: 0 })
  const listings = kv.calls.filter(({ path }) => path.includes('/keys?') && path.includes('user%3A'))
  t.equal(listings.length, 2, 'pages of the listing')
  t.strictSame(await inSqlite(env.DATA_DIR, usersIn), before)
  // The way back needs no paging, and each user takes one or two API calls, so a few users are enough.
  await inSqlite(env.DATA_DIR, async store => {
    for (const name of names(count).slice(100)) await store.delete(`user:${name}`)
  })
  for (const name of names(count).slice(0, 60)) await kv.binding.delete(`user:${name}`)
  t.match((await command([...toKv, '--json'], env)).json, { moved: 60, present: 40, failed: 0 })
  t.strictSame(await inOrder(), before)

  async function inOrder () {
    const found: Array<Promise<[string, string]>> = []
    for await (const key of kvStore.keys('user:')) found.push(kv.binding.get(key).then(value => [key, value ?? '']))
    return (await Promise.all(found)).sort()
  }
})

t.test('a killed process loses nothing, and the next one continues', async t => {
  const [env, count] = [envOf(t), 150]
  await inSqlite(env.DATA_DIR, async store => {
    for (const name of names(count)) await store.set(`user:${name}`, sealedRecord(name))
  })
  const before = await inSqlite(env.DATA_DIR, usersIn)
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../src/node/launch.js', import.meta.url)), ...toKv,
    '--remove'], { env, cwd: env.DATA_DIR, stdio: 'ignore' })
  const ended = new Promise(resolve => {
    child.once('close', (_code, signal) => {
      resolve(signal)
    })
  })
  await until(() => kv.calls.filter(({ path }) => path.includes('/bulk')).length > count / 3, 'a third of the writes',
    20_000)
  child.kill('SIGKILL')
  t.equal(await ended, 'SIGKILL')
  const written = (await usersIn(kvStore)).length
  t.ok(written > 0 && written < count, `${written} were written`)
  const { json } = await command([...toKv, '--remove', '--json'], env)
  t.match(json, { kept: 0, skipped: 0, failed: 0 })
  t.strictSame(await usersIn(kvStore), before)
  t.same(await inSqlite(env.DATA_DIR, usersIn), [])
})

t.test('a failing store ends it with 1 and the advice to run it again; a rate limit is waited for', async t => {
  const env = envOf(t)
  await inSqlite(env.DATA_DIR, async store => {
    for (const name of names(8)) await store.set(`user:${name}`, sealedRecord(name))
  })
  kv.setFault({ kind: 'status', status: 401, code: 10_000 })
  t.match(await command(toKv, env), { code: 1, err: 'Cloudflare KV answered 401, code 10000' })
  kv.setFault({ kind: 'status', status: 429, headers: { 'retry-after': '1' } }, 1)
  const { code, out, err } = await command(toKv, env)
  t.match([code, out, err], [0, /8 moved/, /asks to wait 1 s/])
})
