import t from 'tap'
import { createKdfGate } from '../../../src/auth/kdf-gate.ts'
import { createHandClock, settle } from '../helpers/clock.ts'

const task = () => {
  let end = () => {}
  let isRunning = false
  const work = () =>
    new Promise<void>(resolve => {
      isRunning = true
      end = resolve
    })
  return { work, end: () => {
    end()
  }, isRunning: () => isRunning }
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
  for (const { end } of tasks) {
    end()
    await settle()
  }
  await Promise.all(all)
})

t.test('createKdfGate() refuses at once when the queue is full', async t => {
  const gate = createKdfGate({ atOnce: 1, queued: 2 })
  const first = task()
  const running = [gate(first.work), gate(async () => {}), gate(async () => {})]
  await t.rejects(gate(async () => {}), { code: 'overloaded', status: 503, headers: { 'retry-after': '1' } })
  first.end()
  await Promise.all(running)
  await gate(async () => {})
})

t.test('createKdfGate() stops waiting after the limit, and frees its place in the queue', async t => {
  const gate = createKdfGate({ atOnce: 1, queued: 1, waitMs: 20 })
  const first = task()
  const running = gate(first.work)
  await t.rejects(gate(async () => {
    t.fail('the waiter had given up')
  }), { code: 'overloaded' })
  const next = gate(async () => 'next')
  first.end()
  await running
  t.equal(await next, 'next')
})

t.test('createKdfGate() passes the place on when work fails', async t => {
  const gate = createKdfGate({ atOnce: 1 })
  const results = await Promise.allSettled([gate(async () => {
    throw new Error('no')
  }), gate(async () => 'yes')])
  t.match(results, [{ status: 'rejected' }, { status: 'fulfilled', value: 'yes' }])
})

t.test('createKdfGate() takes a place back if the work was lost with its request', async t => {
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
  t.strictSame(after.map(({ isRunning }) => isRunning()), [true, false], 'work that returns late frees no second place')
  for (const { end } of after) {
    end()
    await settle()
  }
  await Promise.all(all)
})

t.test('M3: the queue is fair by address: an address that fills it gives way, and waits like all others', async t => {
  const gate = createKdfGate({ atOnce: 1, queued: 4 })
  const first = task()
  const done: string[] = []
  const enter = (address: string, yields = false) =>
    gate(async () => {
      done.push(address)
    }, { address, yields })
  const running = gate(first.work, { address: 'flood' })
  const flood = Array.from({ length: 5 },
    () => enter('flood').catch((thrown: unknown) => (thrown as { code: string }).code))
  const owner = enter('owner')
  const other = enter('other')
  await t.rejects(enter('flood'), { code: 'overloaded' })
  first.end()
  await Promise.all([running, owner, other])
  t.strictSame(await Promise.all(flood), [undefined, undefined, 'overloaded', 'overloaded', 'overloaded'])
  t.strictSame(done, ['flood', 'owner', 'other', 'flood'])
})

t.test('M3: addresses that failed lately come last, and give way when the queue is full', async t => {
  const gate = createKdfGate({ atOnce: 1, queued: 3 })
  const first = task()
  const done: string[] = []
  const enter = (address: string, yields: boolean) =>
    gate(async () => {
      done.push(address)
    }, { address, yields })
  const running = gate(first.work)
  const attackers = ['a', 'b', 'c'].map(address => enter(address, true).then(() => 'in', () => 'out'))
  const owner = enter('owner', false)
  await t.rejects(enter('d', true), { code: 'overloaded' })
  first.end()
  await Promise.all([running, owner])
  t.strictSame((await Promise.all(attackers)).toSorted(), ['in', 'in', 'out'])
  t.equal(done[0], 'owner')
})

t.test('M3: the queue is fair by network: behind 600 addresses, a new one still gets an early place', async t => {
  const storms: Record<string, (at: number) => string> = {
    'three /24': at => `198.51.${100 + at % 3}.${at % 200}`,
    'a /24 for each address': at => `10.${at >> 8}.${at & 255}.1`,
    'a /16 for each address': at => `${at % 180 + 20}.${at >> 1 & 255}.0.1`,
    'a /64 for each address': at => `2001:db8:1:${at.toString(16)}`,
    'a /48 for each address': at => `2001:db8:${at.toString(16)}:1`,
  }
  for (const [name, addressOf] of Object.entries(storms)) {
    for (const owner of ['203.0.113.9', '10.200.7.7', '2001:db9:2:1', '2a02:8388:6bf:1']) {
      const gate = createKdfGate({ atOnce: 1 })
      const first = task()
      const done: string[] = []
      const enter = (address: string) =>
        gate(async () => {
          done.push(address)
        }, { address }).then(() => 'in', (thrown: unknown) => (thrown as { code: string }).code)
      const running = gate(first.work)
      const storm = Array.from({ length: 600 }, (_, at) => enter(addressOf(at)))
      const own = enter(owner)
      await settle()
      first.end()
      await running
      t.equal(await own, 'in', `${name}, ${owner}`)
      t.ok(done.indexOf(owner) <= 210, `${name}, ${owner}: behind ${done.indexOf(owner)} others`)
      t.equal((await Promise.all(storm)).filter(outcome => outcome === 'in').length, 511, 'all other places are in use')
    }
  }
})

t.test(
  'M3: many addresses of one network displace no smaller network; a network that fills the queue displaces its own',
  async t => {
    const gate = createKdfGate({ atOnce: 1, queued: 4 })
    const first = task()
    const running = gate(first.work)
    const enter = (address: string) => gate(async () => {}, { address }).then(() => 'in', () => 'out')
    const outcomes = [enter('10.0.0.1'), enter('10.0.0.2'), enter('203.0.113.9'), enter('10.0.0.3'), enter('10.0.0.3'),
      enter('10.0.0.4'), enter('10.0.1.1'), enter('10.0.1.2')]
    await settle()
    first.end()
    await running
    t.strictSame(await Promise.all(outcomes), ['in', 'in', 'in', 'out', 'out', 'out', 'in', 'out'])
  },
)
