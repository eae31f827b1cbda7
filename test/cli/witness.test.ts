// `witness` as a command: its output before it asks, and its requests through the configured store and through a
// running gateway.
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { questions } from '../../src/witness/questions.ts'
import { call } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'
import { command, fast, newDir } from './world.ts'

t.setTimeout(120_000)
const emulator = await startEmulator()
t.teardown(() => emulator.close())
const password = 'acpc-witnessUse'

const env = { ...fast, ...emulator.env, STORE: 'sqlite', DATA_DIR: newDir(t), PORT: '0', LOG_LEVEL: 'silent' }
const server = await startServer(readConfig(env))
const saved = await call(`${server.origin.replace('localhost', '127.0.0.1')}/`, {
  json: { username: 'mona', password, token: emulator.addSeat().githubToken },
})
t.equal(saved.status, 201)
await server.close()

t.test('--list shows each question and its cost, and asks nothing', async t => {
  const before = emulator.requests.length
  const { code, out } = await command(['witness', '--list'], env)
  t.equal(code, 0)
  for (const { id, asks } of questions) {
    t.match(out, new RegExp(`^${id} +${asks.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}; `, 'm'))
  }
  t.match(out, /13 requests, 6 of them answered by a free model/)
  t.equal(emulator.requests.length, before)
})

t.test('it asks nothing before the person agrees', async t => {
  const before = emulator.requests.length
  const refused = await command(['witness', '--user', 'mona'], env, { ask: async () => 'n' })
  t.equal(refused.code, 0)
  t.match(refused.err, /13 requests/)
  const { code, err } = await command(['witness', '--user', 'mona'], env)
  t.equal(code, 2)
  t.match(err, /--yes agrees/)
  t.equal(emulator.requests.length, before)
})

t.test('with the configured store it asks the seat, and exit code 0 means that every fact holds', async t => {
  const { code, out } = await command(['witness', '--user', 'mona', '--yes'], { ...env,
    COPILOT_PROXY_PASSWORD: password })
  t.equal(code, 0, out)
  t.match(out, /13 questions, \d+ facts hold, 0 differ\./)
  t.notMatch(out, /^(?:differs|New) /m)
  const { json } = await command(['witness', '--user', 'mona', '--yes', '--json', '--only', 'models, unknown-model'], {
    ...env,
    COPILOT_PROXY_PASSWORD: password,
  })
  t.match(json, { object: 'witness', asked: ['models', 'unknown-model'], differs: [] })
})

t.test('a difference is shown with its place in the spec, and the exit code is 1', async t => {
  emulator.fault({ model: 'witness-unknown-model' }, { kind: 'status', status: 404,
    body: '{"error":{"code":"gone","message":"logged in as octocat"}}' })
  const { code, out } = await command(['witness', '--user', 'mona', '--yes', '--only', 'unknown-model'], { ...env,
    COPILOT_PROXY_PASSWORD: password })
  t.equal(code, 1)
  t.match(out,
    new RegExp(
      'differs {2}unknown-model\n {2}spec: .* \\(docs/spec/copilot\\.md#error-bodies\\)\n'
        + ' {2}seen: status 404, code gone, "…"',
    ))
  t.notMatch(out, /octocat/)
})

t.test('--url asks through a running gateway, also a Worker', async t => {
  const worker = await startTarget('workerd')
  t.teardown(() => worker.close())
  const user = await worker.addUser()
  const { code, out, err } = await command(['witness', '--user', user.username, '--url', worker.origin, '--yes'], {
    ...env,
    COPILOT_PROXY_PASSWORD: user.password,
  })
  t.equal(code, 0, out + err)
  t.match(out, /13 questions, \d+ facts hold, 0 differ\./)
})

t.test('a wrong password, an unknown question and a missing name are reported', async t => {
  const wrong = await command(['witness', '--user', 'mona', '--yes'], { ...env,
    COPILOT_PROXY_PASSWORD: 'acpc-wrongwrong' })
  t.equal(wrong.code, 1)
  t.match(wrong.err, /The gateway answers 401: Token is invalid/)
  t.match(await command(['witness', '--only', 'nonsense', '--list'], env), { code: 2,
    err: /nonsense is not one of them/ })
  t.match(await command(['witness', '--yes'], env), { code: 2, err: /--user names the user/ })
})
