// Many requests on one connection: one listener, and each request learns of the close unless it has ended.
import { Socket } from 'node:net'
import t from 'tap'
import { offSocketClose, onSocketClose } from '../../../src/node/socket-close.ts'

t.test('one listener serves all requests of a connection, and those that ended are not called', async t => {
  const socket = new Socket()
  const closed: number[] = []
  const requests = Array.from({ length: 20 }, (_, at) => () => {
    closed.push(at)
  })
  const before = socket.listenerCount('close')
  for (const request of requests) onSocketClose(socket, request)
  t.equal(socket.listenerCount('close'), before + 1)
  for (const request of requests.slice(0, 17)) offSocketClose(socket, request)
  socket.destroy()
  await new Promise(resolve => socket.once('close', resolve))
  t.strictSame(closed, [17, 18, 19])
})

t.test('a request that ends during the close does not keep another from its call', async t => {
  const socket = new Socket()
  const closed: string[] = []
  const second = () => {
    closed.push('second')
  }
  onSocketClose(socket, () => {
    closed.push('first')
    offSocketClose(socket, second)
  })
  onSocketClose(socket, second)
  socket.destroy()
  await new Promise(resolve => socket.once('close', resolve))
  t.strictSame(closed, ['first', 'second'])
  t.doesNotThrow(() => {
    offSocketClose(new Socket(), second)
  })
})
