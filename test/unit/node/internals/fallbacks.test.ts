// Each file of src/node/internals/ relies on an undocumented feature. These tests check the fallback without it, and
// that this Node still has it. If a check fails on a newer Node, read the file before you change the test.
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { connect, createServer as createDoor, Socket, type AddressInfo } from 'node:net'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Flow, Sink } from '../../../../src/contract.ts'
import { beginListening } from '../../../../src/node/internals/begin-listening.ts'
import { replaceLastClose } from '../../../../src/node/internals/last-close.ts'
import { createOwnChunks } from '../../../../src/node/internals/own-chunks.ts'
import { pieceFollows } from '../../../../src/node/internals/piece-follows.ts'
import { findCollect } from '../../../../src/node/internals/collect.ts'
// @ts-expect-error plain JavaScript, which any Node can load
import { withoutPretenuring } from '../../../../src/node/internals/pretenuring.js'
import { hasBegunReply } from '../../../../src/node/internals/reply-begun.ts'
import { unsentBytes } from '../../../../src/node/internals/unsent-bytes.ts'
import { sendFlow } from '../../../../src/node/send-flow.ts'
import { rawCall } from '../../../fixtures/http.ts'

const folder = new URL('../../../../src/node/internals/', import.meta.url)

t.test('each file states why, what it relies on, its check, its fallback, and when to remove it', async t => {
  const files = readdirSync(folder)
  t.ok(files.length >= 6, files.join())
  for (const file of files) {
    const labels = [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^\/\/ ([A-Z][a-z ]+): \S/gm)]
    t.strictSame(labels.map(([, label]) => label), ['Why', 'Relies on', 'Check', 'Without it', 'Remove'], file)
  }
})

t.test('own chunks: the bytes are the same with and without them', async t => {
  const flow = (): Flow => ({ start (sink: Sink) {
    for (const piece of ['a', 'ü漢', Buffer.from('x'.repeat(5_000))]) sink.write(piece)
    sink.end('last')
  }, resume () {} })
  const wireOf = async (prepare: (response: ServerResponse) => void) => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      prepare(response)
      sendFlow(flow(), response)
    }).listen(0, '127.0.0.1')
    t.teardown(() => server.close())
    await new Promise(resolve => server.once('listening', resolve))
    const wire = await rawCall(`http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    return wire.replace(/^[^]*?\r\n\r\n/, '')
  }
  let isOwn = false
  const own = await wireOf(response => {
    isOwn = response.chunkedEncoding
  })
  t.ok(isOwn, 'this Node has the property')
  t.equal(own, await wireOf(response => {
    const isChunked = response.chunkedEncoding
    // A later Node might keep its own mind.
    Object.defineProperty(response, 'chunkedEncoding', { get: () => isChunked, set () {} })
  }))
  t.equal(createOwnChunks({ chunkedEncoding: undefined } as unknown as ServerResponse, () => {}), null)
})

t.test('begin listening: a server without a socket ends slow headers too', async t => {
  const server = createServer({ headersTimeout: 50, connectionsCheckingInterval: 10 }, (_request, response) => {
    response.end('served')
  })
  t.ok(beginListening(server), 'this Node checks the connections of a server once it listens')
  const door = createDoor(socket => {
    server.emit('connection', socket)
  }).listen(0, '127.0.0.1')
  t.teardown(() => {
    door.close()
    server.close()
  })
  await new Promise(resolve => door.once('listening', resolve))
  const origin = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
  t.match(await rawCall(origin, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /served/)
  t.match(await rawCall(origin, 'GET / HT'), /^HTTP\/1\.1 408 /)
  t.notOk(beginListening(createServer().removeAllListeners('listening')))
})

t.test('piece follows: a piece with a buffer of its own stands for itself', async t => {
  const read = Buffer.from('1\r\na\r\n1\r\nb\r\n')
  const view = new Uint8Array(new Uint8Array(read).buffer)
  t.equal(pieceFollows(view.subarray(3, 4)), true)
  t.equal(pieceFollows(view.subarray(9, 10)), false, 'the last chunk of the read')
  t.equal(pieceFollows(new Uint8Array([1, 2, 3])), false, 'without it')
})

t.test('unsent bytes: what the kernel has not taken, or 0', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const accepted = new Promise<Socket>(resolve => server.once('connection', resolve))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const socket = await accepted
  t.teardown(() => {
    client.destroy()
    socket.destroy()
    server.close()
  })
  client.pause()
  socket.write(Buffer.alloc(64_000_000))
  await sleep(50)
  const unsent = unsentBytes(socket)
  t.ok(unsent > 0 && unsent < 64_000_000, `this Node has the property: ${unsent}`)
  for (const handle of [undefined, null, {}, { writeQueueSize: 'x' }]) {
    t.equal(unsentBytes({ _handle: handle } as unknown as Socket), 0)
  }
})

t.test('last close: Node calls the replacement after the last reply; other sockets stay unchanged', async t => {
  let closes = 0
  const server = createServer((request, response) => {
    t.ok(replaceLastClose(request.socket, () => {
      closes++
      request.socket.end()
    }))
    response.writeHead(200, { connection: 'close' }).end()
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  await rawCall(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  t.equal(closes, 1)
  const bare = {} as Socket
  t.notOk(replaceLastClose(bare, () => {}))
  t.strictSame(bare, {})
})

t.test('reply begun: true while a response is under way, and always where Node does not show it', async t => {
  const socket = new Socket()
  t.notOk(hasBegunReply(socket), 'this Node shows it')
  const response = new ServerResponse(new IncomingMessage(socket))
  response.assignSocket(socket)
  t.notOk(hasBegunReply(socket))
  response.writeHead(200)
  t.ok(hasBegunReply(socket))
  t.ok(hasBegunReply(new Socket(), false))
  socket.destroy()
})

t.test('collect: V8 offers a collection; without the function there is none', async t => {
  const collect = findCollect()
  t.type(collect, 'function')
  collect?.()
  t.equal(findCollect(() => undefined), null)
  t.equal(findCollect(() => {
    throw new Error('gc is not defined')
  }), null)
})

t.test('pretenuring: the flag is set on versions of V8 that were tried, and on no other', async t => {
  const flags: string[] = []
  const set = (version?: string) =>
    withoutPretenuring(version, (flag: string) => {
      flags.push(flag)
    })
  t.ok(set(), 'this Node is one of them')
  t.notOk(set('99.1.2'))
  t.notOk(set('11.3.244.8-node.20'))
  t.notOk(set(''))
  t.strictSame(flags, ['--no-allocation-site-pretenuring'])
})
