// H01 to H17, H22 to H28, H37 to H47: hostile HTTP, on plain sockets.
import { ceiling } from '../fixtures/ceiling.ts'
import type { User } from '../fixtures/targets.ts'
import { call, until } from '../fixtures/http.ts'
import { authLine, bodyOf, lines, raw, statuses, type Faults } from './frame.ts'

const json = 'Content-Type: application/json'

export function hostileHttp ({ fault, target }: Faults): void {
  const { origin } = target
  const post = (user: User, headers: readonly string[], body: string | Buffer) =>
    Buffer.concat([
      Buffer.from(
        lines('POST', `/${user.username}/v1/chat/completions`, ['Host: 127.0.0.1', authLine(user), json, ...headers]),
      ),
      Buffer.from(body),
    ])
  const get = (user: User, headers: readonly string[], path = `/${user.username}/v1/models`) =>
    lines('GET', path, ['Host: 127.0.0.1', authLine(user), ...headers])
  const good = JSON.stringify(bodyOf('chat'))

  /** 400 as JSON, closed by the server, and no second reply. */
  const assertRefused = async (
    t: Parameters<Parameters<Faults['fault']>[1]>[0],
    bytes: string | Buffer,
    wanted = [400],
    name = String(bytes).slice(0, 60),
  ) => {
    const { text, closed, ms } = raw(origin, bytes)
    await closed
    t.equal(text().match(/HTTP\/1\.1 /g)?.length, 1, `one reply to ${name}`)
    t.ok(wanted.includes(Number(/^HTTP\/1\.1 (\d{3})/.exec(text())?.[1])), `${text().slice(0, 30)} to ${name}`)
    t.match(text(), /content-type: application\/json[^]*\r\n\r\n\{.*"error"/i)
    t.match(text(), /connection: close/i)
    t.ok(ms() < ceiling(2_000), `closed after ${Math.round(ms())} ms`)
  }

  fault('H01 a length and chunks at once: 400, closed', async (t, { addUser }) => {
    const user = await addUser()
    await assertRefused(t,
      post(user, ['Content-Length: 7', 'Transfer-Encoding: chunked'], '0\r\n\r\nGET /x HTTP/1.1\r\n\r\n'))
  }, 'node')

  fault('H02, H03 lengths that differ, repeat or are not numbers: 400, closed', async (t, { addUser }) => {
    const user = await addUser()
    for (const lengths of [['5', '6'], ['5', '5'], ['7, 7'], ['+7'], ['-1'], ['0x7'], ['1'.repeat(23)]]) {
      await assertRefused(t, post(user, lengths.map(length => `Content-Length: ${length}`), good), [400],
        lengths.join(' and '))
    }
  }, 'node')

  fault('H04 unusual transfer encodings: 400, closed', async (t, { addUser }) => {
    const user = await addUser()
    for (const line of ['Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding: \x0bchunked', 'Transfer-Encoding : chunked']) {
      await assertRefused(t, post(user, [line], '0\r\n\r\n'), [400], line)
    }
  }, 'node')

  fault('H05 a chunk size too large for a number, chunks with bare LF, a chunk extension of 20 kB: 400, closed',
    async (t, { addUser }) => {
      const user = await addUser()
      for (const body of ['FFFFFFFFFFFFFFFFF\r\nx', `2\n{}\n0\n\n`, `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`]) {
        await assertRefused(t, post(user, ['Transfer-Encoding: chunked'], body), [400], body.slice(0, 20))
      }
    }, 'node')

  fault('H06 credentials in a trailer are ignored: 401', async (t, { addUser }) => {
    const user = await addUser()
    t.same(
      await statuses(origin,
        `${
          lines('POST', `/${user.username}/v1/chat/completions`, ['Host: 127.0.0.1', json, 'Connection: close',
            'Trailer: Authorization', 'Transfer-Encoding: chunked'])
        }2\r\n{}\r\n0\r\n${authLine(user)}\r\n\r\n`),
      [401],
    )
  })

  fault('H07 bare line ends, folded lines and NUL in headers: 400, closed', async (t, { addUser }) => {
    const user = await addUser()
    for (const line of ['X-A: 1\nX-B: 2', 'X-A: 1\rX-B: 2', 'X-A: 1\r\n folded', 'X-A: a\0b']) {
      await assertRefused(t, get(user, [line]), [400], JSON.stringify(line))
    }
  }, 'node')

  fault('H08 no Host, two Hosts: 400', async (t, { addUser }) => {
    const user = await addUser()
    for (const hosts of [[], ['Host: a', 'Host: b'], ['Host: a', 'Host: a']]) {
      t.same(
        await statuses(origin,
          lines('GET', `/${user.username}/v1/models`, [...hosts, authLine(user), 'Connection: close'])),
        [400],
        hosts.join(),
      )
    }
  }, 'node')

  fault('H09 the absolute form is a path of this host, whatever host it names', async (t, { addUser }) => {
    const user = await addUser()
    for (const [path, status] of [[`http://evil.example/${user.username}/v1/models`, 200], [
      `HTTPS://evil.example:99/${user.username}/v1/models?x=1`,
      200,
    ], ['http://evil.example', 200], ['ftp://evil.example/x', 404], [`evil.example/${user.username}/v1/models`,
      404]] as const) {
      const got = await statuses(origin, get(user, ['Connection: close'], path))
      t.ok(got[0] === status || got[0] === 400, `${path}: ${got.join()}`)
    }
  }, 'node')

  fault('H10 CONNECT is closed, TRACE and unknown methods are 404 or 405, a lower-case one is 400',
    async (t, { addUser }) => {
      const user = await addUser()
      t.same(await statuses(origin, lines('CONNECT', 'api.github.com:443', ['Host: api.github.com:443'])), [])
      for (const method of ['TRACE', 'PROPFIND', 'PURGE']) {
        const [status] = await statuses(origin,
          lines(method, `/${user.username}/v1/models`, ['Host: 127.0.0.1', authLine(user), 'Connection: close']))
        t.ok(status === 404 || status === 405, `${method}: ${status}`)
      }
      t.same(await statuses(origin, lines('get', '/healthz', ['Host: 127.0.0.1', 'Connection: close'])), [400])
    }, 'node')

  fault('H11 the preface of HTTP/2, a TLS hello and HTTP/9.9 on the plain port: 400, closed', async t => {
    for (const bytes of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', Buffer.from('16030100a5010000a10303', 'hex'),
      'GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n']) await assertRefused(t, bytes)
  }, 'node')

  fault('H12 a header of 17 kB, URLs of 20 kB and 3 kB, 1,500 and 101 headers: 431 or 414', async (t, { addUser }) => {
    const user = await addUser()
    const many = (count: number) => Array.from({ length: count }, (_, at) => `X${at}: ${at}`)
    for (const [bytes, wanted] of [[get(user, [`X-A: ${'a'.repeat(17_000)}`]), [431]], [
      get(user, [], `/${'a'.repeat(20_000)}`),
      [431, 414],
    ], [get(user, ['Connection: close'], `/${user.username}/v1/models?${'a'.repeat(3_000)}`), [414]], [
      get(user, many(1_500)),
      [431],
    ], [get(user, many(101)), [431]]] as const) await assertRefused(t, bytes, [...wanted])
    t.same(await statuses(origin, get(user, [...many(90), 'Connection: close'])), [200])
  }, 'node')

  fault('H13 headers with the names of JavaScript properties are ignored', async (t, { addUser }) => {
    const user = await addUser()
    t.same(await statuses(origin, get(user, ['__proto__: x', 'constructor: y', 'toString: z', 'Connection: close'])), [
      200,
    ])
  })

  fault('H14 two Authorization headers, in either order: 400', async (t, { addUser }) => {
    const user = await addUser()
    for (const pair of [[authLine(user), 'Authorization: Bearer x'], ['Authorization: Bearer x', authLine(user)]]) {
      t.same(
        await statuses(origin,
          lines('GET', `/${user.username}/v1/models`, ['Host: 127.0.0.1', 'Connection: close', ...pair])),
        [400],
      )
    }
  }, 'node')

  fault('H15, H16, H17 malformed keys, too long, of unusual bytes, or nearly right: 401 at once',
    async (t, { addUser }) => {
      const user = await addUser()
      const { password } = user
      const swapped = password.replace(/[a-zA-Z](?=[^a-zA-Z]*$)/,
        letter => letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())
      const flat = ['', 'Bearer', 'Bearer  ', `Basic ${password}`, `Bearer ${'a'.repeat(15_000)}`,
        `Bearer ${password}\xff\xfe`, `Bearer ${password}%00`, `Bearer ${password}x`, `Bearer ${password.slice(0, -1)}`,
        `Bearer ${swapped === password ? 'x' : swapped}`, `Bearer ${password.replace('acpc-', 'ACPC-')}`]
      for (const value of flat) {
        const { text, closed } = raw(origin,
          Buffer.from(
            lines('GET', `/${user.username}/v1/models`, ['Host: 127.0.0.1', 'Connection: close',
              `Authorization: ${value}`]),
            'latin1',
          ))
        await closed
        t.match(text(), /^HTTP\/1\.1 401 [^]*invalid_api_key/, value.slice(0, 20))
      }
      t.same(
        await statuses(origin,
          lines('GET', `/${user.username}/v1/models`, ['Host: 127.0.0.1', 'Connection: close',
            `Authorization: bearer ${password}`])),
        [200],
      )
    })

  fault('H23, H24, H25, H27 malformed user names, too long, encoded, and paths around them: never 200',
    async (t, { addUser }) => {
      const user = await addUser()
      const { username } = user
      for (const name of ['Alice', '-a', 'a-', 'a--b', 'a_b', 'a.b', '', 'a'.repeat(65), 'a'.repeat(200),
        'a'.repeat(5_000), 'a%2fb', 'a%5cb', 'a%00b', 'a%0d%0ax-evil:%201', '%c0%ae', '%zz', 'a%E2%80%8Bb']) {
        const { text, closed } = raw(origin, get(user, ['Connection: close'], `/${name}/v1/models`))
        await closed
        t.match(text(), /^HTTP\/1\.1 (?:400|404|414|431) /, name.slice(0, 20))
        t.notMatch(text().split('\r\n\r\n')[0], /evil/)
      }
      for (const path of [`/${username}/../${username}/v1/models`, `//${username}/v1/models`,
        `/${username};x/v1/models`, `/${username}/v1//models`, `/${username}/v1/models/..`]) {
        t.match(await statuses(origin, get(user, ['Connection: close'], path)), [/^40[04]$/], path)
      }
    }, 'node')

  fault('H28 an unknown route is 404 and a wrong method 405 with Allow, in the dialect of the path',
    async (t, { addUser }) => {
      const { base, password } = await addUser()
      const headers = { authorization: `Bearer ${password}` }
      t.match(await call(`${base}/nothing`, { headers }), { status: 404, json: { error: { code: 'not_found' } } })
      t.match(await call(`${base}/messages/nothing`, { headers }), { status: 404,
        json: { type: 'error', error: { type: 'not_found_error' } } })
      const wrong = await call(`${base}/models`, { method: 'DELETE', headers })
      t.equal(wrong.status, 405)
      t.match(wrong.headers.get('allow'), /GET/)
    })

  fault('H37, H38 a body that is too large or unauthenticated: refused at once, closed, and the upload stops',
    async (t, { addUser }) => {
      const user = await addUser()
      const chunk = Buffer.alloc(65_536, 'x')
      const ways: Array<[string, readonly string[], number, (left: Buffer) => Buffer]> = [['too long by its length', [
        authLine(user),
        'Content-Length: 64000000',
      ], 413, left => left], ['too long as it comes', [authLine(user), 'Transfer-Encoding: chunked'], 413,
        left => Buffer.concat([Buffer.from('10000\r\n'), left, Buffer.from('\r\n')])], ['a wrong password', [
        'Authorization: Bearer acpc-wrongwrong',
        'Content-Length: 64000000',
      ], 401, left => left]]
      for (const [name, headers, status, framed] of ways) {
        const client = raw(origin,
          lines('POST', `/${user.username}/v1/chat/completions`, ['Host: 127.0.0.1', json, ...headers]))
        let sent = 0
        const pump = () => {
          while (sent < 64_000_000 && client.socket.writable && client.socket.write(framed(chunk))) sent += chunk.length
        }
        client.socket.on('drain', pump).once('connect', pump)
        await client.closed
        t.match(client.text(), new RegExp(`^HTTP/1\\.1 ${status} `), name)
        t.match(client.text(), /connection: close/i)
        await until(() => client.socket.destroyed, 'the connection is cut', 3_000)
        t.ok(sent < 60_000_000, `${name}: the server read ${sent} bytes`)
      }
    }, 'node')

  fault('H39, H40 bodies in an unknown encoding, or of another type: 415, never 500', async (t, { addUser }) => {
    const { base, password } = await addUser()
    const send = (headers: Record<string, string>) =>
      call(`${base}/chat/completions`, { method: 'POST', body: good,
        headers: { authorization: `Bearer ${password}`, ...headers } })
    for (const headers of [{ 'content-encoding': 'compress', 'content-type': 'application/json' }, {
      'content-type': 'text/plain',
    }, { 'content-type': 'application/json\ta' }, { 'content-type': 'application/json; charset=utf-16' }, {
      'content-type': 'multipart/form-data; boundary=x',
    }]) {
      t.match(await send(headers), { status: 415, json: { error: { code: 'unsupported_media_type' } } },
        JSON.stringify(headers))
    }
  })

  fault('H44 two hundred requests on one connection, with good and bad keys in turn: answered in order',
    async (t, { addUser }) => {
      const [alice, bob] = [await addUser(), await addUser()]
      const texts = Array.from({ length: 200 },
        (_, at) =>
          lines('GET', `/${alice.username}/v1/usage`, ['Host: 127.0.0.1', authLine(at % 2 === 0 ? alice : bob),
            ...(at === 199 ? ['Connection: close'] : [])]))
      t.same(await statuses(origin, texts.join('')), Array.from({ length: 200 }, (_, at) => at % 2 === 0 ? 200 : 401))
    }, 'node')

  fault('H45 a refused request whose body is another request: exactly one reply', async (t, { addUser }) => {
    const user = await addUser()
    const inner = get(user, [])
    for (const length of [inner.length, inner.length + 100_000]) {
      const client = raw(origin,
        lines('POST', `/${user.username}/v1/chat/completions`, ['Host: 127.0.0.1',
          'Authorization: Bearer acpc-wrongwrong', json, `Content-Length: ${length}`]) + inner)
      await until(() => client.text().includes('Token is invalid'), 'the refusal')
      await new Promise(resolve => setTimeout(resolve, 100))
      t.equal(client.text().match(/HTTP\/1\.1 /g)?.length, 1)
      client.socket.destroy()
    }
  })

  fault('H46 Expect: 100-continue with a wrong password is 401, an unknown expectation 417', async (t, { addUser }) => {
    const { username } = await addUser()
    const start = ['Host: 127.0.0.1', 'Connection: close', json, 'Content-Length: 2',
      'Authorization: Bearer acpc-wrongwrong']
    const got = await statuses(origin,
      lines('POST', `/${username}/v1/chat/completions`, [...start, 'Expect: 100-continue']))
    t.equal(got.at(-1), 401)
    await assertRefused(t, lines('POST', `/${username}/v1/chat/completions`, [...start, 'Expect: junk'], '{}'), [417])
  }, 'node')

  fault('H47 an upgrade is a WebSocket on responses, and ignored elsewhere', async (t, { addUser }) => {
    const user = await addUser()
    const upgrade = async (path: string, to: string): Promise<number> => {
      const { text, socket } = raw(origin,
        get(user, ['Connection: Upgrade', `Upgrade: ${to}`, 'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='], `/${user.username}/v1${path}`))
      await until(() => text().includes('\r\n\r\n'), 'an answer')
      socket.destroy()
      return Number(text().slice(9, 12))
    }
    const body = `{"model":"gpt-4o","messages":[{"role":"user","content":"${'x'.repeat(200_000)}"}]}`
    const offered = await statuses(origin,
      lines('POST', `/${user.username}/v1/chat/completions`, ['Host: 127.0.0.1',
        'Connection: Upgrade, HTTP2-Settings, close', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk', json,
        `Authorization: Bearer ${user.password}`, `Content-Length: ${body.length}`], body))
    t.same(offered, [200], "Java's client offers h2c with every request")
    t.same([await upgrade('/responses', 'websocket'), await upgrade('/models', 'websocket'),
      await upgrade('/models', 'h2c')], [101, 200, 200])
  }, 'node')
}
