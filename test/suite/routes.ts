// Which routes exist and how a request must look. Every answer is JSON and has a request id.
import type { Frame } from '../fixtures/cases.ts'
import { call, rawCall, settled } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { says } from './openai.ts'

const auth = ({ password }: User) => ({ authorization: `Bearer ${password}` })

export function routesSuite ({ target, test, testWith }: Frame): void {
  const { origin } = target

  test('every path works with /v1, without it and with it doubled', async t => {
    const user = await target.addUser()
    const headers = auth(user)
    for (const base of ['/v1', '', '/v1/v1']) {
      const url = `${origin}/${user.username}${base}`
      t.match(await call(`${url}/chat/completions`, { json: { messages: says('hi') }, headers }), { status: 200,
        json: { object: 'chat.completion' } }, base)
      t.match(await call(`${url}/embeddings`, { json: { model: 'text-embedding-3-small', input: 'x' }, headers }), {
        status: 200,
        json: { object: 'list' },
      }, base)
      t.match(await call(`${url}/models`, { headers }), { status: 200, json: { object: 'list' } }, base)
      t.match(await call(`${url}/models/gpt-4o`, { headers }), { status: 200, json: { id: 'gpt-4o' } }, base)
      t.match(await call(`${url}/usage`, { headers }), { status: 200, json: { object: 'usage' } }, base)
      t.match(await call(`${url}/models?limit=5&x=y`, { headers }), { status: 200 }, 'a query has no effect')
    }
  })

  test('an unknown route is 404, a wrong method 405 with Allow, both in the form of the dialect', async t => {
    const user = await target.addUser()
    const headers = auth(user)
    for (const path of ['/v1/completions', '/v1/nothing', '/v2/models', '/v1/models/a/b', '/v1/chat',
      '/v1/v1/v1/models']) {
      t.match(await call(`${origin}/${user.username}${path}`, { headers }), { status: 404,
        json: { error: { code: 'not_found', type: 'invalid_request_error', param: null, message: /./ } } }, path)
    }
    for (const [method, path, allow] of [['GET', '/chat/completions', 'POST'], ['PUT', '/chat/completions', 'POST'], [
      'POST',
      '/models',
      'GET',
    ], ['DELETE', '/models/gpt-4o', 'GET, POST'], ['PATCH', '/usage', 'GET'], ['GET', '/embeddings',
      'POST']] as const) {
      const got = await call(`${user.base}${path}`, { method, headers })
      t.match(got, { status: 405, json: { error: { code: 'method_not_allowed' } } }, `${method} ${path}`)
      t.equal(got.headers.get('allow'), `${allow}, OPTIONS`)
    }
    t.match(await call(`${user.base}/messages/nothing`, { headers }), { status: 404,
      json: { type: 'error', error: { type: 'not_found_error' } } }, "Anthropic's clients find their error shape")
    for (const path of ['/nothing/at/all/here', '/.env', '/static/..%2f..%2fpackage.json', '/admin/users', '/metrics',
      '/package.json', '/tsconfig.json', '/assets/types.d.ts', '/.assetsignore']) {
      t.equal((await call(origin + path)).status, 404, path)
    }
  })

  test('a body that is not a JSON object is 400, a body of another type 415', async t => {
    const user = await target.addUser()
    const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      call(`${user.base}/chat/completions`, { method: 'POST', body,
        headers: { 'content-type': 'application/json', ...auth(user), ...headers } })
    for (const body of ['', '{', 'null', '[]', '"x"', '1', 'NaN', '{"a":1,}', '{"model":"gpt-4o"',
      new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), '['.repeat(100_000),
      `{"messages":${'['.repeat(500)}${']'.repeat(500)}}`]) {
      t.match(await send(body), { status: 400,
        json: { error: { code: 'invalid_request', type: 'invalid_request_error' } } }, String(body).slice(0, 20))
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
      'application/json; charset=utf-16', 'application/jsonx']) {
      t.match(await send('{}', { 'content-type': type }), { status: 415,
        json: { error: { code: 'unsupported_media_type' } } }, type)
    }
    for (const encoding of ['compress', 'deflate, gzip']) {
      t.equal((await send('{}', { 'content-encoding': encoding })).status, 415, encoding)
    }
    const good = JSON.stringify({ messages: says('hi') })
    for (const type of ['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'APPLICATION/JSON',
      'application/vnd.api+json']) t.equal((await send(good, { 'content-type': type })).status, 200, type)
    t.equal((await send(good, { 'content-encoding': 'identity' })).status, 200)
    t.match(
      (await rawCall(origin,
        `POST /${user.username}/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: `
          + `close\r\nAuthorization: Bearer ${user.password}\r\nContent-Length: ${good.length}\r\n\r\n${good}`)).split(
          '\r\n',
        )[0],
      /200/,
      'no content type at all',
    )
  })

  test('a wrong field is 400, and the error names it', async t => {
    const user = await target.addUser()
    for (const [body, param] of [[{}, 'messages'], [{ messages: [] }, 'messages'], [{ messages: 'hi' }, 'messages'], [{
      messages: says('x'),
      stream: 'true',
    }, 'stream'], [{ messages: says('x'), stream: 1 }, 'stream'], [{ messages: says('x'), model: 7 }, 'model'], [{
      messages: says('x'),
      model: 'a\nb',
    }, 'model'], [{ messages: says('x'), model: 'a'.repeat(10_000) }, 'model']] as const) {
      t.match(await call(`${user.base}/chat/completions`, { json: body, headers: auth(user) }), { status: 400,
        json: { error: { code: 'invalid_request', param } } }, JSON.stringify(body).slice(0, 60))
    }
    t.same(target.seen('/chat/completions'), [])
    for (const odd of [
      '{"messages":[{"role":"user","content":"hi"}],"__proto__":{"stream":true},"constructor":{"prototype":{"x":1}}}',
      '{"messages":[{"role":"user","content":"\\ud800"}]}',
      '{"messages":[{"role":"user","content":"hi"}],"seed":1e400}',
    ]) {
      const { status } = await call(`${user.base}/chat/completions`, { method: 'POST', body: odd,
        headers: { 'content-type': 'application/json', ...auth(user) } })
      t.ok(status === 200 || status === 400, `${status}`)
    }
    t.ok(target.seen('/chat/completions').every(({ json }) => json !== undefined), 'upstream gets JSON')
    t.equal(
      (await call(`${user.base}/chat/completions`, { json: { messages: says('hi') }, headers: auth(user) })).json
        .object,
      'chat.completion',
    )
  })

  testWith({ MAX_BODY_BYTES: '100000' }, 'a body above MAX_BODY_BYTES is 413, by its declared length or by its bytes',
    async (t, own) => {
      const user = await own.addUser()
      const large = { messages: says('x'.repeat(100_000)) }
      t.match(await call(`${user.base}/chat/completions`, { json: large, headers: auth(user) }), { status: 413,
        json: { error: { code: 'request_too_large', type: 'invalid_request_error' } } })
      const chunked = `POST /${user.username}/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n`
        + `Content-Type: application/json\r\nAuthorization: Bearer ${user.password}\r\n`
        + `Transfer-Encoding: chunked\r\n\r\n186a0\r\n${'x'.repeat(100_000)}\r\n5\r\nxxxxx\r\n0\r\n\r\n`
      t.match(await rawCall(own.origin, chunked), /^HTTP\/1\.1 413 /)
      t.equal(
        (await call(`${user.base}/chat/completions`, { json: { messages: says('x'.repeat(90_000)) },
          headers: auth(user) })).status,
        200,
      )
      t.same(own.seen('/chat/completions').length, 1)
    })

  testWith({ MAX_BODY_BYTES: '100000' }, 'a body whose references make it larger than MAX_BODY_BYTES is 413',
    async (t, own) => {
      const user = await own.addUser()
      const post = (path: string, json: object) => call(`${user.base}${path}`, { json, headers: auth(user) })
      const first = await post('/responses', { model: 'gpt-4.1', input: 'word '.repeat(1_000) })
      const { id } = first.json.output.at(-1)
      const refer = (count: number) => ({ model: 'gpt-4.1', input: Array.from({ length: count }, () => ({ id })) })
      t.equal((await post('/responses', refer(2))).status, 200)
      const sent = own.seen('/chat/completions').length
      for (const path of ['/responses', '/responses/input_tokens', '/responses/compact']) {
        t.match(await post(path, refer(1_500)), { status: 413, json: { error: { code: 'request_too_large' } } }, path)
      }
      const chain = await post('/responses', { model: 'gpt-4.1', input: 'x'.repeat(60_000) })
      t.match(await post('/responses', { previous_response_id: chain.json.id, input: 'x'.repeat(60_000) }), {
        status: 413,
      })
      t.equal(own.seen('/chat/completions').length, sent + 1, 'upstream sees none of them')
    })

  test('every answer has its own request id, and none may be cached or sniffed', async t => {
    const user = await target.addUser()
    const ids = new Set<string>()
    const answers = [await call(`${user.base}/models`, { headers: auth(user) }), await call(`${user.base}/models`),
      await call(`${user.base}/nothing`, { headers: auth(user) }),
      await call(`${user.base}/chat/completions`, { headers: auth(user) }),
      await call(`${user.base}/chat/completions`, { json: { messages: says('hi') }, headers: auth(user) }),
      await call(`${user.base}/chat/completions`, { json: { messages: says('hi'), stream: true },
        headers: { ...auth(user), 'x-request-id': 'mine' } }), await call(`${user.base}/models`, { method: 'OPTIONS' }),
      await call(`${origin}/${user.username}`, { method: 'HEAD' }), await call(`${origin}/`, { json: {} }),
      await call(`${origin}/healthz`), await call(`${origin}/readyz`), await call(`${origin}/nothing/x`)]
    for (const { headers, status } of answers) {
      ids.add(headers.get('x-request-id') ?? '')
      t.match(headers.get('x-request-id'), /^[0-9a-f-]{36}$/, String(status))
      t.equal(headers.get('x-content-type-options'), 'nosniff')
    }
    t.equal(ids.size, answers.length)
  })

  test('the headers of a stream make proxies pass it on unbuffered', async t => {
    const user = await target.addUser()
    const { headers } = await call(`${user.base}/chat/completions`, { json: { messages: says('hi'), stream: true },
      headers: auth(user) })
    t.match(headers.get('content-type'), /^text\/event-stream/)
    t.match(headers.get('cache-control'), /no-cache/)
    t.equal(headers.get('x-accel-buffering'), 'no')
    t.equal(headers.get('content-encoding'), null)
  })

  test('healthz calls nothing; readyz names the store, and probes it once in 30 s', async t => {
    const before = await settled(target.storeCalls)
    t.match(await call(`${origin}/healthz`), { status: 200, json: { status: 'ok' } })
    t.equal(target.storeCalls(), before)
    for (let n = 0; n < 3; n++) {
      const { status, json } = await call(`${origin}/readyz`)
      t.match({ status, json }, { status: 200,
        json: { status: 'ok', store: /^(?:memory|sqlite|valkey|cloudflare-kv)$/, registration: 'open',
          version: /^\d+\.\d+\.\d+/ } })
    }
    t.ok(target.storeCalls() - before <= 1)
  })
}
