// Connections go to the workers in turn, and none is lost with a worker.
import type { Socket } from 'node:net'
import t from 'tap'
import { createHandOut } from '../../../../src/node/processes/hand-out.ts'

function newSocket (name: string) {
  const socket = { name, isClosed: false, destroy () {
    socket.isClosed = true
  } }
  return socket
}
type Named = ReturnType<typeof newSocket>

function newWorker () {
  const worker = { got: [] as string[], fail: () => {}, give (socket: Socket, failed: () => void) {
    worker.got.push((socket as unknown as Named).name)
    worker.fail = failed
  } }
  return worker
}

function begin (maxWaiting = 10) {
  const handOut = createHandOut<ReturnType<typeof newWorker>>(maxWaiting)
  const sockets = new Map<string, Named>()
  return { ...handOut, sockets, arrive (...names: string[]) {
    for (const name of names) {
      const socket = newSocket(name)
      sockets.set(name, socket)
      handOut.connection(socket as unknown as Socket)
    }
  } }
}

t.test('workers that take at once get every second connection', async t => {
  const { arrive, free } = begin()
  const workers = [newWorker(), newWorker()] as const
  workers.forEach(free)
  for (const name of 'abcd') {
    const before = workers.map(({ got }) => got.length)
    arrive(name)
    workers.filter(({ got }, at) => got.length > (before[at] ?? 0)).forEach(free)
  }
  t.same(workers.map(({ got }) => got), [['a', 'c'], ['b', 'd']])
})

t.test('a worker that takes nothing gets no second connection', async t => {
  const { arrive, free } = begin()
  const [stuck, busy] = [newWorker(), newWorker()]
  free(stuck)
  free(busy)
  arrive('a', 'b', 'c', 'd')
  free(busy)
  free(busy)
  t.same([stuck.got, busy.got], [['a'], ['b', 'c', 'd']])
})

t.test('a connection that a worker did not take goes to the next one, before those that came later', async t => {
  const { arrive, free, gone, sockets } = begin()
  const [dying, other] = [newWorker(), newWorker()]
  free(dying)
  arrive('a', 'b')
  gone(dying)
  t.notOk(sockets.get('a')?.isClosed)
  free(other)
  free(other)
  t.same(other.got, ['a', 'b'])
  t.ok(sockets.get('a')?.isClosed, 'this process closes its own end once the worker has the connection')
})

t.test('a connection that cannot be sent waits; a failure that comes late changes nothing', async t => {
  const { arrive, free } = begin()
  const [failing, other] = [newWorker(), newWorker()]
  free(failing)
  arrive('a')
  const late = failing.fail
  failing.fail()
  free(other)
  t.same(other.got, ['a'])
  free(other)
  late()
  late()
  free(other)
  t.same(other.got, ['a'])
})

t.test('a worker that is gone while it is idle gets nothing', async t => {
  const { arrive, free, gone } = begin()
  const [idle, other] = [newWorker(), newWorker()]
  free(idle)
  free(other)
  gone(idle)
  arrive('a')
  t.same([idle.got, other.got], [[], ['a']])
})

t.test('without workers connections wait, up to a limit, and are closed at the end', async t => {
  const { arrive, close, sockets } = begin(2)
  arrive('a', 'b', 'c')
  const closed = () => [...sockets.values()].map(({ isClosed }) => isClosed)
  t.same(closed(), [false, false, true])
  close()
  t.same(closed(), [true, true, true])
})
