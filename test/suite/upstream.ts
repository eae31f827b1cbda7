// Requests to Copilot: headers built from scratch, the right host, the right token, and nothing of the client's.
import type { Frame } from '../fixtures/cases.ts'
import { call, until } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { openAi, says } from './openai.ts'

const path = '/chat/completions'
/** Headers that a runtime's own HTTP client adds; none of them is the client's. */
const ofTransport = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept', 'accept-language',
  'sec-fetch-mode', 'cf-worker', 'cf-ew-via', 'cdn-loop']

export function upstreamSuite ({ target, test, testWith }: Frame): void {
  const { emulator } = target
  const chat = ({ base, password }: User, headers: Record<string, string> = {}, more: object = {}) =>
    call(`${base}/chat/completions`, { json: { model: 'gpt-4o', messages: says('hi'), ...more },
      headers: { authorization: `Bearer ${password}`, ...headers } })

  test('Copilot gets these headers and no others, whatever the client sends', async t => {
    const user = await target.addUser()
    const odd = {
      cookie: 'session=1',
      'x-api-key': user.password,
      'openai-organization': 'org-1',
      'openai-project': 'p',
      'x-stainless-lang': 'js',
      'user-agent': 'curl/8',
      referer: 'https://page.example/',
      'x-forwarded-for': '203.0.113.9',
      'x-request-id': 'mine',
      'x-initiator': 'agent',
      'copilot-vision-request': 'true',
      'editor-version': 'vscode/0.1.0',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'x',
      'idempotency-key': '1',
      'accept-encoding': 'br',
      priority: 'u=1',
      origin: 'https://page.example',
      'accept-language': 'de',
      'x-github-api-version': '2000-01-01',
      'copilot-integration-id': 'else',
      'openai-intent': 'else',
      'cf-connecting-ip': '203.0.113.9',
      traceparent: '00-1',
      'constructor': 'x',
      '__proto__': 'x',
    }
    const { status, headers: reply } = await chat(user, odd)
    t.equal(status, 200)
    const { headers, json } = target.seen(path)[0] ?? { headers: {}, json: undefined }
    const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTransport.includes(name)))
    t.match(own['x-request-id'], /^[0-9a-f-]{36}$/)
    t.equal(own['x-request-id'], reply.get('x-request-id'), 'one id from the client to Copilot')
    t.same(own, {
      authorization: `Bearer ${user.seat.tokensIssued[0] ?? ''}`,
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'user-agent': 'GitHubCopilotChat/0.49.0',
      'editor-version': 'vscode/1.121.0',
      'editor-plugin-version': 'copilot-chat/0.49.0',
      'copilot-integration-id': 'vscode-chat',
      'openai-intent': 'conversation-panel',
      'x-github-api-version': '2026-01-09',
      'x-vscode-user-agent-library-version': 'electron-fetch',
      'x-initiator': 'user',
      'x-request-id': own['x-request-id'],
      'x-interaction-id': own['x-interaction-id'],
      'x-interaction-type': 'conversation-panel',
      'x-agent-task-id': own['x-request-id'],
    })
    t.match(own['x-interaction-id'], /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/)
    t.same(json, { model: 'gpt-4o', messages: says('hi') })
  })

  test('GitHub gets only the GitHub token, and Copilot only the Copilot token', async t => {
    const user = await target.addUser()
    await chat(user)
    await call(`${user.base}/usage`, { headers: { 'x-api-key': user.password } })
    for (const { host, headers } of target.seen()) {
      t.match(headers['authorization'],
        host === 'github-api' ? `token ${user.seat.githubToken}` : `Bearer ${user.seat.tokensIssued[0] ?? ''}`)
    }
    t.same(new Set(target.seen().map(({ host }) => host)), new Set(['github-api', 'plan']))
  })

  test("the token reply names the host; without it, the default; with an account type, the account's", async t => {
    const where = () => target.seen(path).map(({ host, label }) => label === undefined ? host : `${host}/${label}`)
    await chat(await target.addUser(undefined, { plan: 'business' }))
    await chat(await target.addUser(undefined, { endpointsApi: null }))
    t.same(where(), ['plan/business', 'copilot'])
    const user = await target.addUser()
    target.begin()
    for (const label of ['enterprise', 'a', 'my-company-7', 'a'.repeat(63), ' business ', '']) {
      t.equal((await chat(user, { 'x-copilot-account-type': label })).status, 200, label)
    }
    t.same(where(), ['account/enterprise', 'account/a', 'account/my-company-7', `account/${'a'.repeat(63)}`,
      'account/business', 'plan/individual'])
  })

  test('a malformed account type is 400, and nothing is sent', async t => {
    const user = await target.addUser()
    for (const label of ['ENTERPRISE', 'a.b', 'evil.com/', 'evil.com#', '-a', 'a-', 'a b', 'a'.repeat(64), '%2e', 'a@b',
      'enterprise, evil']) {
      t.match(await chat(user, { 'x-copilot-account-type': label }), { status: 400,
        json: { error: { code: 'invalid_request', type: 'invalid_request_error' } } }, label)
    }
    t.same(target.seen(path), [])
    const { status } = await call(`${user.base}/chat/completions?x-copilot-account-type=evil`, {
      json: { model: 'gpt-4o', messages: says('hi'), api_base: 'http://127.0.0.1:1', base_url: 'http://127.0.0.1:1',
        url: 'x', host: 'x', headers: { x: 'y' } },
      headers: { 'x-api-key': user.password },
    })
    t.equal(status, 200, 'no other field of a request chooses a host')
  })

  testWith({ ACCOUNT_TYPES: 'individual,business' }, 'ACCOUNT_TYPES allows no other type', async (t, own) => {
    const { base, password } = await own.addUser()
    const status = async (label: string) =>
      (await call(`${base}/models`, { headers: { 'x-api-key': password, 'x-copilot-account-type': label } })).status
    t.same([await status('business'), await status('enterprise')], [200, 400])
  })

  test('a token reply with a foreign host is not followed: 502, and the token goes nowhere', async t => {
    for (const endpointsApi of ['https://evil.example', 'http://api.githubcopilot.com',
      'https://api.githubcopilot.com.evil.example', 'https://user@api.githubcopilot.com',
      'https://api.githubcopilot.com:444', 'not a url']) {
      const user = await target.addUser()
      user.seat.endpointsApi = endpointsApi
      emulator.expireTokens()
      target.begin()
      t.match(await chat(user), { status: 502,
        json: { error: { code: 'upstream_error', message: /does not trust; no token was sent there/ } } }, endpointsApi)
      t.equal(target.seen(path).length, 1, 'the one call with the old token')
    }
  })

  /** Fetches the list first, so that its call is not the one that gets the 401. */
  const knowModels = ({ base, password }: User) =>
    target.askEach(() => call(`${base}/models`, { headers: { 'x-api-key': password } }))

  for (const stream of [false, true]) {
    test(`a 401 renews the token once and repeats the call${stream ? ', streamed' : ''}`, async t => {
      const user = await target.addUser()
      await knowModels(user)
      emulator.expireTokens()
      target.begin()
      const { status, text } = await chat(user, {}, { stream })
      t.equal(status, 200)
      t.match(text, stream ? /data: \[DONE\]\n\n$/ : /Hello/)
      t.same(target.seen(path).map(({ status, headers }) => [status, headers['authorization']]), [[401,
        `Bearer ${user.seat.tokensIssued[0] ?? ''}`], [200, `Bearer ${user.seat.tokensIssued[1] ?? ''}`]])
      t.equal(target.seen(path)[0]?.body, target.seen(path)[1]?.body)
      t.equal(user.seat.exchanges, 2)
    })
  }

  test('a 401 for a new token may be temporary: after a pause the call is repeated once more', async t => {
    const user = await target.addUser()
    emulator.fault({ path }, { kind: 'status', status: 401, body: 'unauthorized\n' }, 2)
    const began = performance.now()
    t.equal((await chat(user)).status, 200)
    t.ok(performance.now() - began >= 900, 'the pause')
    t.same([target.seen(path).length, user.seat.exchanges], [3, 2])
  })

  test('a new token that never works is 403 github_token_rejected; no exchange follows within 30 s', async t => {
    const user = await target.addUser()
    emulator.fault({ path }, { kind: 'status', status: 401, body: 'unauthorized\n' }, 5)
    t.match(await chat(user), { status: 403, json: {
      error: { code: 'github_token_rejected', type: 'permission_error', message: /github\.com\/settings\/copilot/ },
    } })
    t.match(await chat(user), { status: 403 })
    t.same([target.seen(path).length, user.seat.exchanges], [4, 2])
  })

  for (const stream of [false, true]) {
    test(
      `M1: a token revoked again within 3 s is renewed three times, then 503 with retry-after${
        stream ? ', streamed' : ''
      }`,
      async t => {
        const user = await target.addUser()
        for (const round of [1, 2, 3]) {
          emulator.expireTokens()
          const statuses = (await Promise.all(Array.from({ length: 8 }, () => chat(user, {}, { stream })))).map((
            { status },
          ) => status)
          t.same(statuses, Array(8).fill(200), `revoked ${round} times`)
          t.equal(user.seat.exchanges, 1 + round, 'one exchange for all calls at once')
        }
        emulator.expireTokens()
        for (const { status, json, headers } of await Promise.all(
          Array.from({ length: 8 }, () => chat(user, {}, { stream })),
        )) {
          t.match({ status, json }, { status: 503, json: {
            error: { code: 'copilot_token_unstable', type: 'server_error', message: /link to GitHub is intact/ },
          } })
          const seconds = Number(headers.get('retry-after'))
          t.ok(seconds >= 1 && seconds <= 30, `${seconds} s`)
        }
        t.equal(user.seat.exchanges, 4)
        if (target.clock === null) return
        target.clock.advance(30_000)
        t.equal((await chat(user, {}, { stream })).status, 200)
      },
    )
  }

  test('calls that all get a 401 at once share one renewal', async t => {
    const user = await target.addUser()
    emulator.expireTokens()
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => chat(user)))).map(({ status }) => status)
    t.same(statuses, Array(20).fill(200))
    t.equal(user.seat.exchanges, 2)
  })

  test('no other POST is repeated', async t => {
    const user = await target.addUser()
    for (const fault of [{ kind: 'reset-before' }, { kind: 'status', status: 500, body: 'x' }, { kind: 'status',
      status: 503, body: 'x' }, { kind: 'status', status: 429, body: 'x' }, { kind: 'reset-after', events: 0 }, {
      kind: 'redirect',
      location: 'https://evil.example/',
    }] as const) {
      target.begin()
      emulator.fault({ path }, fault)
      t.not((await chat(user)).status, 200, fault.kind)
      t.equal(target.seen(path).length, 1, fault.kind)
    }
  })

  test('a token is renewed before it expires, while requests still use the old one', async t => {
    if (target.clock === null) return
    const user = await target.addUser()
    await knowModels(user)
    target.clock.advance(1_510_000)
    const used = () =>
      user.seat.tokensIssued.indexOf(target.seen(path).at(-1)?.headers['authorization']?.slice(7) ?? '')
    // The renewal is slow enough for the request to be sent first, however busy the machine is.
    emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'delay', ms: 500 })
    t.equal((await chat(user)).status, 200)
    t.equal(used(), 0)
    await until(() => user.seat.tokensIssued.length > 1, 'the renewal')
    // Bounded by time, not by number: a quiet machine answers fifty requests before the slow renewal is done.
    for (const until = performance.now() + 10_000; used() === 0 && performance.now() < until;) {
      t.equal((await chat(user)).status, 200)
    }
    t.equal(used(), 1, 'the renewal ran behind the first of them')
    emulator.strict.refresh = true
    target.clock.advance(1_700_000)
    t.equal((await chat(user)).status, 200)
    emulator.strict.refresh = false
    t.ok(target.seen(path).every(({ status }) => status === 200), 'no request needed a 401')
    t.equal(user.seat.exchanges, 3)
  })

  test("the SDK's own headers are not passed on", async t => {
    await openAi(await target.addUser(), { 'OpenAI-Organization': 'org-1', 'X-Title': 'mine',
      'HTTP-Referer': 'https://page.example' }).chat.completions.create({ model: 'gpt-4o', messages: says('hi') })
    t.same(
      Object.keys(target.seen(path)[0]?.headers ?? {}).filter(name =>
        /stainless|organization|title|referer/.test(name)
      ),
      [],
    )
  })
}
