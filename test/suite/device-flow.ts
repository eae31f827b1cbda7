// GitHub's device flow through the gateway: the status of each answer, and that no client polls faster than GitHub
// allows.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame } from '../fixtures/cases.ts'
import { call, rawCall } from '../fixtures/http.ts'

const start = '/github/get-device-code'
const poll = '/github/poll-device-code'
const upstream = '/login/oauth/access_token'

export function deviceFlowSuite ({ target, test, testWith }: Frame): void {
  const { origin, emulator } = target
  const ask = (code: unknown) => call(origin + poll, { json: { device_code: code } })
  const begin = async () =>
    (await call(origin + start, { method: 'POST' })).json as { device_code: string, user_code: string,
      interval: number }
  const says = (body: object) => {
    emulator.fault({ path: upstream }, { kind: 'status', status: 200, body: JSON.stringify(body),
      contentType: 'application/json' })
  }

  test("GET and POST give a code, with GitHub's address to open", async t => {
    for (const method of ['GET', 'POST']) {
      const { status, json, headers } = await call(origin + start, { method })
      t.equal(status, 200)
      t.match(json, { device_code: /^[0-9a-f]{40}$/, user_code: /^[A-Z0-9]{4}-[A-Z0-9]{4}$/,
        verification_uri: `${emulator.githubUrl}/login/device`, expires_in: 899, interval: 0.1 })
      t.equal(headers.get('cache-control'), 'no-store')
    }
    t.match(target.seen('/login/device/code')[0]?.json, { client_id: 'Iv1.b507a08c87ecfe98', scope: 'read:user' })
  })

  test('pending is 202; approval is 200 with a token that can register; then the code is used up', async t => {
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

  test('a poll that comes too early is 429 slow_down with a longer interval, and does not reach GitHub', async t => {
    // No machine is slow enough for this interval to pass.
    emulator.fault({ path: '/login/device/code' }, { kind: 'status', status: 200, contentType: 'application/json',
      body: JSON.stringify({ device_code: 'e'.repeat(40), user_code: 'ABCD-EFGH',
        verification_uri: `${emulator.githubUrl}/login/device`, expires_in: 899, interval: 5 }) })
    const { device_code: code } = await begin()
    says({ error: 'authorization_pending' })
    await ask(code)
    const early = await ask(code)
    t.match(early, { status: 429, json: { error: 'slow_down' } })
    t.ok(early.json.interval > 5, 'five seconds more')
    t.ok(Number(early.headers.get('retry-after')) >= 5)
    t.ok((await ask(code)).json.interval > early.json.interval, 'more each time')
    t.equal(target.seen(upstream).length, 1)
  })

  test('every other answer of GitHub has its status', async t => {
    for (const [error, status] of [['access_denied', 403], ['expired_token', 410], ['incorrect_device_code', 400], [
      'unsupported_grant_type',
      400,
    ], ['something_new', 400]] as const) {
      says({ error, error_description: 'because' })
      t.match(await ask((await begin()).device_code), { status, json: { error } }, error)
    }
    says({ error: 'slow_down', interval: 12 })
    t.match(await ask((await begin()).device_code), { status: 429, json: { error: 'slow_down', interval: 12 } })
    const denied = await begin()
    emulator.deny(denied.user_code)
    t.match(await ask(denied.device_code), { status: 403, json: { error: 'access_denied' } })
    t.match(await ask('0'.repeat(40)), { status: 400, json: { error: 'incorrect_device_code' } },
      'a code that GitHub never gave')
  })

  test('a body without a code is 400 and is not sent on', async t => {
    for (const code of [undefined, null, 7, {}, '', 'short', 'a b'.repeat(10), 'a'.repeat(10_000)]) {
      t.equal((await ask(code)).status, 400)
    }
    for (const body of ['', '{', 'null', '[]', 'device_code=x']) {
      t.equal((await call(origin + poll, { method: 'POST', body })).status, 400, body)
    }
    t.same(target.seen(), [])
  })

  test('if GitHub is unreachable or sends nonsense, the answer is 502', async t => {
    for (const path of ['/login/device/code', upstream]) {
      for (const fault of [{ kind: 'html', status: 502 }, { kind: 'not-json' }, { kind: 'reset-before' }, {
        kind: 'status',
        status: 200,
        body: '{}',
      }] as const) {
        const code = path === upstream ? (await begin()).device_code : ''
        emulator.fault({ path }, fault)
        const { status, text } = path === upstream ? await ask(code) : await call(origin + start)
        t.equal(status, 502, `${path} ${fault.kind}`)
        t.notMatch(text, /<|Unicorn/)
      }
    }
  })

  test('other methods get a 405 that names the right ones', async t => {
    t.match(await call(origin + poll), { status: 405 })
    const refused = await call(origin + start, { method: 'DELETE' })
    t.equal(refused.status, 405)
    t.match(refused.headers.get('allow'), /GET.*POST/)
  })

  test("L3: a GET that another site's page can cause uses up no start; programs and own pages may", async t => {
    const host = new URL(origin).host
    const get = (headers: Record<string, string>) =>
      rawCall(origin,
        [`GET ${start} HTTP/1.1`, `Host: ${host}`, 'Connection: close',
          ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n') + '\r\n\r\n')
    const languages = { 'accept-language': 'de-DE,de;q=0.9' }
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:52.0) Gecko/20100101 Firefox/52.0' }
    const foreign: Array<Record<string, string>> = [{
      accept: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
      referer: 'http://evil.example/',
    }, { accept: 'image/avif,image/webp,*/*' }, { accept: 'text/css,*/*;q=0.1' }, {
      accept: 'application/javascript, */*;q=0.8',
    }, { accept: '*/*', referer: 'http://evil.example/' }, { accept: '*/*', referer: `http://evil.example/${host}` }, {
      accept: 'text/html',
      referer: 'http://evil.example/',
    }, { accept: '*/*', ...languages }, { accept: 'text/html,*/*;q=0.8', ...languages }, { accept: '*/*', ...browser },
      { accept: '*/*', 'accept-language': '*', ...browser }, { accept: 'image/webp,*/*', 'accept-language': '*',
      ...browser }, { accept: '*/*', origin: 'http://evil.example', ...browser }, { accept: '*/*',
      origin: `http://${host}`, referer: 'http://evil.example/', ...browser }, { accept: '*/*',
      'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'script' }, { 'sec-fetch-site': 'same-origin',
      'sec-fetch-dest': 'image' }, { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'iframe' }, {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-dest': 'image',
    }]
    for (const headers of foreign) {
      t.match(await get(headers), /^HTTP\/1\.1 403 [^]*"code":"cross-site"/, JSON.stringify(headers))
    }
    t.same(target.seen(), [], 'GitHub got no request')
    const own: Array<Record<string, string>> = [{}, { accept: '*/*', 'user-agent': 'curl/8.5.0' }, { accept: '*/*',
      referer: `http://${host}/`, ...languages }, { accept: '*/*', 'sec-fetch-site': 'same-origin',
      'sec-fetch-dest': 'empty', ...languages }, { accept: 'text/html', 'sec-fetch-site': 'none',
      'sec-fetch-dest': 'document', ...languages }, { accept: 'application/json' }, { accept: '*/*',
      referer: `http://${host}/`, 'accept-language': '*', ...browser }, { accept: '*/*', origin: `http://${host}`,
      ...browser }, { accept: '*/*', 'accept-language': '*', 'user-agent': 'node' }]
    for (const headers of own) t.match(await get(headers), /^HTTP\/1\.1 200 /, JSON.stringify(headers))
    t.equal((await call(origin + start)).status, 200, 'fetch of Node')
  })

  test('L6: a code or token that the next step would refuse is not passed on: 502', async t => {
    const give = (code: string) => {
      emulator.fault({ path: '/login/device/code' }, { kind: 'status', status: 200, contentType: 'application/json',
        body: JSON.stringify({ device_code: code, user_code: 'ABCD-EFGH', expires_in: 899, interval: 5 }) })
    }
    for (const code of ['short', 'x'.repeat(19), 'x'.repeat(65), 'x'.repeat(30) + ' ', 'x'.repeat(30) + '/']) {
      give(code)
      t.match(await call(origin + start, { method: 'POST' }), { status: 502,
        json: { error: { code: 'upstream_error' } } }, code)
    }
    for (const code of ['x'.repeat(20), 'x'.repeat(64), 'A-_0'.repeat(10)]) {
      give(code)
      t.equal((await call(origin + start, { method: 'POST' })).status, 200)
      says({ error: 'authorization_pending' })
      t.equal((await ask(code)).status, 202, 'every value that is passed on is accepted')
    }
    for (const token of ['ghp_0123456789abcdefghij0123', 'gho_short', 'x']) {
      says({ access_token: token, token_type: 'bearer' })
      t.match(await ask((await begin()).device_code), { status: 502, json: { error: { code: 'upstream_error' } } })
    }
    t.match(await ask('x'.repeat(65)), { status: 400, json: { error: { message: /20 to 64/ } } })
    t.match(await ask(''), { status: 400, json: { error: { message: 'Missing device_code' } } })
  })

  testWith({ DEVICE_STARTS_PER_10_MINUTES: '2' }, 'each address gets a limited number of codes', async (t, own) => {
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await call(own.origin + start)).status)
    t.same(statuses, [200, 200, 429])
  })
}
