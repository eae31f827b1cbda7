import t from 'tap'
import { createKdfGate } from '../../../src/auth/kdf-gate.ts'
import { createHandClock, settle } from '../helpers/clock.ts'

const task = () => {
  let end = () => {}
  let isRunning = false
  const work = () => new Promise<void>(resolve => { isRunning = true; end = resolve })
  return { work, end: () => { end() }, isRunning: () => isRunning }
}

t.test('createKdfGate() runs two at once, and the others in their turn', async t => {
  const gate = createKdfGate()
  const tasks = [task(), task(), task(), task()]
  const all = tasks.map(({ work }) => gate(work))
  await settle()
  t.strictSame(tasks.map(({ isRunning }) => isRunning()), [true, true, false, false])
  tasks[1]?.end()
  await settle()
  t.strictSame(tasks.map(({ isRunning }) => isRunning()), [true, true, true, false])
  for (const { end } of tasks) { end(); await settle() }
  await Promise.all(all)
})

t.test('createKdfGate() refuses at once what the queue has no room for', async t => {
  const gate = createKdfGate({ atOnce: 1, queued: 2 })
  const first = task()
  const running = [gate(first.work), gate(async () => {}), gate(async () => {})]
  await t.rejects(gate(async () => {}), { code: 'overloaded', status: 503, headers: { 'retry-after': '1' } })
  first.end()
  await Promise.all(running)
  await gate(async () => {})
})

t.test('createKdfGate() gives up a wait that is too long, and its place in the queue', async t => {
  const gate = createKdfGate({ atOnce: 1, queued: 1, waitMs: 20 })
  const first = task()
  const running = gate(first.work)
  await t.rejects(gate(async () => { t.fail('it had given up') }), { code: 'overloaded' })
  const next = gate(async () => 'next')
  first.end()
  await running
  t.equal(await next, 'next')
})

t.test('createKdfGate() hands the place on when work fails', async t => {
  const gate = createKdfGate({ atOnce: 1 })
  const results = await Promise.allSettled([gate(async () => { throw new Error('no') }), gate(async () => 'yes')])
  t.match(results, [{ status: 'rejected' }, { status: 'fulfilled', value: 'yes' }])
})

t.test('createKdfGate() takes a place back from work that was lost with its request', async t => {
  const { monotonic, advance } = createHandClock()
  const gate = createKdfGate({ atOnce: 1, lostMs: 20_000, monotonic })
  const lost = task()
  const never = gate(lost.work)
  advance(20_000)
  t.equal(await gate(async () => 'in'), 'in')
  const after = [task(), task()]
  const all = after.map(({ work }) => gate(work))
  lost.end()
  await never
  await settle()
  t.strictSame(after.map(({ isRunning }) => isRunning()), [true, false], 'what comes back late gives no second place')
  for (const { end } of after) { end(); await settle() }
  await Promise.all(all)
})
