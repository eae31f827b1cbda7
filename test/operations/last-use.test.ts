// `meta:<user>`: the days of registration and of last use, with one write a day, and without delaying a request.
import t from 'tap'
import { createLastUse, readMeta } from '../../src/auth/last-use.ts'
import { createHandClock, settle } from '../unit/helpers/clock.ts'
import { createTestLog } from '../unit/helpers/log.ts'
import { createCountingStore } from '../unit/helpers/stores.ts'
import { call, settled } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'

const dayMs = 86_400_000
const world = () => {
  const clock = createHandClock()
  const store = createCountingStore(clock)
  const log = createTestLog()
  const pending: Array<Promise<unknown>> = []
  const defer = (work: Promise<unknown>) => {
    pending.push(work)
  }
  const open = () => createLastUse(store, clock, log)
  const quiet = async () => {
    await Promise.all(pending.splice(0))
    await settle()
  }
  const costs = async () => {
    await quiet()
    const { get, set } = store.calls
    Object.assign(store.calls, { get: 0, set: 0, create: 0, delete: 0 })
    return { get, set }
  }
  const meta = async () => readMeta(await store.inner.get('meta:alice'))
  const day = (add = 0) => new Date(clock.now() + add * dayMs).toISOString().slice(0, 10)
  return { clock, store, log, defer, open, quiet, costs, meta, day }
}

t.test('createLastUse() writes at registration, then once a day, and never reads a known value', async t => {
  const { clock, defer, open, costs, meta, day } = world()
  const lastUse = open()
  const born = day()
  lastUse.created('alice', defer)
  t.strictSame(await costs(), { get: 0, set: 1 })
  for (let n = 0; n < 100; n++) lastUse.seen('alice', defer)
  lastUse.used('alice', defer)
  t.strictSame(await costs(), { get: 0, set: 0 }, 'the same day')
  clock.advance(dayMs)
  for (let n = 0; n < 100; n++) lastUse.seen('alice', defer)
  t.strictSame(await costs(), { get: 0, set: 1 }, 'a hundred requests at once on the next day')
  t.strictSame(await meta(), { created: born, lastUsed: day() })
})

t.test('a process that has not cached a user reads only during a call to GitHub, and writes only changes', async t => {
  const { clock, defer, open, costs, meta, day } = world()
  open().created('alice', defer)
  await costs()
  const born = day()
  const next = open()
  next.seen('alice', defer)
  t.strictSame(await costs(), { get: 0, set: 0 }, 'a request calls nothing')
  next.used('alice', defer)
  t.strictSame(await costs(), { get: 1, set: 0 }, 'another process was used today')
  clock.advance(dayMs)
  const third = open()
  third.used('alice', defer)
  t.strictSame(await costs(), { get: 1, set: 1 })
  t.strictSame(await meta(), { created: born, lastUsed: day() }, 'the day of registration stays')
  third.used('older', defer)
  await costs()
  t.equal(third.forget('older'), undefined)
})

t.test('a failing store delays no request, and a deleted record stays deleted', async t => {
  const { store, clock, log, defer, open, quiet, meta } = world()
  const lastUse = open()
  store.isOut = true
  lastUse.created('alice', defer)
  await quiet()
  t.match(log.lines, [{ level: 'warn', fields: { event: 'repair-failed' } }])
  store.isOut = false
  lastUse.used('alice', defer)
  lastUse.forget('alice')
  await quiet()
  t.strictSame(await meta(), { created: null, lastUsed: null }, 'a write in flight during the deletion')
  lastUse.used('alice', defer)
  await quiet()
  t.match(await meta(), { created: null, lastUsed: new Date(clock.now()).toISOString().slice(0, 10) })
})

t.test('readMeta() accepts days and nothing else', async t => {
  for (const value of [null, '', '{', '[]', '1', '{"created":7,"lastUsed":"soon"}']) {
    t.strictSame(readMeta(value), { created: null, lastUsed: null }, String(value))
  }
})

t.test('over HTTP: registered today, used tomorrow, one write; warm requests of a day write nothing', async t => {
  const target = await startTarget('node-memory', { ADMIN_TOKEN: 'operator-AdminToken-0123456789' })
  const user = await target.addUser()
  const chat = () =>
    call(`${user.base}/chat/completions`, { json: { messages: [{ role: 'user', content: 'hi' }] },
      headers: { authorization: `Bearer ${user.password}` } })
  await chat()
  const before = await settled(target.storeCalls)
  for (let n = 0; n < 5; n++) await chat()
  t.equal(await settled(target.storeCalls) - before, 0)
  const day = () => new Date(target.clock?.now() ?? 0).toISOString().slice(0, 10)
  const born = day()
  target.clock?.advance(dayMs)
  await chat()
  await settled(target.storeCalls)
  const { json } = await call(`${target.origin}/admin/users`, {
    headers: { authorization: 'Bearer operator-AdminToken-0123456789' },
  })
  t.strictSame(json.users, [{ username: user.username, created: born, last_used: day(), keys: [] }])
  t.same(await target.close(), [])
})
