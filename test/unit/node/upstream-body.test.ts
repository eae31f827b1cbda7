// Which pieces of upstream's body the reader gets with `hasMore`: pieces of one burst do, a single piece does not.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import t from 'tap'
import { Agent } from 'undici'
import { dispatch } from '../../../src/node/upstream-body.ts'

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

t.test('each piece reports whether more follow in the same turn; the first piece always does', async t => {
  let upstream: Socket | undefined
  const server = createServer(socket => {
    upstream = socket
    socket.on('error', () => {}).once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk('early')}`)
    })
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const agent = new Agent()
  t.teardown(async () => {
    await agent.destroy()
    server.close()
  })
  const { body } = await dispatch(agent, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    path: '/', method: 'GET' }, new AbortController().signal)
  const received: Array<readonly [string, boolean]> = []
  let onPiece = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    body.start({ bytes (piece, hasMore) {
      received.push([new TextDecoder().decode(piece), hasMore])
      onPiece()
    }, end: resolve, fail: reject })
  })
  const send = async (text: string, count: number) => {
    const from = received.length
    await new Promise<void>(resolve => {
      onPiece = () => {
        if (received.length === from + count) resolve()
      }
      upstream?.write(text)
    })
  }
  await send(chunk('alone'), 1)
  await send(chunk('one') + chunk('two') + chunk('three'), 3)
  upstream?.write(`${chunk('last')}0\r\n\r\n`)
  await ended
  t.strictSame(received, [['early', true], ['alone', false], ['one', true], ['two', true], ['three', false], ['last',
    true]])
})
