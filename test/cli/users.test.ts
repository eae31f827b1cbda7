// `users list` and `users delete`, on the persistent stores.
import { join } from 'node:path'
import t from 'tap'
import { createKvHttpStore } from '../../src/store/cloudflare-kv-http.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { startWorkerdKv } from '../fixtures/workerd-kv.ts'
import { command, dump, kvEnv, newDir, newSeed, putSeed, sealedRecord } from './world.ts'

const kv = await startWorkerdKv()
t.teardown(() => kv.close())

const places: Record<string, (dir: string) => { env: Record<string, string>, open: () => Store }> = {
  sqlite: dir => ({ env: { STORE: 'sqlite', DATA_DIR: dir },
    open: () => openSqliteStore({ file: join(dir, 'copilot-proxy.sqlite') }) }),
  'cloudflare-kv': () => ({ env: { STORE: 'cloudflare-kv', ...kvEnv(kv) }, open: () => createKvHttpStore(kv) }),
}

for (const [kind, at] of Object.entries(places)) {
  t.test(`${kind}: "users list" shows names and days, as text and as JSON, and nothing else`, async t => {
    const { env, open } = at(newDir(t))
    const store = open()
    await store.set('user:bert', sealedRecord('bert'))
    await store.set('meta:bert', '{"created":"2026-01-02","lastUsed":"2026-11-20"}')
    await putSeed(store.set, newSeed('anna'))
    await store.set('user:odd\u001b[2J', 'nonsense')
    await store.close()
    const { code, out, err } = await command(['users', 'list'], env)
    t.same([code, err], [0, ''])
    t.same(out.split('\n').map(line => line.trim().split(/ {2,}/)), [['username', 'created', 'last used', 'keys'], [
      'anna',
      '–',
      '–',
    ], ['bert', '2026-01-02', '2026-11-20'], ['odd [2J', '–', '–', 'unreadable']])
    t.notMatch(out, /ghu_|acpc-/)
    t.notOk(out.includes('\u001b'), 'no name moves the cursor')
    t.strictSame((await command(['users', 'list', '--json'], env)).json, { object: 'list',
      users: [{ username: 'anna', created: null, last_used: null, keys: [] }, { username: 'bert', created: '2026-01-02',
        last_used: '2026-11-20', keys: [] }, { username: 'odd\u001b[2J', created: null, last_used: null,
        keys: null }] })
  })

  t.test(`${kind}: "users delete" deletes the record, cached tokens and days of one user, and of no other`, async t => {
    const { env, open } = at(newDir(t))
    const store = open()
    for await (const key of store.keys('')) await store.delete(key)
    for (const name of ['carl', 'carl-2']) {
      await store.set(`user:${name}`, sealedRecord(name))
      await store.set(`cred:${name}:AAAAAAAAAAAAAAAAAAAAAA`, 'sealed')
      await store.set(`meta:${name}`, '{"created":"2026-01-02","lastUsed":"2026-11-20"}')
    }
    await putSeed(store.set, newSeed('dora'))
    await store.set('user:dora:x', 'not a name')
    await store.close()

    t.match(await command(['users', 'delete', 'carl'], env), { code: 0, out: /^carl is deleted\./,
      err: /^\{.*"event":"audit","action":"admin-delete","outcome":"done",.*"user":"carl",.*\}$/ })
    t.match(await command(['users', 'delete', 'carl'], env), { code: 1, out: '', err: 'There is no user carl.' })
    t.match(await command(['users', 'delete', 'dora'], env), { code: 0 })
    for (const name of ['nobody', 'dora:x', 'carl-2:AAAAAAAAAAAAAAAAAAAAAA', '', 'x'.repeat(300)]) {
      t.match(await command(['users', 'delete', name], env), { code: 1, err: /^There is no user/ }, name)
    }

    const after = open()
    t.same([...(await dump(after)).keys()].sort(), ['cred:carl-2:AAAAAAAAAAAAAAAAAAAAAA', 'meta:carl-2', 'user:carl-2',
      'user:dora:x'])
    await after.delete('user:carl-2')
    await after.close()
    t.match(await command(['users', 'delete', 'carl-2'], env), { code: 0 }, 'an incomplete deletion is completed')
    const last = open()
    t.same([...(await dump(last)).keys()], ['user:dora:x'])
    await last.close()
  })
}

t.test('a store that does not answer ends it with 1 and one line', async t => {
  kv.setFault({ kind: 'status', status: 403, code: 10_000 })
  t.match(await command(['users', 'list'], { STORE: 'cloudflare-kv', ...kvEnv(kv) }), { code: 1, out: '',
    err: 'Cloudflare KV answered 403, code 10000' })
  kv.setFault(null)
})
