// The document at /openapi.json, and real answers of every kind compared with it.
import { statusOfState } from '../../src/errors.ts'
import { knownErrors } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call, type Got } from '../fixtures/http.ts'
import { createChecker } from '../fixtures/openapi.ts'
import { isWorkerd, type Target, type User } from '../fixtures/targets.ts'
import { says } from './openai.ts'

const adminToken = 'operator-AdminToken-0123456789'
const auth = ({ password }: Pick<User, 'password'>) => ({ authorization: `Bearer ${password}` })
const base = '/{username}/v1'
/** One request in each dialect, by its path below the base. */
const bodies = {
  '/chat/completions': { model: 'gpt-4o', messages: says('hi') },
  '/responses': { model: 'gpt-4o', input: 'hi' },
  '/responses/compact': { model: 'gpt-4o', input: 'hi' },
  '/responses/input_tokens': { input: 'hi' },
  '/messages': { model: 'claude-sonnet-4.5', max_tokens: 50, messages: says('hi') },
  '/messages/count_tokens': { model: 'claude-sonnet-4.5', messages: says('hi') },
  '/embeddings': { model: 'text-embedding-3-small', input: 'hi' },
} as const
const forms = { '/chat/completions': 'OpenAiError', '/responses': 'OpenAiError',
  '/messages': 'AnthropicError' } as const
const dialects = Object.keys(forms) as Array<keyof typeof forms>

/** Sends a request, and gives each way in which the answer differs from the document. */
async function ask (
  target: Target,
): Promise<
  (
    method: string,
    path: string,
    at: string,
    init?: Parameters<typeof call>[1],
  ) => Promise<{ got: Got, problems: string[] }>
> {
  const { problems } = createChecker((await call(`${target.origin}/openapi.json`)).json)
  return async (method, path, at, init = {}) => {
    const got = await call(target.origin + at, { method, ...init })
    return { got, problems: problems(method, path, got) }
  }
}

export function openApiSuite ({ target, test, testWith }: Frame): void {
  const { origin, emulator } = target

  test('the document is public, may be cached, and has one form', async t => {
    const { status, headers, json } = await call(`${origin}/openapi.json`)
    t.match({ status, json }, { status: 200,
      json: { openapi: /^3\.1\./,
        paths: { '/{username}/v1/chat/completions': { post: { operationId: 'createChatCompletion' } } } } })
    t.match(headers.get('content-type'), /^application\/json/)
    t.match(headers.get('cache-control'), /^public, max-age=\d+$/)
    t.equal((await call(`${origin}/openapi.json`, { method: 'HEAD' })).status, 200)
    const wrong = await call(`${origin}/openapi.json`, { method: 'POST' })
    t.match([wrong.status, wrong.headers.get('allow')], [405, /GET/])
    t.same(target.seen(), [], 'no other server is asked')
  })

  test('the answers of the API match the document, streamed or not', async t => {
    const [asked, user] = [await ask(target), await target.addUser()]
    const headers = auth(user)
    for (const [path, json] of Object.entries(bodies)) {
      const { got, problems } = await asked('POST', base + path, `/${user.username}/v1${path}`, { json, headers })
      t.same([got.status, problems], [200, []], path)
    }
    for (const path of dialects) {
      for (const model of ['gpt-4o', 'claude-sonnet-4.5']) {
        const { got, problems } = await asked('POST', base + path, `/${user.username}/v1${path}`, {
          json: { ...bodies[path], model, stream: true, seed: 7 },
          headers,
        })
        t.same([got.status, got.headers.get('content-type')?.split(';')[0], problems], [200, 'text/event-stream', []],
          `${path} ${model}`)
      }
    }
    t.same((await asked('POST', `${base}/embeddings`, `/${user.username}/v1/embeddings`, {
      json: { ...bodies['/embeddings'], encoding_format: 'base64' },
      headers,
    })).problems, [])
    for (const [path, at] of [['/models', '/models'], ['/models/{id}', '/models/gpt-4o'], ['/usage',
      '/usage']] as const) {
      const { got, problems } = await asked('GET', base + path, `/${user.username}/v1${at}`, { headers })
      t.same([got.status, problems], [200, []], path)
    }
    t.same((await asked('HEAD', base, `/${user.username}/v1`)).problems, [])
    t.same((await asked('GET', `${base}/responses`, `/${user.username}/v1/responses`)).problems, [])
  })

  test('the refusals of the API have the form of the dialect', async t => {
    const [asked, user] = [await ask(target), await target.addUser()]
    for (const path of dialects) {
      const at = `/${user.username}/v1${path}`
      const wanted: ReadonlyArray<readonly [number, Parameters<typeof call>[1]]> = [[401, { json: bodies[path] }], [401,
        { json: bodies[path], headers: auth({ password: 'acpc-wrongwrong' }) }], [404, {
        json: { ...bodies[path], model: 'claude-sonnet-4.9' },
        headers: auth(user),
      }], [415, { body: 'x', headers: { ...auth(user), 'content-type': 'text/plain' } }], [415, { body: 'x',
        headers: { ...auth(user), 'content-type': 'application/json', 'content-encoding': 'compress' } }], [400, {
        body: '{',
        headers: { ...auth(user), 'content-type': 'application/json' },
      }], [400, { json: { ...bodies[path], stream: 'yes' }, headers: auth(user) }], [400, { json: bodies[path],
        headers: { ...auth(user), 'x-copilot-account-type': 'No Label' } }]]
      for (const [status, init] of wanted) {
        const { got, problems } = await asked('POST', base + path, at, init)
        t.same([got.status, problems], [status, []], path)
      }
    }
    t.match(await asked('POST', `${base}/embeddings`, `/${user.username}/v1/embeddings`, {
      json: { model: 'text-embedding-3-small', input: 'x'.repeat(4 * 1_048_576) },
      headers: auth(user),
    }), { got: { status: 413 }, problems: [] })
  })

  test("Copilot's refusals have the form of the dialect too", async t => {
    const [asked, user] = [await ask(target), await target.addUser()]
    // Not a 421: fetch, which this test uses, repeats that one.
    const faults = [knownErrors.contentFilter(), knownErrors.quotaExceeded(), knownErrors.forbidden(),
      knownErrors.filtered(), knownErrors.rateLimited(), knownErrors.unavailable(), knownErrors.unicorn(),
      knownErrors.gatewayTimeout()]
    for (const path of dialects) {
      const upstream = path === '/messages' ? '/v1/messages' : '/chat/completions'
      for (const fault of faults) {
        emulator.fault({ path: upstream }, fault)
        const { got, problems } = await asked('POST', base + path, `/${user.username}/v1${path}`, { json: bodies[path],
          headers: auth(user) })
        t.same([got.status >= 400, problems], [true, []], `${path} ${JSON.stringify(fault).slice(0, 80)}`)
      }
    }
  })

  test('an unknown path or method gets an error in the form of the dialect', async t => {
    const { problemsOfNone } = createChecker((await call(`${origin}/openapi.json`)).json)
    const user = await target.addUser()
    for (const path of dialects) {
      for (const [status, method, at] of [[405, 'PUT', path], [404, 'POST',
        path === '/messages' ? '/messages/nothing' : `${path}/nothing/more`]] as const) {
        const got = await call(`${user.base}${at}`, { method, headers: auth(user) })
        t.same([got.status, problemsOfNone(forms[path], got)], [status, []], `${method} ${at}`)
      }
    }
    const got = await call(`${origin}/users/password`, { method: 'GET' })
    t.same([got.status, problemsOfNone('AccountError', got)], [405, []])
  })

  test('the answers of the account routes match the document', async t => {
    const asked = await ask(target)
    const fields = { username: target.newName(), password: target.newPassword(), token: target.addSeat().githubToken }
    const states: string[] = []
    const post = async (path: string, json: unknown, headers: Record<string, string> = {}) => {
      const { got, problems } = await asked('POST', path, path, { json, headers })
      t.same(problems, [], path)
      if (got.json?.status !== undefined) states.push(`${got.status} ${got.json.status}`)
      return got
    }
    await post('/', fields)
    await post('/', fields)
    for (const wrong of [{ token: 'x' }, { username: 'No Name' }, { username: 'admin' }, { password: 'x' }, {
      password: target.newPassword(),
    }]) await post('/', { ...fields, ...wrong })
    await post('/', fields, { 'sec-fetch-site': 'cross-site' })
    emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'html', status: 502 }, 2)
    await post('/', { ...fields, username: target.newName(), password: target.newPassword() })
    await post('/', { ...fields, token: target.addSeat({ state: 'revoked' }).githubToken })
    t.match(await asked('POST', '/', '/', { body: 'x', headers: { 'content-type': 'text/plain' } }), {
      got: { status: 415 },
      problems: [],
    })
    t.match(
      await asked('POST', '/', '/', { body: 'x'.repeat(20_000), headers: { 'content-type': 'application/json' } }),
      { got: { status: 413 }, problems: [] },
    )
    t.match(await asked('POST', '/', '/', { body: new URLSearchParams(fields), headers: { accept: 'text/html' } }), {
      got: { status: 303 },
      problems: [],
    })
    const password = target.newPassword()
    await post('/users/password', { ...fields, new_password: password })
    await post('/users/password', { ...fields, new_password: password })
    await post('/users/delete', fields)
    await post('/users/delete', { ...fields, password })
    t.same(states, ['201 saved', '200 saved', '400 invalid', '400 invalid-username', '400 invalid-username',
      '400 invalid-password', '403 auth-failed', '403 cross-site', '201 saved-unchecked', '422 github-rejected',
      '200 saved', '403 auth-failed', '403 auth-failed', '200 deleted'])
    t.ok(
      states.every(line =>
        !line.startsWith('4') || statusOfState[line.slice(4) as keyof typeof statusOfState] === Number(line.slice(0, 3))
      ),
      'each has the status from the table',
    )
  })

  test('the answers of the device flow, of pages and of probes match the document', async t => {
    const asked = await ask(target)
    for (const method of ['GET', 'POST']) {
      t.match(await asked(method, '/github/get-device-code', '/github/get-device-code'), { got: { status: 200 },
        problems: [] })
    }
    const code = 'f'.repeat(40)
    // No machine is slow enough for this interval to pass.
    emulator.fault({ path: '/login/device/code' }, { kind: 'status', status: 200, contentType: 'application/json',
      body: JSON.stringify({ device_code: code, user_code: 'ABCD-EFGH',
        verification_uri: `${emulator.githubUrl}/login/device`, expires_in: 899, interval: 5 }) })
    await call(`${origin}/github/get-device-code`, { method: 'POST' })
    emulator.fault({ path: '/login/oauth/access_token' }, { kind: 'status', status: 200,
      contentType: 'application/json',
      body: JSON.stringify({ error: 'authorization_pending', error_description: 'pending' }) })
    for (const [status, json] of [[202, { device_code: code }], [429, { device_code: code }], [400, {
      device_code: 'x',
    }]] as const) {
      t.match(await asked('POST', '/github/poll-device-code', '/github/poll-device-code', { json }), { got: { status },
        problems: [] })
    }
    for (const path of ['/', '/chat', '/healthz', '/readyz', '/openapi.json']) {
      for (const method of ['GET', 'HEAD']) {
        t.match(await asked(method, path, path), { got: { status: 200 }, problems: [] }, `${method} ${path}`)
      }
    }
  })

  testWith({ ADMIN_TOKEN: adminToken, REGISTRATION: 'closed', MAX_BODY_BYTES: '2000', AUTH_FAILURES_PER_MINUTE: '2' },
    'refusals by a limit and answers to operators match the document', async (t, own) => {
    const asked = await ask(own)
    const fields = { username: own.newName(), password: own.newPassword(), token: own.addSeat().githubToken }
    t.match(await asked('POST', '/', '/', { json: fields }), { got: { status: 403, json: { status: 'auth-failed' } },
      problems: [] })
    for (const headers of [{}, { authorization: `Bearer ${adminToken}` }]) {
      t.same((await asked('GET', '/admin/users', '/admin/users', { headers })).problems, [])
    }
    const admin = { authorization: `Bearer ${adminToken}` }
    t.match(await asked('DELETE', '/admin/users/{username}', '/admin/users/nobody', { headers: admin }), {
      got: { status: 404 },
      problems: [],
    })
    t.match(await asked('GET', '/admin/users', '/admin/users?limit=0', { headers: admin }), { got: { status: 400 },
      problems: [] })
    const counted = await call(`${own.origin}/metrics`, { headers: admin })
    if (!isWorkerd(own)) t.same((await asked('GET', '/metrics', '/metrics', { headers: admin })).problems, [])
    else t.equal(counted.status, 404)
    for (const path of dialects) {
      const statuses: number[] = []
      for (let tries = 0; tries < 3; tries++) {
        const { got, problems } = await asked('POST', base + path, `/nobody-${path.length}/v1${path}`, {
          json: bodies[path],
          headers: auth({ password: 'acpc-wrongwrong' }),
        })
        statuses.push(got.status)
        t.same(problems, [], `${path} ${got.status}`)
      }
      t.ok(statuses.every(status => status === 401 || status === 429), String(statuses))
    }
  })
}
