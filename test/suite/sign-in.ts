// Credentials of the API: which headers let a caller in, and what every other caller gets.
import type { Frame } from '../fixtures/cases.ts'
import { call, rawCall, settled } from '../fixtures/http.ts'

export function signInSuite ({ target, test, testWith }: Frame): void {
  const { origin } = target

  test('a bearer, an x-api-key, both, and a bearer next to an empty x-api-key are accepted', async t => {
    const { base, password } = await target.addUser()
    const good: Array<Record<string, string>> = [{ authorization: `Bearer ${password}` }, {
      authorization: `bearer ${password}`,
    }, { authorization: `Bearer   ${password} ` }, { 'x-api-key': password }, { authorization: `Bearer ${password}`,
      'x-api-key': password }, { authorization: `Bearer ${password}`, 'x-api-key': '' }, {
      authorization: `Bearer ${password}`,
      'x-api-key': 'acpc-wrongwrong',
    }, { authorization: 'Bearer sk-something', 'x-api-key': password }, { authorization: '', 'x-api-key': password }]
    for (const headers of good) {
      t.equal((await call(`${base}/models`, { headers })).status, 200, JSON.stringify(Object.keys(headers)))
    }
  })

  test('unknown user, wrong password, missing header, malformed header: 401 with the same bytes', async t => {
    const { base, username, password } = await target.addUser()
    const other = await target.addUser()
    const answers: string[] = []
    const ask = async (url: string, headers: Record<string, string>) => {
      const got = await call(url, { headers })
      answers.push(
        JSON.stringify([got.status, got.text, [...got.headers].filter(([name]) =>
          name !== 'x-request-id' && name !== 'date'
        )]),
      )
    }
    const wrong = target.newPassword()
    for (const key of [wrong, `${password}x`, password.slice(0, -1), password.toUpperCase(), other.password, 'sk-x',
      '']) {
      await ask(`${base}/models`, { authorization: `Bearer ${key}` })
      await ask(`${base}/models`, { 'x-api-key': key })
    }
    for (const headers of [{}, { authorization: 'Bearer' }, { authorization: `Basic ${password}` }, {
      authorization: password,
    }, { cookie: `authorization=${password}` }] as Array<Record<string, string>>) await ask(`${base}/models`, headers)
    await ask(`${base}/models?key=${wrong}&authorization=Bearer%20${wrong}`, {})
    for (const name of [target.newName(), 'constructor-x', 'a'.repeat(64)]) {
      await ask(`${origin}/${name}/v1/models`, { authorization: `Bearer ${password}` })
    }
    t.equal(new Set(answers).size, 1)
    t.match(JSON.parse(answers[0] ?? ''), [401,
      /^\{"error":\{"message":"Token is invalid\.[^]*"code":"invalid_api_key"\}\}$/])
    t.notMatch(target.logs(), wrong)
    t.match(await call(`${base}/chat/completions`, { json: {}, headers: { authorization: `Bearer ${wrong}` } }), {
      status: 401,
      json: { error: { type: 'authentication_error', code: 'invalid_api_key', param: null } },
    })
    t.match(target.logs(), username)
  })

  test('a wrong key is refused before the body is read', async t => {
    const { username } = await target.addUser()
    const answer = await rawCall(origin,
      `POST /${username}/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: `
        + `application/json\r\nContent-Length: 30000000\r\n\r\n{"model`)
    t.match(answer, /^HTTP\/1\.1 401 /)
  })

  test('a repeated header is 400, whichever value comes first', async t => {
    const { username, password } = await target.addUser()
    for (const [name, one, two] of [['Authorization', `Bearer ${password}`, 'Bearer x'], ['Authorization', 'Bearer x',
      `Bearer ${password}`], ['X-Api-Key', password, password], ['X-Copilot-Account-Type', 'business',
      'enterprise']] as const) {
      const rest = name === 'X-Copilot-Account-Type' ? `Authorization: Bearer ${password}\r\n` : ''
      const answer = await rawCall(origin,
        `GET /${username}/v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${rest}${name}: `
          + `${one}\r\n${name}: ${two}\r\n\r\n`)
      t.match(answer, /^HTTP\/1\.1 400 [^]*"code":"invalid_request"/, name)
    }
  })

  test('HEAD probes get 200 at once and without credentials', async t => {
    for (const path of ['', '/', '/v1', '/v1/', '/api/hello']) {
      const { status, text } = await call(`${origin}/${target.newName()}${path}`, { method: 'HEAD' })
      t.same([status, text], [200, ''], path)
    }
  })

  test('a preflight needs no credentials, and pages may read answers of the API', async t => {
    const { base, username, password } = await target.addUser()
    const asked = 'authorization, x-api-key, content-type, x-stainless-os, anthropic-version'
    for (const path of ['/v1/chat/completions', '/v1/models', '/v1/embeddings', '/v1/usage', '/chat/completions',
      '/v1/v1/models']) {
      const { status, headers } = await call(`${origin}/${username}${path}`, { method: 'OPTIONS',
        headers: { origin: 'https://page.example', 'access-control-request-method': 'POST',
          'access-control-request-headers': asked } })
      t.equal(status, 204, path)
      t.equal(headers.get('access-control-allow-origin'), '*')
      t.match(headers.get('access-control-allow-methods'), /POST/)
      for (const name of asked.split(', ')) t.match(headers.get('access-control-allow-headers'), name)
      t.equal(headers.get('access-control-allow-credentials'), null, 'a wildcard never comes with credentials')
    }
    t.equal((await call(`${base}/models`, { method: 'OPTIONS' })).status, 204, 'a bare OPTIONS')
    for (const key of [password, target.newPassword()]) {
      const { headers } = await call(`${base}/models`, {
        headers: { origin: 'https://page.example', authorization: `Bearer ${key}` },
      })
      t.equal(headers.get('access-control-allow-origin'), '*')
      t.match(headers.get('access-control-expose-headers'), /x-request-id/)
    }
  })

  testWith({ CORS_ORIGIN: 'https://one.example,https://two.example' }, 'CORS_ORIGIN names who may read answers',
    async (t, own) => {
      const { base, password } = await own.addUser()
      const allowed = async (origin: string) =>
        (await call(`${base}/models`, { headers: { origin, authorization: `Bearer ${password}` } })).headers.get(
          'access-control-allow-origin',
        )
      t.same([await allowed('https://one.example'), await allowed('https://two.example'),
        await allowed('https://evil.example')], ['https://one.example', 'https://two.example', null])
    })

  test('a malformed user name is 400 or 404, and no path gets around it', async t => {
    const { username, password } = await target.addUser()
    const headers = { authorization: `Bearer ${password}` }
    for (const name of [username.toUpperCase(), `-${username}`, `${username}-`, `${username}--x`, 'a'.repeat(65), 'v1',
      '%2e%2e', `${username}%2f`, `${username}%00`]) {
      const { status } = await call(`${origin}/${name}/v1/models`, { headers })
      t.ok(status === 400 || status === 404, `${name.slice(0, 20)}: ${status}`)
    }
    const raw = await rawCall(origin,
      `GET /x/../${username}/v1//models HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer `
        + `${password}\r\n\r\n`)
    t.match(raw, /^HTTP\/1\.1 40[04] /)
  })

  test('within 60 s of the last check a request makes no store call, after that one', async t => {
    const { base, password } = await target.addUser()
    const ask = async () => {
      const before = await settled(target.storeCalls)
      t.equal((await call(`${base}/usage`, { headers: { authorization: `Bearer ${password}` } })).status, 200)
      return target.storeCalls() - before
    }
    await ask()
    t.equal(await ask() + await ask(), 0)
    if (target.clock === null) return
    // KV may be a minute behind, so the process trusts its own writes for longer than that.
    target.clock.advance(91_000)
    t.same([await ask(), await ask()], [1, 0])
    target.clock.advance(59_000)
    t.equal(await ask(), 0)
    target.clock.advance(2_000)
    t.equal(await ask(), 1)
  })

  test('a record in the original layout is converted once: sealed, and its keys deleted', async t => {
    if (target.putRaw === null) return
    const [username, password, { githubToken }] = [target.newName(), target.newPassword(), target.addSeat()]
    const key = `cred:${username}:${password}:${githubToken}`
    await target.putRaw(`user:${username}`, key)
    await target.putRaw(key, '')
    const ask = (key: string) =>
      call(`${origin}/${username}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
    t.equal((await ask(target.newPassword())).status, 401)
    t.match(await target.dumpStore(), key, 'a wrong password changes nothing')
    t.equal((await ask(password)).status, 200)
    const dump = await target.dumpStore()
    t.match(dump, new RegExp(`^user:${username}\t\\{"v":2,`, 'm'))
    t.notMatch(dump, `${key}\t`)
    t.equal((await ask(password)).status, 200)
  })
}
