// `invites`, `backup`, `status`, `errors` and `usage`: on the configured store, and through a running gateway.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { startServer } from '../../src/node/server.ts'
import { command, fast, newDir } from './world.ts'

const ADMIN_TOKEN = 'operator-AdminToken-0123456789'
const codeForm = /^acpi-[a-z0-9]{8}-[a-z0-9]{32}$/

t.test('invites are created, listed and revoked on the store itself, and each leaves an audit line', async t => {
  const dir = newDir(t)
  const env = { ...fast, STORE: 'sqlite', DATA_DIR: dir, PUBLIC_ORIGIN: 'https://proxy.example' }
  t.match(await command(['invites', 'list'], env), { code: 2, err: /There is no SQLite file yet/ })
  await openSqliteStore({ file: join(dir, 'copilot-proxy.sqlite') }).close()
  t.match(await command(['invites'], env), { code: 0, out: 'no open invites', err: '' })
  const made = await command(['invites', 'create', '--hours', '2'], env)
  t.match(made, { code: 0, out: codeForm, err: /"action":"admin-create-invite"/ })
  t.match(made.err, `https://proxy.example/#invite=${made.out}`)
  const [, id = ''] = made.out.split('-')
  const list = await command(['invites', 'list'], env)
  t.match(list.out, new RegExp(`^${id}  created `))
  t.notMatch(list.out, made.out.slice(-32))
  t.match(await command(['invites', 'revoke', id], env), { code: 0, out: 'revoked', err: /admin-revoke-invite/ })
  t.match(await command(['invites', 'revoke', id], env), { code: 1, err: /no such open invite/ })
  t.same((await command(['invites', '--json'], env)).json, { object: 'list', data: [] })
  for (const wrong of [['create', 'x'], ['revoke'], ['make'], ['list', 'a', 'b']]) {
    t.equal((await command(['invites', ...wrong], env)).code, 2, wrong.join(' '))
  }
  t.match(await command(['invites', 'create', '--hours', 'many'], env), { code: 1, err: /expires_in_hours/ })
  t.match(await command(['invites'], { ...env, STORE: 'memory' }), { code: 2, err: /--url/ })
})

t.test('through a running gateway, with its token from the environment', async t => {
  const server = await startServer(
    readConfig({ ...fast, STORE: 'memory', PORT: '0', LOG_LEVEL: 'silent', ADMIN_TOKEN,
      GITHUB_BASE_URL: 'http://127.0.0.1:9', GITHUB_API_BASE_URL: 'http://127.0.0.1:9',
      COPILOT_API_BASE_URL: 'http://127.0.0.1:9' }),
  )
  t.teardown(() => server.close())
  const env = { ADMIN_TOKEN }
  const at = ['--url', server.origin]
  const made = await command(['invites', 'create', ...at], env)
  t.match(made, { code: 0, out: codeForm })
  t.match(made.err, `${server.origin}/#invite=`)
  t.match((await command(['invites', ...at, '--json'], env)).json.data, [{ id: made.out.split('-')[1] }])
  t.match(await command(['status', ...at], env), { code: 0, out: /store memory: ok\n[\s\S]*copilot-api: unreachable/ })
  t.match(await command(['usage', ...at], env), { code: 0, out: 'no calls yet' })
  t.match(await command(['errors', ...at], env), { code: 0 })
  t.match(await command(['status', ...at], { ADMIN_TOKEN: `${ADMIN_TOKEN}x` }), { code: 1,
    err: /401: The admin token/ })
  t.match(await command(['status', ...at], {}), { code: 2, err: /ADMIN_TOKEN/ })
})

t.test('"backup" writes a sound file that only its owner can read, and overwrites nothing', async t => {
  const dir = newDir(t)
  const env = { STORE: 'sqlite', DATA_DIR: dir }
  const file = join(dir, 'backup.sqlite')
  t.match(await command(['backup', file], env), { code: 1, err: /no SQLite file yet/ })
  const store = openSqliteStore({ file: join(dir, 'copilot-proxy.sqlite') })
  for (let at = 0; at < 2_000; at++) await store.set(`meta:user-${at}`, 'x'.repeat(100))
  t.match(await command(['backup', file], env), { code: 0, out: /bytes/,
    err: /^\{.*"event":"audit","action":"admin-backup","outcome":"done","address":"127\.0\.0\.0\/24",.*\}$/ })
  t.match(await command(['backup', file], env), { code: 1, err: /EEXIST/ })
  t.equal(statSync(file).mode & 0o777, 0o600)
  const db = new DatabaseSync(file, { readOnly: true })
  t.equal(db.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok')
  t.equal(db.prepare('SELECT count(*) AS n FROM entries').get()?.['n'], 2_000)
  db.close()
  await store.close()
  t.match(await command(['backup'], env), { code: 2 })
  t.match(await command(['backup', `${file}2`], { STORE: 'memory' }), { code: 1, err: /memory/ })
})
