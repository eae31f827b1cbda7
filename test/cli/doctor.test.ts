// `doctor` in front of the emulator: a healthy deployment, and each possible fault with its own message.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator, type Seat } from '../../src/emulator/emulator.ts'
import type { Io } from '../../src/node/cli/io.ts'
import { startServer } from '../../src/node/server.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { systemClock } from '../../src/system-clock.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { call } from '../fixtures/http.ts'
import { findSecrets, secretsOf } from '../fixtures/secrets.ts'
import { startWorkerdKv } from '../fixtures/workerd-kv.ts'
import { command, dump, fast, kvEnv, newDir, newSeed, putSeed, sealedRecord } from './world.ts'

interface Checked {
  readonly code: number
  readonly statuses: Record<string, string>
  readonly text: string
}

const emulator = await startEmulator()
t.teardown(() => emulator.close())
t.beforeEach(() => {
  emulator.clearFaults()
})
t.setTimeout(120_000)
const closed = 'http://127.0.0.1:9'

/** The worst level of each name, and the whole output. */
async function doctor (
  t: Test,
  { env = {}, args = [], ...io }: { env?: Record<string, string>, args?: string[] } & Partial<Io> = {},
): Promise<Checked> {
  const all = { ...fast, ...emulator.env, DATA_DIR: join(newDir(t), 'data'), ...env }
  const { code, json } = await command(['doctor', '--json', ...args], all, io)
  const order = ['skip', 'ok', 'warn', 'fail']
  const statuses: Record<string, string> = {}
  for (const { name, status } of json.checks) {
    if (order.indexOf(status) >= order.indexOf(statuses[name] ?? 'skip')) statuses[name] = status
  }
  t.equal(json.ok, code === 0)
  t.equal(code === 0, !Object.values(statuses).includes('fail'))
  return { code, statuses,
    text: json.checks.map((check: { detail: string, remedy?: string }) => `${check.detail}\n${check.remedy ?? ''}`)
      .join('\n') }
}

/** A user as the server saves one, in a file. */
async function newUser (
  t: Test,
  seat: Seat,
  env: Record<string, string> = {},
): Promise<{ env: Record<string, string>, password: string }> {
  const all = { ...fast, ...emulator.env, STORE: 'sqlite', DATA_DIR: newDir(t), PORT: '0', LOG_LEVEL: 'silent', ...env }
  const server = await startServer(readConfig(all))
  const password = 'acpc-doctorUser'
  const saved = await call(server.origin.replace('localhost', '127.0.0.1') + '/', {
    json: { username: 'octavia', password, token: seat.githubToken, code: env['REGISTRATION_CODE'] },
  })
  await server.close()
  if (saved.status !== 201) throw new Error(saved.text)
  return { env: all, password }
}

t.test('a healthy deployment: every check is fine, as text too, and the exit code is 0', async t => {
  const dir = newDir(t)
  const { code, statuses } = await doctor(t, { env: { DATA_DIR: dir } })
  t.equal(code, 0)
  t.strictSame(statuses, { version: 'ok', node: 'ok', settings: 'ok', pepper: 'ok', kdf: 'ok', registration: 'ok',
    addresses: 'ok', 'data-dir': 'ok', store: 'ok', github: 'ok', 'github-api': 'ok', 'copilot-api': 'ok',
    clock: 'ok' })
  const { out } = await command(['doctor'], { ...fast, ...emulator.env, DATA_DIR: dir })
  t.match(out, new RegExp(`^ok {4}version {7}copilot-proxy ${packageJson.version}\n`))
  t.match(out, /^ok {4}copilot-api {3}127\.0\.0\.1:\d+ answers \(\d+\), \d+ ms$/m)
  t.match(out, /\n0 failed, 0 worth a look, 13 fine\.$/)
  t.same(emulator.requests.filter(({ headers }) => headers['authorization'] !== undefined), [],
    'no credentials are sent')
})

t.test('the output contains no secret, path or name', async t => {
  const secrets = {
    ADMIN_TOKEN: 'admin-secret-0123456789',
    REGISTRATION: 'code',
    REGISTRATION_CODE: 'code-secret-0123456789',
    SECRET_PEPPER: Buffer.alloc(32, 9).toString('base64'),
    SECRET_PEPPER_PREVIOUS: Buffer.alloc(32, 8).toString('base64'),
    LONG_TERM_TOKEN: 'long-secret-0123456789',
  }
  const { env } = await newUser(t, emulator.addSeat(), secrets)
  for (const args of [['doctor'], ['doctor', '--json']]) {
    const { out, err } = await command(args, env)
    t.match(out, /LONG_TERM_TOKEN is ignored/)
    t.match(out, /1 in the store/)
    t.same(findSecrets(Object.values(secrets).filter(value => value !== 'code'), { output: out + err }), [])
    t.notMatch(out + err, /octavia|ghu_|acpc-/)
    t.notOk((out + err).includes(env['DATA_DIR'] ?? ''))
  }
})

t.test('every wrong setting has its own line without its value, and the other checks still run', async t => {
  const { code, text, statuses } = await doctor(t, {
    env: { PORT: '99999wrong', HEARTBEAT_SECONDS: 'wrong', LOG_LEVEL: 'wrong' },
  })
  t.equal(code, 1)
  for (const name of ['PORT', 'HEARTBEAT_SECONDS', 'LOG_LEVEL']) t.match(text, new RegExp(`^${name}: `, 'm'))
  t.notMatch(text, /wrong/)
  t.match(statuses, { settings: 'fail', store: 'ok', 'github-api': 'ok' })
  t.match(await doctor(t, { env: { REGISTRATION: 'code' } }), { code: 1, statuses: { settings: 'fail', rest: 'skip' } })
})

t.test('a risk is a warning, not a failure', async t => {
  const risky: Array<[Record<string, string>, RegExp]> = [[{ SECRET_PEPPER: '', KDF_ITERATIONS: '' },
    /SECRET_PEPPER is not set/], [{ HOST: '0.0.0.0' }, /REGISTRATION is open on an address beyond loopback/], [{
    HOST: '0.0.0.0',
    REGISTRATION: 'closed',
  }, /without TLS passwords can be read/], [{ PUBLIC_ORIGIN: 'https://copilot.example.com' },
    /all clients share one address/], [{ PUBLIC_ORIGIN: 'http://copilot.example.com', TRUST_PROXY: 'loopback' },
    /plain http/], [{ TRUST_PROXY: 'loopback' }, /PUBLIC_ORIGIN is not/], [{ STORE: 'memory' }, /users are forgotten/]]
  for (const [env, wanted] of risky) {
    const { code, statuses, text } = await doctor(t, { env })
    t.equal(code, 0)
    t.ok(Object.values(statuses).includes('warn'))
    t.match(text, wanted)
  }
  t.match(await doctor(t, {
    env: { PUBLIC_ORIGIN: 'https://copilot.example.com', TRUST_PROXY: 'loopback', HOST: '0.0.0.0',
      REGISTRATION: 'closed' },
  }), { code: 0, statuses: { addresses: 'ok', settings: 'ok' } })
  t.match(await doctor(t, { env: { TRUST_PROXY: '0.0.0.0/0' } }), { code: 1, statuses: { addresses: 'fail' },
    text: /any client can claim any address/ })
})

t.test('file permissions for other users are checked before the store is opened', async t => {
  const dir = newDir(t)
  await openSqliteStore({ file: join(dir, 'copilot-proxy.sqlite') }).close()
  t.match(await doctor(t, { env: { DATA_DIR: dir } }), { code: 0,
    statuses: { 'data-dir': 'ok', store: 'ok', 'store-write': 'ok', users: 'ok' } })
  chmodSync(dir, 0o755)
  t.match(await doctor(t, { env: { DATA_DIR: dir } }), { code: 0, statuses: { 'data-dir': 'warn' }, text: /mode 0755/ })
  chmodSync(dir, 0o777)
  t.match(await doctor(t, { env: { DATA_DIR: dir } }), { code: 1, statuses: { 'data-dir': 'fail' } })
  chmodSync(dir, 0o700)
  chmodSync(join(dir, 'copilot-proxy.sqlite'), 0o644)
  t.match(await doctor(t, { env: { DATA_DIR: dir } }), { code: 1, statuses: { 'data-dir': 'fail' },
    text: /the SQLite file is mode 0644/ })
})

t.test('a damaged, unconfigured or unreachable store fails, each with its own message', async t => {
  const dir = newDir(t)
  mkdirSync(join(dir, 'data'), { mode: 0o700 })
  writeFileSync(join(dir, 'data/copilot-proxy.sqlite'),
    'no database at all, and long enough to be taken for one'.repeat(100), { mode: 0o600 })
  const damaged = await doctor(t, { env: { DATA_DIR: join(dir, 'data') } })
  t.match(damaged, { code: 1, statuses: { store: 'fail', 'github-api': 'ok' },
    text: /The SQLite file cannot be used: file is not a database/ })
  t.notMatch(damaged.text, dir)
  t.match(await doctor(t, { env: { STORE: 'cloudflare-kv', CF_API_TOKEN: 'x' } }), { code: 1,
    statuses: { store: 'fail' }, text: /set CF_ACCOUNT_ID, CF_KV_NAMESPACE_ID/ })

  const kv = await startWorkerdKv()
  const env = { STORE: 'cloudflare-kv', ...kvEnv(kv) }
  t.match(await doctor(t, { env }), { code: 0, statuses: { store: 'ok', 'store-write': 'ok', users: 'ok' } })
  t.same((await kv.binding.list({ prefix: '', limit: 10 })).keys, [], 'the probe is deleted again')
  t.match(await doctor(t, { env: { ...env, CF_API_TOKEN: 'wrong' } }), { code: 1, statuses: { store: 'fail' },
    text: /answered 401[^]*CF_API_TOKEN needs the permission/ })
  t.match(await doctor(t, { env: { ...env, CF_KV_NAMESPACE_ID: 'f'.repeat(32) } }), { code: 1,
    statuses: { store: 'fail' }, text: /answered 404[^]*CF_KV_NAMESPACE_ID/ })
  await kv.close()
  t.match(await doctor(t, { env }), { code: 1, statuses: { store: 'fail' },
    text: /could not be reached \(ECONNREFUSED\)/ })
})

t.test('only an unreachable host fails; any status counts as an answer', async t => {
  for (const [setting, name] of [['GITHUB_BASE_URL', 'github'], ['GITHUB_API_BASE_URL', 'github-api'], [
    'COPILOT_API_BASE_URL',
    'copilot-api',
  ]] as const) {
    const { code, statuses, text } = await doctor(t, { env: { [setting]: closed } })
    t.equal(code, 1)
    t.strictSame(Object.entries(statuses).filter(([, status]) => status === 'fail').map(([name]) => name), [name])
    t.match(text, /127\.0\.0\.1:9 does not answer \(ECONNREFUSED\)/)
  }
  emulator.fault({ host: 'github-api' }, { kind: 'html' })
  emulator.fault({ host: 'copilot' }, { kind: 'status', status: 503, body: '' })
  emulator.fault({ host: 'github' }, { kind: 'gzip' })
  t.match(await doctor(t), { code: 0, text: /answers \(502\)[^]*answers \(503\)/ })
  emulator.fault({ host: 'github-api' }, { kind: 'reset-before' }, 5)
  t.match(await doctor(t), { code: 1, statuses: { 'github-api': 'fail', github: 'ok' } })
})

t.test('the connection goes through the configured proxy, and its address is not printed', async t => {
  const asked: string[] = []
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end()
  }).on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.end('HTTP/1.1 502 No\r\n\r\n')
  })
  await new Promise<void>(resolve => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  const { port } = proxy.address() as AddressInfo
  const { text } = await doctor(t, {
    env: { HTTP_PROXY: `http://user:proxy-secret@127.0.0.1:${port}`,
      HTTPS_PROXY: `http://user:proxy-secret@127.0.0.1:${port}` },
  })
  t.match(text, /through the configured proxy/)
  t.notMatch(text, /proxy-secret/)
  t.ok(asked.length >= 3)
  await new Promise(resolve => proxy.close(resolve))
})

t.test('a wrong clock is detected by the Date header of a host', async t => {
  const clock = (ms: number) => ({ clock: { ...systemClock, now: () => Date.now() + ms } })
  t.match(await doctor(t, clock(60_000)), { code: 0, statuses: { clock: 'warn' },
    text: /this machine is (59|60|61) s ahead/ })
  t.match(await doctor(t, clock(-3_600_000)), { code: 1, statuses: { clock: 'fail' },
    text: /this machine is (3599|3600|3601) s behind/ })
  t.match(await doctor(t, {
    env: Object.fromEntries(
      Object.keys(emulator.env).map(name => [name, name.includes('ACCOUNT') ? `${closed}/{account}` : closed]),
    ),
  }), { code: 1, statuses: { clock: 'skip' } })
})

t.test('--user checks down to the seat, with the password of the environment or standard input, and writes nothing',
  async t => {
    const seat = emulator.addSeat()
    const { env, password } = await newUser(t, seat)
    const stands = async () => {
      const store = openSqliteStore({ file: join(env['DATA_DIR'] ?? '', 'copilot-proxy.sqlite') })
      try {
        return await dump(store)
      } finally {
        await store.close()
      }
    }
    const before = await stands()
    const asked: string[] = []
    for (const way of [{ env: { ...env, COPILOT_PROXY_PASSWORD: password } }, { env, ask: async (question: string) => {
      asked.push(question)
      return `${password}\n`
    } }]) {
      const { code, statuses, text } = await doctor(t, { args: ['--user', 'octavia'], ...way })
      t.match({ code, statuses }, { code: 0,
        statuses: { user: 'ok', exchange: 'ok', host: 'ok', models: 'ok', seat: 'ok', quota: 'ok' } })
      t.match(text, /^\d+, \d+ of them free$/m)
      t.match(text, /premium_interactions: 213\.6 of 300 left/)
      t.match(text, /plan: individual/)
      t.match(text, /, which GitHub names$/m)
      t.same(findSecrets(secretsOf(emulator.requests, [password, seat.githubToken]), { output: text }), [])
      t.notMatch(text, seat.login)
    }
    t.same(asked, ['password: '])
    t.strictSame(await stands(), before, 'nothing was written except the probe, and that is deleted')
  })

t.test('--user reads the password that is piped into the process, also from a pipe that stays open', async t => {
  const { env, password } = await newUser(t, emulator.addSeat())
  for (const [sent, code] of [[`${password}\n`, 0], ['acpc-wrongwrong\n', 1]] as const) {
    const child = spawn(process.execPath, [fileURLToPath(new URL('../../src/node/launch.js', import.meta.url)),
      'doctor', '--user', 'octavia'], { env, cwd: env['DATA_DIR'], stdio: ['pipe', 'pipe', 'inherit'] })
    const [out, ended] = [text(child.stdout), new Promise(resolve => {
      child.once('close', resolve)
    })]
    child.stdin.write(sent)
    t.equal(await ended, code)
    t.match(await out, code === 0 ? /^ok {4}user /m : /^fail {2}user /m)
  }
})

t.test('--user: each reason has its own message', async t => {
  const seat = emulator.addSeat()
  const { env: made, password } = await newUser(t, seat)
  const ask = (given: Record<string, string> = {}, name = 'octavia') =>
    doctor(t, { args: ['--user', name], env: { ...made, COPILOT_PROXY_PASSWORD: password, ...given } })
  t.match(await ask({ COPILOT_PROXY_PASSWORD: 'acpc-wrongwrong' }), { code: 1, statuses: { user: 'fail', seat: 'skip' },
    text: /no such user, or another password/ })
  t.match(await ask({}, 'nobody'), { code: 1, statuses: { user: 'fail', seat: 'skip' },
    text: /no such user, or another password/ })
  t.match(await ask({ SECRET_PEPPER: Buffer.alloc(32, 1).toString('base64') }), { code: 1, statuses: { user: 'fail' },
    text: /without the secret that this account was sealed with/ })
  t.match(await ask({ KDF_ITERATIONS: '20000' }), { code: 0, statuses: { user: 'ok' },
    text: /sealed again at the next sign-in/ })

  const states: Array<[Seat['state'], string, RegExp]> = [['revoked', 'exchange', /revoked or has expired/], ['no-seat',
    'exchange', /gives this account no Copilot/], ['wrong-app', 'exchange', /may not use Copilot/], ['rate-limited',
    'exchange', /limits how often/], ['policy', 'exchange', /organization administrator/], ['blocked', 'models', /./]]
  for (const [state, failing, wanted] of states) {
    seat.state = state
    const { code, statuses, text } = await ask()
    t.match([code, statuses[failing]], [1, 'fail'], state)
    t.match(text, wanted)
    t.notMatch(text, seat.login, 'only GitHub sees the account name')
  }
  seat.state = 'ok'
  emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'status', status: 500, body: '{}' }, 2)
  t.match(await ask(), { code: 1, statuses: { exchange: 'fail', models: 'skip' }, text: /status 500/ })
  emulator.fault({ path: '/models' }, { kind: 'status', status: 500, body: '{}' })
  t.match(await ask(), { code: 1, statuses: { exchange: 'ok', models: 'fail', seat: 'ok' } })
  seat.quota.remaining = 0
  t.match(await ask(), { code: 0, statuses: { quota: 'warn' }, text: /premium_interactions: 0 of 300 left/ })
})

t.test('--user recognises a record of the original project, and one that cannot be read', async t => {
  const seat = emulator.addSeat()
  const seed = newSeed('anna', seat.githubToken)
  const dir = newDir(t)
  const store = openSqliteStore({ file: join(dir, 'copilot-proxy.sqlite') })
  await putSeed(store.set, seed)
  await store.set('user:bert', 'nonsense')
  await store.set('user:carl', sealedRecord('carl'))
  await store.close()
  const ask = (name: string, password: string) =>
    doctor(t, { args: ['--user', name], env: { DATA_DIR: dir, COPILOT_PROXY_PASSWORD: password } })
  t.match(await ask('anna', seed.password), { code: 0, statuses: { user: 'warn', users: 'warn', exchange: 'ok' },
    text: /^1 keys of the original project[^]*npm run -s cli -- migrate/m })
  t.match(await ask('anna', 'acpc-wrongwrong'), { code: 1, statuses: { user: 'fail' } })
  t.match(await ask('bert', seed.password), { code: 1, statuses: { user: 'fail' }, text: /cannot be read/ })
  t.match(await ask('carl', seed.password), { code: 1, statuses: { user: 'fail' }, text: /another password/ })
})

t.test('--url checks a running gateway: alive, ready, this version', async t => {
  const server = await startServer(readConfig({ ...emulator.env, STORE: 'memory', PORT: '0', LOG_LEVEL: 'silent' }))
  const origin = server.origin.replace('localhost', '127.0.0.1')
  const { code, text, statuses } = await doctor(t, { args: ['--url', `${origin}/`] })
  t.match({ code, statuses }, { code: 0, statuses: { healthz: 'ok', readyz: 'ok' } })
  t.match(text, `ok, store: memory, hot state: memory, registration: open, version: ${packageJson.version}`)
  await server.close()
  t.match(await doctor(t, { args: ['--url', origin] }), { code: 1, statuses: { healthz: 'fail' },
    text: /nobody answers there \(ECONNREFUSED\)/ })

  const missing = await startServer(
    readConfig({ ...emulator.env, STORE: 'cloudflare-kv', PORT: '0', LOG_LEVEL: 'silent' }),
  )
  t.match(await doctor(t, { args: ['--url', missing.origin.replace('localhost', '127.0.0.1')] }), { code: 1,
    statuses: { healthz: 'ok', readyz: 'fail' }, text: /kv-missing/ })
  await missing.close()

  let version = '0.0.1'
  const other = createServer((_request, response) => {
    response.end(version === '' ? '<html>' : JSON.stringify({ status: 'ok', version }))
  })
  await new Promise<void>(resolve => {
    other.listen(0, '127.0.0.1', resolve)
  })
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  t.match(await doctor(t, { args: ['--url', address] }), { code: 0, statuses: { readyz: 'warn' },
    text: /its version differs/ })
  version = ''
  t.match(await doctor(t, { args: ['--url', address] }), { code: 1, statuses: { healthz: 'fail' },
    text: /not as this proxy does/ })
  await new Promise(resolve => other.close(resolve))
})
