// The command line: the arguments that it accepts and refuses. Reading commands leave nothing behind.
import { readdirSync } from 'node:fs'
import t from 'tap'
import packageJson from '../../package.json' with { type: 'json' }
import { command, newDir } from './world.ts'

t.test('--help and -h show every command, whatever the other arguments, and end with 0', async t => {
  for (const args of [['--help'], ['-h'], ['migrate', '--help'], ['users', 'delete', '-h'], ['serve', '-h']]) {
    const { code, out, err } = await command(args, {})
    t.same([code, err], [0, ''], args.join(' '))
    for (const name of ['serve', 'demo', 'migrate', 'doctor', 'users list', 'users delete <name>', 'invites list',
      'invites create', 'invites revoke <id>', 'status, errors, usage', 'backup <file>']) {
      t.match(out, new RegExp(`^ {2}${name}`, 'm'))
    }
  }
})

t.test("--version prints the package's version", async t => {
  for (const arg of ['--version', '-v']) {
    t.match(await command([arg], {}), { code: 0, out: packageJson.version, err: '' })
  }
})

t.test('unknown arguments get the usage on standard error, and exit code 2', async t => {
  const wrong = [['nonsense'], ['constructor'], ['--nonsense'], ['serve', 'more'], ['serve', '--port=1'], ['demo',
    'more'], ['users'], ['users', 'nonsense'], ['users', 'list', 'more'], ['users', 'delete'], ['users', 'delete', 'a',
    'b'], ['users', 'delete', 'a', '--json'], ['migrate', 'more'], ['migrate', '--from', 'sqlite'], ['migrate', '--to',
    'sqlite'], ['migrate', '--from', 'memory', '--to', 'sqlite'], ['migrate', '--from', 'sqlite', '--to', 'redis'], [
    'migrate',
    '--remove',
  ], ['migrate', '--from', 'sqlite', '--to', 'sqlite', '--remove'], ['doctor', 'more'], ['doctor', '--user',
    'Not A Name'], ['doctor', '--user', 'alice'], ['doctor', '--url', 'ftp://x'], ['doctor', '--url', 'http://u:p@x'], [
    'doctor',
    '--user',
  ]]
  for (const args of wrong) {
    const { code, out, err } = await command(args, { DATA_DIR: newDir(t) })
    t.same([code, out], [2, ''], args.join(' '))
    t.match(err, /^[^\n]+(?:\n[^\n]+)*\n\nusage: npm run -s cli -- \[command\] /, args.join(' '))
  }
})

t.test('wrong settings end a command with 1 and a line for each, without their values', async t => {
  for (const args of [['users', 'list'], ['users', 'delete', 'alice'], ['migrate'], ['migrate', '--dry-run']]) {
    const { code, out, err } = await command(args, { STORE: 'redis-wrong', KDF_ITERATIONS: '5wrong' })
    t.same([code, out], [1, ''])
    t.match(err, /^ {2}STORE: [^\n]+$/m)
    t.match(err, /^ {2}KDF_ITERATIONS: [^\n]+$/m)
    t.notMatch(err, /wrong/)
  }
})

t.test('a store that is not configured, or not persistent, is reported', async t => {
  for (const args of [['users', 'list'], ['migrate'], ['migrate', '--from', 'cloudflare-kv', '--to', 'sqlite']]) {
    t.match(await command(args, { STORE: 'cloudflare-kv', CF_API_TOKEN: 'x', DATA_DIR: newDir(t) }), { code: 1, out: '',
      err: /set CF_ACCOUNT_ID, CF_KV_NAMESPACE_ID/ })
  }
  for (const args of [['users', 'list'], ['migrate']]) {
    t.match(await command(args, { STORE: 'memory' }), { code: 1, err: /memory/ })
  }
})

t.test('reading an empty place creates no file', async t => {
  const dir = newDir(t)
  const env = { DATA_DIR: dir }
  t.match(await command(['users', 'list'], env), { code: 0, out: 'There are no users.' })
  t.match(await command(['users', 'delete', 'alice'], env), { code: 1, err: 'There is no user alice.' })
  t.match(await command(['migrate', '--dry-run'], env), { code: 0 })
  t.match(await command(['migrate'], env), { code: 0 })
  t.match(await command(['migrate', '--from', 'sqlite', '--to', 'cloudflare-kv'], env), { code: 1,
    err: /no SQLite file/ })
  t.same(readdirSync(dir), [])
})
