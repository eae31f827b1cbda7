// docs/spec/copilot.md#emulator: the device flow.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { call } from './client.ts'
import type { Test } from 'tap'
import type { EmulatorOptions } from '../../src/emulator/emulator.ts'

const app = 'Iv1.b507a08c87ecfe98'
const grant = 'urn:ietf:params:oauth:grant-type:device_code'

async function flow (t: Test, options: EmulatorOptions = {}) {
  let now = 1_774_700_000_000
  const emulator = await startEmulator({ now: () => now, ...options })
  t.teardown(() => emulator.close())
  const post = (path: string, body: object, headers: Record<string, string> = { accept: 'application/json' }) =>
    call(`${emulator.githubUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body) })
  return {
    emulator,
    post,
    wait: (seconds: number) => {
      now += seconds * 1000
    },
    start: async (client_id = app) => (await post('/login/device/code', { client_id, scope: 'read:user' })).json,
    poll: async (device_code: string, client_id = app) => {
      const got = await post('/login/oauth/access_token', { client_id, device_code, grant_type: grant })
      t.equal(got.status, 200, 'a poll is always 200')
      return got.json
    },
  }
}

t.test('a device code is pending for two polls, then gives one token', async t => {
  const { emulator, start, poll, wait } = await flow(t)
  const code = await start()
  t.match(code, { device_code: /^[0-9a-f]{40}$/, user_code: /^[A-Z0-9]{4}-[A-Z0-9]{4}$/, expires_in: 899, interval: 5 })
  const states: unknown[] = []
  for (let turn = 0; turn < 3; turn++) {
    const { error, access_token: token } = await poll(code.device_code)
    states.push(error ?? token)
    wait(5)
  }
  t.match(states, ['authorization_pending', 'authorization_pending', /^ghu_\w{36}$/])
  t.ok(emulator.seat(String(states[2])), 'the token has a seat')
  t.equal((await poll(code.device_code)).error, 'expired_token')
})

t.test('polling too soon raises the interval by five seconds, and it stays raised', async t => {
  const { start, poll, wait } = await flow(t)
  const { device_code: code } = await start()
  await poll(code)
  wait(4)
  t.match(await poll(code), { error: 'slow_down', interval: 10 })
  wait(9)
  t.match(await poll(code), { error: 'slow_down', interval: 15 })
  wait(15)
  t.match(await poll(code), { error: 'authorization_pending' })
  wait(14)
  t.match(await poll(code), { error: 'slow_down', interval: 20 })
})

t.test('a device code ends after expires_in', async t => {
  const { start, poll, wait } = await flow(t)
  const { device_code: code } = await start()
  wait(899)
  t.equal((await poll(code)).error, 'expired_token')
})

t.test('approve() and deny() decide for the user', async t => {
  const { emulator, start, poll } = await flow(t, { pendingPolls: Infinity })
  const yes = await start()
  const no = await start()
  const seat = emulator.approve(yes.user_code, { login: 'mona' })
  emulator.deny(no.user_code)
  t.match(await poll(yes.device_code), { access_token: seat.githubToken, token_type: 'bearer', scope: '' })
  t.equal((await poll(no.device_code)).error, 'access_denied')
  t.throws(() => emulator.approve('AAAA-0000'))
})

t.test('an error in a poll has status 200', async t => {
  const { post, start, poll } = await flow(t)
  const { device_code: code } = await start()
  t.equal((await poll('nonsense')).error, 'incorrect_device_code')
  t.equal((await poll(code, 'Iv1.unknown')).error, 'incorrect_client_credentials')
  const { json } = await post('/login/oauth/access_token', { client_id: app, device_code: code,
    grant_type: 'password' })
  t.equal(json.error, 'unsupported_grant_type')
  t.equal((await post('/login/device/code', { client_id: 'Iv1.unknown' })).status, 404)
})

t.test('an OAuth app gets gho_ tokens, and the GitHub CLI no Copilot', async t => {
  const { emulator, start, poll } = await flow(t, { pendingPolls: 0 })
  for (const [client, state] of [['Ov23li8tweQw6odWQebz', 'ok'], ['178c6fc778ccc68e1d6a', 'wrong-app']] as const) {
    const { access_token: token, scope } = await poll((await start(client)).device_code, client)
    t.match(token, /^gho_/)
    t.equal(scope, 'read:user')
    t.equal(emulator.seat(String(token))?.state, state)
  }
})

t.test('without Accept: application/json the answers are forms', async t => {
  const { emulator, post } = await flow(t)
  const got = await post('/login/device/code', { client_id: app }, { accept: '*/*' })
  t.match(got.headers.get('content-type'), /x-www-form-urlencoded/)
  t.equal(new URLSearchParams(got.text).get('interval'), '5')
  const form = await call(`${emulator.githubUrl}/login/device/code`, { method: 'POST',
    headers: { accept: 'application/json' }, body: new URLSearchParams({ client_id: app }) })
  t.equal(form.json.interval, 5, 'a form is accepted')
})

t.test('the device page approves the typed code', async t => {
  const { emulator, start, poll } = await flow(t, { pendingPolls: Infinity })
  const code = await start()
  t.match((await call(`${code.verification_uri}?user_code=%22%3Cb%3E`)).text, '&quot;&lt;b>')
  t.equal(
    (await call(code.verification_uri, { method: 'POST', body: new URLSearchParams({ user_code: 'XXXX-XXXX' }) }))
      .status,
    404,
  )
  await call(code.verification_uri, { method: 'POST', headers: { origin: emulator.origin },
    body: new URLSearchParams({ user_code: code.user_code }) })
  t.match((await poll(code.device_code)).access_token, /^ghu_/)
  t.same(emulator.problems, [], 'a browser may send its own headers there')
})
