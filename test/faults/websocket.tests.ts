// WebSockets on Node: the end of the process, clients that do not read, send too much or break off, and broken frames.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import t from 'tap'
import { call, rawCall, until } from '../fixtures/http.ts'
import { openSocket } from '../fixtures/socket.ts'
import type { User } from '../fixtures/targets.ts'
import { startBench, openEndless } from './bench.ts'
import { assertServed } from './frame.ts'

t.setTimeout(120_000)
t.jobs = 4
const hi = { model: 'gpt-4o', input: 'hi', store: false }
const create = JSON.stringify({ type: 'response.create', ...hi })
const isDone = ({ type }: { type: string }) => type === 'response.completed'

void t.test('a drain ends idle connections at once, and others after their answer', { buffered: true }, async t => {
  const { addUser, emulator, server } = await startBench(t, { SHUTDOWN_SECONDS: '10' })
  const user = await addUser('alice')
  const [idle, busy] = [await openSocket(user), await openSocket(user)]
  await busy.create(hi)
  emulator.chunkDelayMs = 30
  emulator.answers.push({ text: 'x', repeat: 20 })
  busy.send(create)
  await busy.until(() => busy.events.at(-1)?.type === 'response.output_text.delta', 'the first text')
  busy.send(create)
  const closing = server.close()
  await idle.until(() => idle.closed() !== null, 'the close')
  t.match([idle.closed(), busy.closed()], [{ code: 1012 }, null])
  await busy.until(() => busy.closed() !== null, 'the close')
  t.equal(busy.events.filter(isDone).length, 2, 'the answer under way is finished')
  t.match(busy.events.at(-1), { type: 'error', status: 503, error: { code: 'draining' } },
    'the message that waits is not')
  t.match(busy.closed(), { code: 1012 })
  await closing
})

void t.test('an answer that outlives the drain fails, and nothing holds the process', { buffered: true }, async t => {
  const { addUser, emulator, server } = await startBench(t, { SHUTDOWN_SECONDS: '0.3' })
  const client = await openSocket(await addUser('alice'))
  emulator.chunkDelayMs = 30
  emulator.answers.push({ text: 'x', repeat: 1_000 })
  client.send(create)
  await client.until(() => client.events.at(-1)?.type === 'response.output_text.delta', 'the first text')
  const deaf = await openSocket(await addUser('bob'))
  deaf.socket.pause() // never answers the close
  const from = performance.now()
  await server.close()
  t.ok(performance.now() - from < 4_000, `${Math.round(performance.now() - from)} ms`)
  await client.until(() => client.closed() !== null, 'the close')
  t.match(client.events.at(-1), { type: 'response.failed' })
  t.match(client.closed(), { code: 1012 })
  deaf.socket.terminate()
})

void t.test('a client that reads nothing: upstream is not read either, and then both are closed', { buffered: true },
  async t => {
    const upstream = await openEndless(t)
    const { addUser } = await startBench(t, { COPILOT_API_BASE_URL: `http://127.0.0.1:${upstream.port}` }, {
      writeStallMs: 1_500,
      checkMs: 300,
    })
    const [user, canary] = [await addUser('alice', null), await addUser('bob')]
    const client = await openSocket(user)
    client.socket.pause()
    client.send(create)
    await until(() => upstream.pulled > 0, 'upstream is read')
    await new Promise(resolve => setTimeout(resolve, 700))
    t.ok(upstream.pulled < 12 * 1_048_576, `${Math.round(upstream.pulled / 1_024)} KiB pulled`)
    await until(() => upstream.gone === 1, 'the request to upstream is closed', 8_000)
    await assertServed(t, canary, 'usage')
    client.socket.terminate()
  })

void t.test('a client that sends without reading is not read', { buffered: true }, async t => {
  const { addUser } = await startBench(t)
  const [user, canary] = [await addUser('alice'), await addUser('bob')]
  const client = await openSocket(user)
  client.socket.pause()
  const before = process.memoryUsage().rss
  for (let at = 0; at < 200_000; at++) {
    client.socket.send('x')
    if (at % 10_000 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await new Promise(resolve => setTimeout(resolve, 1_000))
  const grown = process.memoryUsage().rss - before
  t.ok(grown < 150 * 1_048_576, `${Math.round(grown / 1_048_576)} MiB, with the client's own`)
  await assertServed(t, canary, 'usage')
  client.socket.terminate()
})

void t.test('messages count as the memory of bodies, and keep their pace', { buffered: true }, async t => {
  const { addUser } = await startBench(t, {}, { bufferedBytes: 1_000_000, firstBodyMs: 400, checkMs: 200 })
  const [user, canary] = [await addUser('alice'), await addUser('bob')]
  const large = await openSocket(user)
  large.send({ type: 'response.create', ...hi, input: 'x'.repeat(1_100_000) })
  await large.until(() => large.closed() !== null, 'the close')
  t.match(large.closed(), { code: 1013 })
  const slow = await openFrames(user)
  slow.socket.write(header(0x81, 500_000))
  slow.socket.write(Buffer.alloc(100_000))
  await until(() => slow.closeCode() === 1008, 'a message that stalls is refused')
  slow.socket.destroy()
  const good = await openSocket(user)
  t.ok((await good.create(hi)).some(isDone), 'what they took is given back')
  good.close()
  await assertServed(t, canary, 'usage')
})

void t.test('a message that unpacks to more than MAX_BODY_BYTES is refused with 1009', { buffered: true }, async t => {
  const { addUser } = await startBench(t, { MAX_BODY_BYTES: '1000000' })
  const [user, canary] = [await addUser('alice'), await addUser('bob')]
  const bomb = deflateRawSync(Buffer.alloc(100_000_000))
  const before = process.memoryUsage().rss
  const { socket, closeCode, accepted } = await openFrames(user, ['Sec-WebSocket-Extensions: permessage-deflate'])
  t.match(accepted(), /permessage-deflate/)
  socket.write(Buffer.concat([header(0xc1, bomb.length), bomb]))
  await until(() => closeCode() === 1009, 'the close')
  t.ok(process.memoryUsage().rss - before < 60 * 1_048_576)
  socket.destroy()
  await assertServed(t, canary, 'usage')
})

void t.test('an upgrade behind a request without an answer waits for it, and ends nothing', { buffered: true },
  async t => {
    const { addUser, origin } = await startBench(t)
    const user = await addUser('alice')
    const first = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const statuses = async (rest: string) =>
      (await rawCall(origin, first + rest)).match(/HTTP\/1.1 \d+/g)?.map(status => status.slice(9))
    t.same(await statuses('GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'), [
      '200',
      '404',
    ])
    t.same(await statuses(opening(user, []).replace(/Key: .{24}/, 'Key: short')), ['200', '400'])
    // The offer of another protocol keeps the connection, so a third request ends it.
    const plain = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'
    t.same(await statuses(plain + first.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')), ['200', '200', '200'])
    t.equal((await call(`${origin}/healthz`)).status, 200)
  })

void t.test('an upgrade that is none is refused', { buffered: true }, async t => {
  const { addUser, origin } = await startBench(t)
  const user = await addUser('alice')
  const ask = async (from: RegExp, to: string) => {
    const text = await rawCall(origin, opening(user, []).replace(from, to))
    return [text.slice(9, 12), /sec-websocket-version: \d+/i.exec(text)?.[0], /"code":"(\w+)"/.exec(text)?.[1]]
  }
  t.same(await ask(/Version: 13/, 'Version: 8'), ['426', 'sec-websocket-version: 13', 'websocket_unsupported'])
  t.same(await ask(/Upgrade: websocket\r\n/, 'Connection: close\r\n'), ['426', undefined, 'websocket_unsupported'])
  t.same(await ask(/Key: .{24}/, 'Key: short'), ['400', undefined, 'invalid_request'])
  t.equal((await ask(/Sec-WebSocket-Key: .{24}\r\n/, ''))[0], '400')
  t.equal((await ask(/Sec-WebSocket-Key/, 'Sec-WebSocket-Protocol: a,,b\r\nSec-WebSocket-Key'))[0], '400')
  t.same(await ask(/HTTP\/1.1\r\n/, 'HTTP/1.1\r\nHost: other.example\r\n'), ['400', undefined, 'invalid_request'])
})

void t.test('each message counts in the metrics, and nothing stays in flight', { buffered: true }, async t => {
  const { addUser, origin } = await startBench(t, { ADMIN_TOKEN: 'a-long-admin-token' })
  const client = await openSocket(await addUser('alice'))
  for (let at = 0; at < 3; at++) await client.create(hi)
  await client.create({ ...hi, model: 'gpt-none' })
  const { text } = await call(`${origin}/metrics`, { headers: { authorization: 'Bearer a-long-admin-token' } })
  const route = 'route="/:username/v1/responses"'
  for (const line of [`requests_total{${route},method="WS",status="200"} 3`,
    `requests_total{${route},method="WS",status="404"} 1`, `requests_total{${route},method="GET",status="101"} 1`,
    'streams_in_flight 0', `first_byte_seconds_count{${route}} 4`, 'model_calls_total{model="gpt-4o"} 3']) {
    t.match(text, `copilot_proxy_${line}\n`)
  }
  client.close()
})

void t.test('broken frames close their connection only', { buffered: true }, async t => {
  const { addUser } = await startBench(t)
  const [user, canary] = [await addUser('alice'), await addUser('bob')]
  for (const [frame, code] of [[Buffer.from([0x81, 0x02, 0x68, 0x69]), 1002], [
    Buffer.concat([header(0x81, 2), Buffer.from([0xff, 0xfe])]),
    1007,
  ], [header(0xf1, 0), 1002], [header(0x83, 0), 1002], [header(0x80, 0), 1002], [header(0x81, 2 ** 40),
    1009]] as const) {
    const { socket, closeCode } = await openFrames(user)
    socket.write(frame)
    await until(() => closeCode() !== null, 'the close')
    t.equal(closeCode(), code, frame.toString('hex'))
    socket.destroy()
  }
  for (let at = 0; at < 20; at++) {
    const { socket } = await openFrames(user)
    socket.write(randomBytes(1_000))
    socket.resetAndDestroy()
  }
  const { hostname, port } = new URL(user.base)
  for (let at = 0; at < 20; at++) {
    // Leaves while its credentials are checked.
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {}).write(opening({ ...user, password: `acpc-${at + 1_000_000_000}` }, []))
    setTimeout(() => socket.resetAndDestroy(), at)
  }
  await new Promise(resolve => setTimeout(resolve, 300))
  const client = await openSocket(user)
  t.ok((await client.create(hi)).some(isDone))
  client.close()
  await assertServed(t, canary, 'usage')
})

function opening ({ base, password }: Pick<User, 'base' | 'password'>, more: readonly string[]): string {
  return ['GET ' + new URL(base).pathname + '/responses HTTP/1.1', 'Host: 127.0.0.1', 'Connection: Upgrade',
    'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Authorization: Bearer ${password}`, ...more, '', ''].join('\r\n')
}

/** A connection on which the test writes frames itself. */
async function openFrames (user: User, more: readonly string[] = []) {
  const { hostname, port } = new URL(user.base)
  const socket: Socket = connect(Number(port), hostname)
  let received = Buffer.alloc(0)
  socket.on('error', () => {}).on('data', (piece: Buffer) => {
    received = Buffer.concat([received, piece])
  })
  socket.write(opening(user, more))
  const bodyAt = () => received.indexOf('\r\n\r\n') + 4
  await until(() => bodyAt() > 3, 'the handshake')
  return {
    socket,
    accepted: () => received.toString('latin1').slice(0, bodyAt()),
    /** Of a close frame that is the server's first frame. */
    closeCode: () => received[bodyAt()] === 0x88 ? received.readUInt16BE(bodyAt() + 2) : null,
  }
}

/** The start of a frame whose mask is zero. */
function header (first: number, length: number): Buffer {
  const head = Buffer.alloc(14)
  head[0] = first
  head[1] = 0xff
  head.writeBigUInt64BE(BigInt(length), 2)
  if (length > 65_535) return head
  const short = Buffer.alloc(length > 125 ? 8 : 6)
  short[0] = first
  short[1] = length > 125 ? 0xfe : 0x80 | length
  if (length > 125) short.writeUInt16BE(length, 2)
  return short
}
