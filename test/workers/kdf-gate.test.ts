// The gate before the stretching of passwords, where the runtime may end a request in the middle of its work.
import t from 'tap'
import { createKdfGate } from '../../src/auth/kdf-gate.ts'

const never = () => new Promise<never>(() => {})

void t.test('work that never ends gives its place up in time, and what it does later changes nothing', async t => {
  let now = 0
  const gate = createKdfGate({ atOnce: 2, waitMs: 50, lostMs: 20_000, monotonic: () => now })
  let finish = () => {}
  const late = gate(() => new Promise<void>(resolve => { finish = resolve }))
  void gate(never)
  await t.rejects(gate(async () => 'served'), { code: 'overloaded' }, 'both places are held')
  now = 20_000
  t.equal(await gate(async () => 'served'), 'served')
  finish()
  await late
  void gate(never)
  void gate(never)
  await t.rejects(gate(async () => 'served'), { code: 'overloaded' }, 'two at once, and not three')
})

void t.test('a place is handed on in turn; who gave up waiting gets none', async t => {
  const gate = createKdfGate({ atOnce: 1, waitMs: 60 })
  const order: string[] = []
  let finish = () => {}
  const first = gate(() => new Promise<void>(resolve => { finish = resolve }))
  const gone = t.rejects(gate(async () => { order.push('gone') }), { code: 'overloaded' })
  await gone
  const waiting = [gate(async () => { order.push('a') }), gate(async () => { order.push('b') })]
  finish()
  await Promise.all([first, ...waiting])
  t.same(order, ['a', 'b'])
})
