// F01 to F04, F23, F32, H41, H42, and the limits of one process. These are faults of Node's own sockets. H43 is in
// load.tests.ts.
import { connect, createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { ceiling } from '../fixtures/ceiling.ts'
import { until } from '../fixtures/http.ts'
import { ask, authLine, bodyOf, assertServed, lines, paths, raw, statuses } from './frame.ts'
import { openDeafPort, listen, serveHttp, serveTls, startBench, openEndless } from './bench.ts'

t.setTimeout(120_000)
t.jobs = 4
const json = 'Content-Type: application/json'

void t.test('F01 Copilot refuses connections: 502 within a second', { buffered: true }, async t => {
  const closed = createServer()
  const port = await listen(t, closed)
  await new Promise(resolve => closed.close(resolve))
  const { addUser } = await startBench(t, { COPILOT_API_BASE_URL: `http://127.0.0.1:${port}` })
  const [user, canary] = [await addUser('alice', null), await addUser('bob')]
  const from = performance.now()
  t.match(await ask(user), { status: 502, json: { error: { code: 'upstream_error' } } })
  t.ok(performance.now() - from < ceiling(1_500))
  await assertServed(t, canary, 'usage')
})

void t.test("F02 Copilot's name does not resolve: 502", { buffered: true }, async t => {
  // A label of 64 letters is not a valid name, so no resolver is asked.
  const { addUser } = await startBench(t, { COPILOT_API_BASE_URL: `http://${'a'.repeat(64)}.localhost:81` })
  const [user, canary] = [await addUser('alice', null), await addUser('bob')]
  t.match(await ask(user), { status: 502, json: { error: { code: 'upstream_error' } } })
  await assertServed(t, canary, 'usage')
})

void t.test('F03 a SYN without an answer: 502 within 6 s, tried once', { buffered: true }, async t => {
  const port = await openDeafPort(t)
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  t.teardown(() => {
    for (const socket of fillers) socket.destroy()
  })
  await new Promise(resolve => setTimeout(resolve, 300))
  const { addUser } = await startBench(t, { COPILOT_API_BASE_URL: `http://127.0.0.1:${port}` })
  const [user, canary] = [await addUser('alice', null), await addUser('bob')]
  const from = performance.now()
  const asking = ask(user)
  await assertServed(t, canary, 'usage')
  t.match(await asking, { status: 502, json: { error: { code: 'upstream_error' } } })
  const ms = performance.now() - from
  t.ok(ms > 3_000 && ms < ceiling(7_000), `${Math.round(ms)} ms`)
  await assertServed(t, canary, 'usage')
})

void t.test('F04 a certificate for another name, or an expired one: 502, and no byte of HTTP is sent', {
  buffered: true,
}, async t => {
  for (const expired of [false, true]) {
    let requests = 0
    const port = await listen(t, serveTls(() => {
      requests++
    }, expired))
    const { addUser } = await startBench(t, { COPILOT_API_BASE_URL: `https://127.0.0.1:${port}` })
    const [user, canary] = [await addUser('alice', null), await addUser('bob')]
    t.match(await ask(user), { status: 502, json: { error: { code: 'upstream_error' } } })
    t.equal(requests, 0)
    await assertServed(t, canary, 'usage')
  }
})

void t.test(
  'F23 a client that never reads: upstream is not read either, and after the stall limit both sides are closed',
  {
    buffered: true,
  },
  async t => {
    // Once passed through, once translated.
    for (const dialect of ['chat', 'messages'] as const) {
      const upstream = await openEndless(t)
      const { addUser, origin } = await startBench(t, { COPILOT_API_BASE_URL: `http://127.0.0.1:${upstream.port}` }, {
        writeStallMs: 1_500,
        checkMs: 300,
      })
      const [user, canary] = [await addUser('alice', null), await addUser('bob')]
      const body = JSON.stringify(bodyOf(dialect, { model: 'gpt-4o', stream: true }))
      const clients = Array.from({ length: 5 }, () => {
        const socket: Socket = connect(Number(new URL(origin).port), '127.0.0.1', () => {
          socket.write(
            lines('POST', `/${user.username}/v1${dialect === 'chat' ? paths.chat : '/messages'}`, ['Host: 127.0.0.1',
              authLine(user), json, `Content-Length: ${body.length}`], body),
          )
        })
        return socket.pause().on('error', () => {})
      })
      await until(() => upstream.pulled > 0, 'upstream is read')
      await new Promise(resolve => setTimeout(resolve, 700))
      await assertServed(t, canary, 'usage')
      t.ok(upstream.pulled < 12 * 1_048_576 * 5, `${Math.round(upstream.pulled / 5 / 1_024)} KiB pulled a stream`)
      await until(() => upstream.gone === 5, 'the request to upstream is closed', 8_000)
      await assertServed(t, canary, 'usage')
      for (const socket of clients) socket.destroy()
    }
  },
)

void t.test(
  'F32 upstream closes a kept connection while a request is sent on it: 502 at worst, and no POST is repeated',
  {
    buffered: true,
  },
  async t => {
    const bodies: string[] = []
    let posts = 0
    const port = await listen(t, serveHttp((request, response) => {
      if (request.method !== 'POST') {
        response.writeHead(404).end()
        return
      }
      posts++
      bodies.push(String(request.headers['x-request-id']))
      if (posts % 2 === 0) request.socket.destroy()
      else {response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({ id: 'x', object: 'chat.completion', model: 'gpt-4o',
            choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }] }),
        )}
    }))
    const { addUser } = await startBench(t, { COPILOT_API_BASE_URL: `http://127.0.0.1:${port}` })
    const [user, canary] = [await addUser('alice', null), await addUser('bob')]
    const got: number[] = []
    for (let n = 0; n < 20; n++) got.push((await ask(user)).status)
    t.same(got, Array.from({ length: 20 }, (_, at) => at % 2 === 0 ? 200 : 502))
    t.equal(new Set(bodies).size, 20)
    await assertServed(t, canary, 'usage')
  },
)

void t.test(
  'H41, H42 headers of five hundred clients and a body sent byte by byte: 408, closed; so is a body that slows down',
  { buffered: true },
  async t => {
    const { addUser, origin } = await startBench(t, {}, { headersMs: 800, checkMs: 200, firstBodyMs: 900,
      firstBodyBytes: 1_000 })
    const [user, canary] = [await addUser('alice'), await addUser('bob')]
    const dribble = async (start: string) => {
      const { socket, text, closed, ms } = raw(origin, start)
      const timer = setInterval(() => {
        if (socket.writable) socket.write('x')
      }, 250)
      await closed
      clearInterval(timer)
      return { status: text().slice(9, 12), ms: ms(), text: text() }
    }
    const head = lines('POST', '/alice/v1/chat/completions', ['Host: 127.0.0.1', authLine(user), json,
      'Content-Length: 5000000'])
    const dribbling = Promise.all([...Array.from({ length: 500 }, () =>
      dribble('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')), dribble(head), dribble(head + 'x'.repeat(2_000))])
    await assertServed(t, canary)
    const slow = await dribbling
    t.same(new Set(slow.map(({ status }) =>
      status
    )), new Set(['408']))
    for (const { ms, text } of slow) {
      t.ok(ms < ceiling(4_000), `${Math.round(ms)} ms`)
      t.match(text, /connection: close[^]*"code":"request_timeout"/i)
    }
    await assertServed(t, canary)
  },
)

void t.test(
  'more requests, bodies or connections than the limit: 503 overloaded with retry-after, and service again afterwards',
  { buffered: true },
  async t => {
    const { addUser, origin, emulator } = await startBench(t, {}, { inFlight: 3, bufferedBytes: 100_000,
      connections: 20 })
    const user = await addUser('alice')
    t.equal((await ask(user)).status, 200)
    emulator.fault({ path: paths.chat }, { kind: 'delay', ms: 1_500 }, 3)
    const slow = Array.from({ length: 3 }, () => ask(user))
    await until(() => emulator.requests.filter(({ path }) => path === paths.chat).length === 4, 'three are under way')
    const refused = await ask(user)
    t.match(refused, { status: 503, json: { error: { code: 'overloaded' } } })
    t.same([refused.headers.get('retry-after'), refused.headers.get('connection')], ['1', 'close'])
    t.same(await statuses(origin, lines('GET', '/healthz', ['Host: 127.0.0.1', 'Connection: close'])), [200],
      'probes are still served')
    t.same((await Promise.all(slow)).map(({ status }) => status), [200, 200, 200])
    t.match(await ask(user, 'chat', { user: 'x'.repeat(200_000) }), { status: 503,
      json: { error: { code: 'overloaded' } } })
    t.equal((await ask(user, 'chat', { user: 'x'.repeat(50_000) })).status, 200)
    const clients = Array.from({ length: 40 }, () => raw(origin))
    await until(() => clients.some(({ socket }) => socket.destroyed || socket.readableEnded),
      'connections over the limit are closed')
    for (const { socket } of clients) socket.destroy()
    await new Promise(resolve => setTimeout(resolve, 100))
    await assertServed(t, user)
  },
)

void t.test('clients that leave while their bodies are unpacked: no memory stays counted', { buffered: true },
  async t => {
    const { addUser, origin } = await startBench(t, { MAX_BODY_BYTES: '10000000' }, { bufferedBytes: 11_000_000 })
    const user = await addUser('alice')
    const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64')
    const packed = gzipSync(noise + ' '.repeat(8_000_000))
    const head = lines('POST', '/alice/v1/chat/completions', ['Host: 127.0.0.1', authLine(user), json,
      'Content-Encoding: gzip', `Content-Length: ${packed.length}`])
    for (let ms = 1; ms <= 16; ms++) {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1').on('error', () => {})
      socket.write(head)
      await new Promise<void>(resolve => socket.write(packed, () => resolve()))
      await new Promise(resolve => setTimeout(resolve, ms))
      socket.resetAndDestroy()
      await new Promise(resolve => setTimeout(resolve, 60))
    }
    const large = await fetch(`${user.base}/chat/completions`, { method: 'POST', body: ' '.repeat(9_900_000),
      headers: { authorization: `Bearer ${user.password}`, 'content-type': 'application/json' } })
    t.equal(large.status, 400, await large.text())
    await assertServed(t, user)
  })
