// What is told of upstream's pieces, and when: a burst is looked at once, and a piece that comes alone at once.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import t from 'tap'
import { Agent } from 'undici'
import { dispatch } from '../../../src/node/upstream-body.ts'

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

t.test('a piece says whether more stands behind it; what came before its reader always does, for the rest may join it', async t => {
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
  const told: Array<readonly [string, boolean]> = []
  let onTold = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    body.start({ bytes (piece, hasMore) {
      told.push([new TextDecoder().decode(piece), hasMore])
      onTold()
    }, end: resolve, fail: reject })
  })
  const send = async (text: string, count: number) => {
    const from = told.length
    await new Promise<void>(resolve => {
      onTold = () => {
        if (told.length === from + count) resolve()
      }
      upstream?.write(text)
    })
  }
  await send(chunk('alone'), 1)
  await send(chunk('one') + chunk('two') + chunk('three'), 3)
  upstream?.write(`${chunk('last')}0\r\n\r\n`)
  await ended
  t.strictSame(told, [['early', true], ['alone', false], ['one', true], ['two', true], ['three', false], ['last',
    true]])
})
