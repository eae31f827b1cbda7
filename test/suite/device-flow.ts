// GitHub's device flow through the gateway: the status of each answer, and that nobody polls faster than GitHub wants.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'

const start = '/github/get-device-code'
const poll = '/github/poll-device-code'
const upstream = '/login/oauth/access_token'

export function deviceFlowSuite ({ target, test, testWith }: Frame): void {
  const { origin, emulator } = target
  const ask = (code: unknown) => call(origin + poll, { json: { device_code: code } })
  const begin = async () => (await call(origin + start, { method: 'POST' })).json as { device_code: string, user_code: string, interval: number }
  const says = (body: object) => { emulator.fault({ path: upstream }, { kind: 'status', status: 200, body: JSON.stringify(body), contentType: 'application/json' }) }

  test('a code is given for GET and POST, with the address of GitHub to open', async t => {
    for (const method of ['GET', 'POST']) {
      const { status, json, headers } = await call(origin + start, { method })
      t.equal(status, 200)
      t.match(json, { device_code: /^[0-9a-f]{40}$/, user_code: /^[A-Z0-9]{4}-[A-Z0-9]{4}$/, verification_uri: `${emulator.githubUrl}/login/device`, expires_in: 899, interval: 0.1 })
      t.equal(headers.get('cache-control'), 'no-store')
    }
    t.match(target.seen('/login/device/code')[0]?.json, { client_id: 'Iv1.b507a08c87ecfe98', scope: 'read:user' })
  })

  test('pending is 202, approval is 200 with a token that registers, and the code is spent', async t => {
    const { device_code: code, user_code: userCode, interval } = await begin()
    t.match(await ask(code), { status: 202, json: { error: 'authorization_pending' } })
    emulator.approve(userCode, target.addSeat())
    await sleep(interval * 1_000)
    const { status, json } = await ask(code)
    t.match({ status, json }, { status: 200, json: { access_token: /^ghu_/, token_type: 'bearer' } })
    const fields = { username: target.newName(), password: target.newPassword(), token: json.access_token }
    t.equal((await call(`${origin}/`, { json: fields })).status, 201)
    await sleep(interval * 1_000)
    t.match(await ask(code), { status: 410, json: { error: 'expired_token' } })
  })

  test('a poll that comes too early is 429 slow_down with a longer interval, and GitHub does not hear of it', async t => {
    // An interval that no machine is slow enough to let pass.
    emulator.fault({ path: '/login/device/code' }, { kind: 'status', status: 200, contentType: 'application/json', body: JSON.stringify({ device_code: 'e'.repeat(40), user_code: 'ABCD-EFGH', verification_uri: `${emulator.githubUrl}/login/device`, expires_in: 899, interval: 5 }) })
    const { device_code: code } = await begin()
    says({ error: 'authorization_pending' })
    await ask(code)
    const early = await ask(code)
    t.match(early, { status: 429, json: { error: 'slow_down' } })
    t.ok(early.json.interval > 5, 'five seconds more')
    t.ok(Number(early.headers.get('retry-after')) >= 5)
    t.ok((await ask(code)).json.interval > early.json.interval, 'and more each time')
    t.equal(target.seen(upstream).length, 1)
  })

  test('every other answer of GitHub has its status', async t => {
    for (const [error, status] of [['access_denied', 403], ['expired_token', 410], ['incorrect_device_code', 400], ['unsupported_grant_type', 400], ['something_new', 400]] as const) {
      says({ error, error_description: 'because' })
      t.match(await ask((await begin()).device_code), { status, json: { error } }, error)
    }
    says({ error: 'slow_down', interval: 12 })
    t.match(await ask((await begin()).device_code), { status: 429, json: { error: 'slow_down', interval: 12 } })
    const denied = await begin()
    emulator.deny(denied.user_code)
    t.match(await ask(denied.device_code), { status: 403, json: { error: 'access_denied' } })
    t.match(await ask('0'.repeat(40)), { status: 400, json: { error: 'incorrect_device_code' } }, 'a code that was never given')
  })

  test('a body without a code is 400 and goes nowhere', async t => {
    for (const code of [undefined, null, 7, {}, '', 'short', 'a b'.repeat(10), 'a'.repeat(10_000)]) t.equal((await ask(code)).status, 400)
    for (const body of ['', '{', 'null', '[]', 'device_code=x']) t.equal((await call(origin + poll, { method: 'POST', body })).status, 400, body)
    t.same(target.seen(), [])
  })

  test('GitHub out of reach or talking nonsense is 502', async t => {
    for (const path of ['/login/device/code', upstream]) {
      for (const fault of [{ kind: 'html', status: 502 }, { kind: 'not-json' }, { kind: 'reset-before' }, { kind: 'status', status: 200, body: '{}' }] as const) {
        const code = path === upstream ? (await begin()).device_code : ''
        emulator.fault({ path }, fault)
        const { status, text } = path === upstream ? await ask(code) : await call(origin + start)
        t.equal(status, 502, `${path} ${fault.kind}`)
        t.notMatch(text, /<|Unicorn/)
      }
    }
  })

  test('only these methods: 405 names them', async t => {
    t.match(await call(origin + poll), { status: 405 })
    const refused = await call(origin + start, { method: 'DELETE' })
    t.equal(refused.status, 405)
    t.match(refused.headers.get('allow'), /GET.*POST/)
  })

  testWith({ DEVICE_STARTS_PER_10_MINUTES: '2' }, 'an address gets only so many codes', async (t, own) => {
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await call(own.origin + start)).status)
    t.same(statuses, [200, 200, 429])
  })
}
