// Every way the exchange can go, `docs/spec/copilot.md#exchange`, however wrong the clock of this machine is.
import t from 'tap'
import { createExchange } from '../../../src/upstream/exchange.ts'
import { createHandClock } from '../helpers/clock.ts'
import { token } from '../helpers/process.ts'
import { configOf, createScriptedSend, type Scripted } from '../helpers/upstream.ts'

const config = configOf()
const clock = createHandClock()
const good = (changes: object = {}) => ({ token: 'tid=1;exp=2:mac', expires_at: Math.floor(clock.now() / 1_000) + 1_800,
  refresh_in: 1_500, ...changes })
const dated = (body: unknown, skewMs = 0): Scripted => ({
  headers: { date: new Date(clock.now() + skewMs).toUTCString() },
  body,
})
const run = (send: ReturnType<typeof createScriptedSend>, signal = new AbortController().signal) =>
  createExchange(config, send, clock)(token, signal)

t.test("createExchange() asks GitHub's API host, with the token in one header and nowhere else", async t => {
  const send = createScriptedSend(dated(good()))
  await run(send)
  const [request] = send.requests
  t.match(request, { method: 'GET', url: 'https://api.github.com/copilot_internal/v2/token', body: null,
    headers: { authorization: `token ${token}`, 'accept-encoding': 'identity', 'user-agent': /./ } })
  t.notOk(request?.url.includes(token))
})

t.test("createExchange() reads the session by GitHub's clock: a wrong local clock changes nothing", async t => {
  for (const skewMs of [0, 600_000, -600_000, 86_400_000, -86_400_000]) {
    const expires = Math.floor((clock.now() + skewMs) / 1_000) + 1_800
    const session = await run(createScriptedSend(dated(good({ expires_at: expires }), skewMs)))
    t.match(session, { token: 'tid=1;exp=2:mac', base: null, refreshInMs: 1_500_000, livesMs: 1_800_000,
      storedAt: clock.now() }, `${skewMs} ms`)
    const undated = await run(createScriptedSend({ body: good({ expires_at: expires }) }))
    t.match(undated, { refreshInMs: 1_500_000, livesMs: 1_800_000 }, `${skewMs} ms, and no Date`)
  }
})

t.test('createExchange() works without refresh_in', async t => {
  for (const refresh of [undefined, null, 0, '1500', -5]) {
    t.match(await run(createScriptedSend(dated(good({ refresh_in: refresh })))), { refreshInMs: 1_500_000,
      livesMs: 1_800_000 })
  }
  t.match(await run(createScriptedSend({ body: good({ refresh_in: undefined }) })), { livesMs: 1_800_000 })
  t.match(await run(createScriptedSend(dated(good({ refresh_in: 60 })))), { refreshInMs: 60_000, livesMs: 1_800_000 })
})

const refusals: ReadonlyArray<
  { readonly what: string, readonly answer: Scripted, readonly wanted: object, readonly calls?: number }
> = [{ what: 'bad credentials', answer: { status: 401, body: { message: 'Bad credentials' } },
  wanted: { code: 'github_token_rejected', status: 403, message: /revoked or has expired/ } }, {
  what: 'no Copilot',
  answer: { status: 403,
    body: { can_signup_for_limited: true,
      error_details: { message: 'No access to GitHub Copilot found.', notification_id: 'no_copilot_access',
        url: 'https://github.com/github-copilot/signup' }, message: 'Resource not accessible by integration' } },
  wanted: { code: 'github_token_rejected', status: 403,
    message: /No access to GitHub Copilot found\. https:\/\/github\.com\/github-copilot\/signup/ },
}, { what: 'a personal access token',
  answer: { status: 403, body: { message: 'Resource not accessible by personal access token' } },
  wanted: { code: 'github_token_rejected', message: /personal access tokens/ } }, { what: 'another 403',
  answer: { status: 403, body: '<html>' },
  wanted: { code: 'github_token_rejected', message: 'GitHub refuses Copilot to this account.' } }, {
  what: 'an app without Copilot',
  answer: { status: 404, body: { message: 'Not Found' } },
  wanted: { code: 'github_token_rejected', message: /device flow/ },
}, { what: 'a rate limit sent as 403',
  answer: { status: 403, body: { message: 'API rate limit exceeded for user ID 1.' },
    headers: { 'x-ratelimit-reset': String(clock.now() / 1_000 + 90) } },
  wanted: { code: 'rate_limited', status: 429, headers: { 'retry-after': '90' } } }, {
  what: 'a rate limit with retry-after',
  answer: { status: 429, headers: { 'retry-after': '7', 'x-ratelimit-reset': '1' } },
  wanted: { code: 'rate_limited', headers: { 'retry-after': '7' } },
}, { what: 'a rate limit without a time', answer: { status: 429, headers: { 'retry-after': 'soon' } },
  wanted: { code: 'rate_limited', headers: { 'retry-after': '60' } } }, { what: 'GitHub in trouble',
  answer: { status: 500, body: '<html>Unicorn!</html>' },
  wanted: { code: 'upstream_error', status: 502, message: 'GitHub answered the token exchange with status 500.' },
  calls: 2 }, { what: 'a redirect', answer: { status: 302, headers: { location: 'https://evil.example' } },
  wanted: { code: 'upstream_error', status: 502 }, calls: 2 }, { what: 'HTML', answer: { body: '<html>' },
  wanted: { code: 'upstream_error', status: 502 }, calls: 2 }, { what: 'no token',
  answer: dated(good({ token: undefined })), wanted: { code: 'upstream_error', status: 502 }, calls: 2 }, {
  what: 'a token that no header can carry',
  answer: dated(good({ token: 'a\r\nb' })),
  wanted: { code: 'upstream_error' },
  calls: 2,
}, { what: 'no expires_at', answer: dated(good({ expires_at: 'soon' })), wanted: { code: 'upstream_error' }, calls: 2 },
  { what: 'a token that has expired', answer: dated(good({ expires_at: Math.floor(clock.now() / 1_000) - 1 })),
    wanted: { code: 'upstream_error', status: 502, message: /expired/ }, calls: 2 }, { what: 'a reply that never ends',
  answer: { body: ' '.repeat(65_537) }, wanted: { code: 'upstream_error' }, calls: 2 }]
for (const { what, answer, wanted, calls = 1 } of refusals) {
  t.test(`createExchange() gives the right error for ${what}, after ${calls} call(s)`, async t => {
    const send = createScriptedSend(answer)
    const error = await run(send).then(() => null, (thrown: unknown) => thrown as Error)
    t.match(error, wanted)
    t.equal(send.requests.length, calls)
    t.notOk(error?.message.includes(token))
    t.notMatch(error?.message, /<html/)
  })
}

t.test("createExchange() shows GitHub's message as one short line of plain text", async t => {
  const error = await run(
    createScriptedSend({ status: 403,
      body: { error_details: { message: `a\r\nb\u0000c\u202ed ${'x'.repeat(5_000)}` } } }),
  ).catch((thrown: unknown) => thrown as Error)
  t.match((error as Error).message, /^GitHub gives this account no Copilot: a b c d x+$/)
  t.ok((error as Error).message.length < 600)
})

t.test('createExchange() tries once more after a 5xx, and accepts the second answer', async t => {
  const send = createScriptedSend({ status: 502 }, dated(good()))
  t.match(await run(send), { token: 'tid=1;exp=2:mac' })
  t.equal(send.requests.length, 2)
})

t.test('createExchange() accepts a Copilot host from GitHub, and sends no token to any other', async t => {
  const trusted = {
    'https://api.individual.githubcopilot.com': 'https://api.individual.githubcopilot.com',
    'https://api.business.githubcopilot.com///': 'https://api.business.githubcopilot.com',
    'https://api.githubcopilot.com:443/': 'https://api.githubcopilot.com',
  }
  for (const [api, base] of Object.entries(trusted)) {
    t.match(await run(createScriptedSend(dated(good({ endpoints: { api } })))), { base })
  }
  for (const endpoints of [undefined, null, {}, { api: '' }, { api: null }, 'text']) {
    t.match(await run(createScriptedSend(dated(good({ endpoints })))), { base: null })
  }
  const evil = ['https://evil.example', 'https://api.githubcopilot.com.evil.com', 'https://evilgithubcopilot.com',
    'https://githubcopilot.com.evil', 'https://user:pw@api.individual.githubcopilot.com',
    'https://api.individual.githubcopilot.com@evil.example', 'http://api.individual.githubcopilot.com',
    'https://api.individual.githubcopilot.com:8443', 'https://api.individual.githubcopilot.com?x=1',
    'https://api.individual.githubcopilot.com#x', 'https://evil.example/.githubcopilot.com',
    'https://evil.example\\.githubcopilot.com', 'ftp://api.githubcopilot.com', '//api.githubcopilot.com',
    'api.githubcopilot.com', 7, 'https://api.individual.githubcopilot.com.', 'https://127.0.0.1', 'http://localhost', [
    'https://api.githubcopilot.com',
  ]]
  for (const api of evil) {
    await t.rejects(run(createScriptedSend(dated(good({ endpoints: { api } })))), { code: 'upstream_error', status: 502,
      message: /does not trust/ }, String(api))
  }
})

t.test("createExchange() accepts the tenant's own host, and the configured one", async t => {
  const tenant = createExchange(configOf({ GITHUB_ENTERPRISE_DOMAIN: 'company.ghe.com' }),
    createScriptedSend(dated(good({ endpoints: { api: 'https://copilot-api.company.ghe.com' } }))), clock)
  t.match(await tenant(token, new AbortController().signal), { base: 'https://copilot-api.company.ghe.com' })
  const local = createExchange(configOf({ COPILOT_API_BASE_URL: 'http://localhost:9000' }),
    createScriptedSend(dated(good({ endpoints: { api: 'http://localhost:9000/' } }))), clock)
  t.match(await local(token, new AbortController().signal), { base: 'http://localhost:9000' })
  await t.rejects(run(createScriptedSend(dated(good({ endpoints: { api: 'https://copilot-api.company.ghe.com' } })))), {
    code: 'upstream_error',
  })
})

t.test('createExchange() stops when the caller has left; a broken body is an upstream error', async t => {
  const controller = new AbortController()
  controller.abort(new Error('left'))
  const send = createScriptedSend(new Error('left'))
  await t.rejects(run(send, controller.signal), /left/)
  t.equal(send.requests.length, 1)
  await t.rejects(run(createScriptedSend(new Error('ECONNRESET'))), { code: 'upstream_error', status: 502 })
})
