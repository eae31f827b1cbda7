// docs/spec/copilot.md#emulator: the exchange, and the data about a user.
import t from 'tap'
import { call, connect, rawRequest, says } from './client.ts'
import type { SeatKind } from '../../src/emulator/emulator.ts'

const path = '/copilot_internal/v2/token'
const hello = { model: 'gpt-4o', messages: says('hello') }

t.test('the exchange gives a token that names its expiry, its refresh time and its own host', async t => {
  const now = 1_774_700_000_000
  const { emulator, exchange } = await connect(t, { now: () => now })
  const { json } = await exchange()
  t.match(json.token,
    new RegExp(
      '^tid=[0-9a-f]{32};exp=1774701800;iat=1774700000;sku=yearly_subscriber;'
        + String.raw`proxy-ep=proxy\.individual\..*:[0-9a-f]{64}$`,
    ))
  t.match(json, { expires_at: 1_774_701_800, refresh_in: 1500,
    endpoints: { api: `${emulator.origin}/plan/individual` } })
})

t.test('the exchange needs a scheme, a user agent and a known token', async t => {
  const { emulator, seat } = await connect(t)
  const url = emulator.githubApiUrl + path
  const ask = async (authorization: string) => (await call(url, { headers: { authorization } })).status
  t.equal(await ask(`Token ${seat.githubToken}`), 200)
  t.equal(await ask(`Bearer ${seat.githubToken}`), 200)
  t.equal(await ask(seat.githubToken), 401)
  t.equal(await ask('token ghu_unknown'), 401)
  t.equal(await ask('token ghp_classic'), 403)
  t.equal(await ask('token github_pat_fine'), 403)
  t.equal((await rawRequest(url, { authorization: `token ${seat.githubToken}` })).status, 403, 'without a user agent')
})

t.test('the exchange refuses each kind of account in its own way', async t => {
  const { emulator, exchange } = await connect(t)
  t.match(await exchange(emulator.addSeat({ state: 'revoked' })), { status: 401, json: { message: 'Bad credentials' } })
  t.match(await exchange(emulator.addSeat({ state: 'no-seat', login: 'mona' })), { status: 403,
    json: { error_details: { notification_id: 'no_copilot_access', message: /mona/ } } })
  t.match(await exchange(emulator.addSeat({ state: 'wrong-app' })), { status: 404, json: { message: 'Not Found' } })
  t.match(await exchange(emulator.addSeat({ state: 'policy' })), { status: 403,
    json: { error_details: { notification_id: 'feature_flag_blocked' } } })
  const limited = await exchange(emulator.addSeat({ state: 'rate-limited' }))
  t.match(limited, { status: 403, json: { message: /^API rate limit exceeded/ } })
  t.equal(limited.headers.get('x-ratelimit-remaining'), '0')
})

t.test('every exchange is counted, also those that fail', async t => {
  const { emulator, seat, exchange } = await connect(t)
  emulator.fault({ path }, { kind: 'status', status: 500, body: 'oops' })
  t.equal((await exchange()).status, 500)
  await exchange()
  t.equal(seat.exchanges, 3)
  t.equal(seat.tokensIssued.length, 2)
})

t.test('a token is refused with plain text once it has expired', async t => {
  let now = Date.now()
  const { emulator, post } = await connect(t, { now: () => now })
  now += 1799 * 1000
  t.equal((await post('/chat/completions', hello)).status, 200)
  now += 1000
  const { status, text, headers } = await post('/chat/completions', hello)
  t.equal(status, 401)
  t.equal(text, 'IDE token expired: unauthorized: token expired\n')
  t.match(headers.get('content-type'), /^text\/plain/)
  t.same(emulator.problems, [])
})

t.test('strict refresh ends a token a minute after refresh_in', async t => {
  let now = Date.now()
  const { post } = await connect(t, { now: () => now, strict: { refresh: true } })
  now += 1559 * 1000
  t.equal((await post('/chat/completions', hello)).status, 200)
  now += 1000
  t.equal((await post('/chat/completions', hello)).status, 401)
})

t.test('expireTokens() refuses tokens issued so far, not later ones', async t => {
  const { emulator, post, exchange, headers, api } = await connect(t)
  emulator.expireTokens()
  t.equal((await post('/chat/completions', hello)).status, 401)
  const { json } = await exchange()
  const again = await call(`${api}/models`, { headers: { ...headers, authorization: `Bearer ${json.token}` } })
  t.equal(again.status, 200)
})

t.test('a token is misdirected at the default host if its reply named another host', async t => {
  const { emulator, seat, headers } = await connect(t)
  const models = () => call(`${emulator.copilotUrl}/models`, { headers })
  t.equal((await models()).status, 421)
  t.equal((await call(`${emulator.origin}/plan/business/models`, { headers })).status, 421)
  t.equal((await call(`${emulator.accountUrl.replace('{account}', 'acme')}/models`, { headers })).status, 200,
    'an account host accepts any token')
  t.equal(emulator.requests.at(-1)?.label, 'acme')
  seat.strictHost = false
  t.equal((await models()).status, 200)
})

t.test('if a reply has no endpoints, the default host serves', async t => {
  const { api, emulator, get } = await connect(t, {}, { endpointsApi: null })
  t.equal(api, emulator.copilotUrl)
  t.equal((await get('/models')).status, 200)
})

t.test('/copilot_internal/user has a fixture for every kind of account, and accepts only GitHub tokens', async t => {
  const { emulator, token } = await connect(t)
  const url = `${emulator.githubApiUrl}/copilot_internal/user`
  const ask = async (kind: SeatKind) =>
    (await call(url, { headers: { authorization: `token ${emulator.addSeat({ kind }).githubToken}` } })).json
  t.match(await ask('paid'), {
    quota_snapshots: { chat: { unlimited: true },
      premium_interactions: { entitlement: 300, quota_remaining: 213.6, remaining: 213 } },
  })
  const free = await ask('free')
  t.match(free, { access_type_sku: 'free_limited_copilot', copilot_plan: 'individual',
    limited_user_quotas: { chat: 480 }, monthly_quotas: { chat: 500 }, limited_user_reset_date: /^\d{4}-\d\d-\d\d$/ })
  t.notOk('quota_snapshots' in free)
  t.match(await ask('negative'), {
    quota_snapshots: { premium_interactions: { remaining: -1, percent_remaining: -0.33 } },
  })
  const bare = await ask('bare')
  t.notOk('quota_snapshots' in bare || 'limited_user_quotas' in bare)
  t.equal((await call(url, { headers: { authorization: `token ${token}` } })).status, 401)
  const { json } = await call(`${emulator.githubApiUrl}/user`, {
    headers: { authorization: `token ${emulator.addSeat({ login: 'mona' }).githubToken}` },
  })
  t.equal(json.login, 'mona')
})
