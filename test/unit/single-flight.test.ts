import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSingleFlight } from '../../src/single-flight.ts'

const noDefer = () => {}
const deferred = <T>() => Promise.withResolvers<T>()

t.test('run() shares one piece of work, its result and its failure, and starts again afterwards', async t => {
  const flight = createSingleFlight<string>()
  for (const fails of [false, true]) {
    const { promise, resolve, reject } = deferred<string>()
    let begun = 0
    const work = () => {
      begun++
      return promise
    }
    const all = [flight.run('a', noDefer, work), flight.run('a', noDefer, work), flight.run('a', noDefer, work)]
    const other = flight.run('b', noDefer, async () => 'b')
    if (fails) reject(new Error('no'))
    else resolve('yes')
    const results = await Promise.allSettled(all)
    t.equal(begun, 1)
    t.ok(results.every(({ status }) => status === (fails ? 'rejected' : 'fulfilled')))
    t.equal(await other, 'b')
  }
  t.equal(await flight.run('a', noDefer, async () => 'again'), 'again')
})

t.test('run() passes its work to defer, which never sees it fail', async t => {
  const works: Array<Promise<unknown>> = []
  await t.rejects(createSingleFlight().run('a', work => {
    works.push(work)
  }, async () => {
    throw new Error('no')
  }))
  t.equal(works.length, 1)
  await works[0]
})

t.test('run() does not wait for ever for the work of another request', async t => {
  const flight = createSingleFlight<string>(20)
  const lost = deferred<string>()
  const first = flight.run('a', noDefer, () => lost.promise)
  let begun = 0
  const own = async () => {
    begun++
    await sleep(10)
    return 'own'
  }
  const [second, third] = await Promise.all([flight.run('a', noDefer, own), flight.run('a', noDefer, own)])
  t.strictSame([second, third], ['own', 'own'])
  t.equal(begun, 1, 'callers who gave up share the next one')
  lost.resolve('late')
  t.equal(await first, 'late')
})

t.test('a waiter that started its own work does not get the failure of the abandoned work', async t => {
  const flight = createSingleFlight<string>(10)
  const slow = deferred<string>()
  const first = flight.run('a', noDefer, () => slow.promise)
  const second = flight.run('a', noDefer, async () => {
    await sleep(30)
    return 'own'
  })
  await sleep(20)
  slow.reject(new Error('late'))
  await t.rejects(first, /late/)
  t.equal(await second, 'own')
})
