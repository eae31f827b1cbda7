// The gateway frames streams itself instead of Node. This reads the bytes on the wire as strictly as RFC 9112 section
// 7.1 lets a client read them.
import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { rawCall } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'

const target = await startTarget('node-memory')
const { emulator } = target
const { username, password } = await target.addUser()

const head = '"created":1774700000,"id":"chatcmpl-1","model":"gpt-4o-2024-11-20"'
const event = (content: string, role = '') =>
  `data: {"choices":[{"index":0,"delta":{${role}"content":${
    JSON.stringify(content)
  }}}],"object":"chat.completion.chunk",${head}}\n\n`
const events = [event('a', '"role":"assistant",'), event('ü漢🙂'), event(''), event('x'.repeat(20_000)),
  event('y'.repeat(14)), event('b'),
  `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"object":"chat.completion.chunk",${head}}\n\n`,
  'data: [DONE]\n\n']
const lacking = events.map(text => text.replace('"object":"chat.completion.chunk",', ''))
const body = '{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hi"}]}'
const request = (version: string, connection: string) =>
  `POST /${username}/v1/chat/completions HTTP/${version}\r\nHost: 127.0.0.1\r\nConnection: `
  + `${connection}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${password}\r\nContent-Length: `
  + `${body.length}\r\n\r\n${body}`

t.test('two streams on one connection: each chunk has its size in hexadecimal digits, and one empty chunk ends them',
  async t => {
    for (const chunks of [events, lacking]) {
      for (let at = 0; at < 2; at++) emulator.answers.push({ chunks })
      const wire = await rawCall(target.origin, request('1.1', 'keep-alive') + request('1.1', 'close'))
      const first = readChunked(wire)
      const second = readChunked(first.rest)
      for (const { headers, text } of [first, second]) {
        t.match(headers, /^HTTP\/1\.1 200 OK\r\n/)
        t.match(headers, /\r\ntransfer-encoding: chunked(?:\r\n|$)/i)
        t.notMatch(headers, /content-length/i)
        t.equal(text.replaceAll('"object":"chat.completion.chunk",', ''), lacking.join(''))
      }
      t.equal(second.rest, '', 'nothing follows the end')
    }
  })

t.test('an HTTP/1.0 client gets no chunks, and the connection closes at the end', async t => {
  emulator.answers.push({ chunks: events })
  const [headers = '', text = ''] = (await rawCall(target.origin, request('1.0', 'close'))).split('\r\n\r\n')
  t.match(headers, /^HTTP\/1\.1 200 OK\r\n/)
  t.notMatch(headers, /transfer-encoding/i)
  t.equal(Buffer.from(text, 'latin1').toString(), events.join(''))
})

t.test('a client that half-closes in the middle of a stream gets no more bytes and no error', async t => {
  const { hostname, port } = new URL(target.origin)
  emulator.chunkDelayMs = 20
  t.teardown(() => {
    emulator.chunkDelayMs = 0
  })
  emulator.answers.push({ chunks: events })
  let out = ''
  const socket = connect(Number(port), hostname, () => {
    socket.write(request('1.1', 'close'))
  })
  socket.setEncoding('latin1').on('data', (piece: Buffer | string) => {
    out += piece.toString()
    if (out.includes('data: ')) socket.end()
  })
  await once(socket, 'close')
  t.match(out, /^HTTP\/1\.1 200 OK\r\n/)
  t.notMatch(out, 'HTTP/1.1 4', 'no second response among the chunks')
  t.notMatch(target.logs(), 'ERR_STREAM_WRITE_AFTER_END')
})

t.test('the logs contain no secret', async t => {
  t.same(emulator.problems, [])
  t.same(await target.close(), [])
})

/** @param wire bytes, one character each. @throws {Error} for anything that a strict reader would reject */
function readChunked (wire: string): { headers: string, text: string, rest: string } {
  let at = wire.indexOf('\r\n\r\n') + 4
  const headers = wire.slice(0, at - 4)
  let bytes = ''
  for (;;) {
    const size = /^(?:0|[1-9a-f][0-9a-f]*)(?=\r\n)/.exec(wire.slice(at, at + 12))?.[0]
    if (size === undefined) throw new Error(`no chunk size: ${JSON.stringify(wire.slice(at, at + 40))}`)
    const from = at + size.length + 2
    const to = from + Number.parseInt(size, 16)
    if (wire.slice(to, to + 2) !== '\r\n') {
      throw new Error(`no line end after a chunk: ${JSON.stringify(wire.slice(to - 20, to + 20))}`)
    }
    at = to + 2
    if (to === from) return { headers, text: Buffer.from(bytes, 'latin1').toString(), rest: wire.slice(at) }
    bytes += wire.slice(from, to)
  }
}
