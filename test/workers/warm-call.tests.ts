// A request of a warm user calls the object of the user once, whatever the dialect: at the end of its answer.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { HotStep } from '../../src/store/hot-state.ts'
import { createMovableClock } from '../fixtures/targets.ts'
import { kinds } from './day-clients.ts'
import { createDay } from './day.ts'

const clock = createMovableClock()
const emulator = await startEmulator({ now: clock.now })
t.teardown(() => emulator.close())

for (const [name, begin] of Object.entries(kinds)) {
  void t.test(`${name}: one call of the object, and none of KV`, async t => {
    const day = createDay(emulator, clock)
    await day.save('alice')
    const conversation = begin()
    for (let n = 0; n < 8; n++) {
      clock.advance(5_000)
      day.objectCalls.length = 0
      const before = { ...day.counts }
      const { status, text } = await day.ask(conversation.path('alice'), conversation.body(n))
      t.equal(status, 200)
      conversation.received(text)
      if (n < 2) continue
      t.same(day.objectCalls.map(({ method }) => method), ['run'], `call ${n}`)
      t.same(day.counts, before)
      const [steps] = day.objectCalls[0]?.args ?? []
      t.ok((steps as HotStep[]).some(step => step.do === 'count'), 'its usage is in it')
    }
  })
}

void t.test('a registration writes one value of KV', async t => {
  const day = createDay(emulator, clock)
  await day.save('carol')
  t.match(day.counts, { get: 2, put: 1, list: 0 })
  t.comment(day.objectCalls.map(({ method }) => method).join(', '))
  t.ok(day.objectCalls.length <= 4)
})

void t.test('an isolate that meets the user asks for all values at once, and for a place', async t => {
  const day = createDay(emulator, clock)
  await day.save('bob')
  const conversation = kinds['chat, streamed']?.()
  if (conversation === undefined) throw new Error('no such kind')
  await day.ask(conversation.path('bob'), conversation.body(1))
  clock.advance(61_000)
  day.newIsolate()
  day.objectCalls.length = 0
  await day.ask(conversation.path('bob'), conversation.body(2))
  t.same(day.objectCalls.map(({ method }) => method).toSorted(), ['run', 'run', 'values'])
})
