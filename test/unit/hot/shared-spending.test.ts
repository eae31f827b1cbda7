// The cap of a key holds over all processes.
import t from 'tap'
import { createHot, type Hot } from '../../../src/hot/hot.ts'
import { createSharedSpending } from '../../../src/hot/shared-spending.ts'
import { createHotMemory } from '../../../src/store/hot-memory.ts'
import { systemClock } from '../../../src/system-clock.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

t.test('what one process spent counts in the other, until the month ends', async t => {
  const memory = createHotMemory(() => {})
  const [one, two] = [0, 1].map(() => createSharedSpending(createHot(memory, systemClock, silent)))
  const spent = (own: number, month = '2026-11', cap = 1_000) => ({ own, month, cap })
  t.equal(await one?.isReached('mona', 'key1', spent(600)), false)
  t.equal(await two?.isReached('mona', 'key1', spent(300)), false, '900 of 1,000')
  t.equal(await one?.isReached('mona', 'key1', spent(800)), true, '1,100 of 1,000')
  t.equal(await two?.isReached('mona', 'key1', spent(300)), true)
  t.equal(await two?.isReached('mona', 'key1', spent(300, '2026-11', 5_000)), false, 'a higher cap')
  t.equal(await two?.isReached('mona', 'key1', spent(0, '2026-12')), false)
  t.equal(await two?.isReached('mona', 'key2', spent(300)), false, 'another key')
})

t.test('what a call spent is stated with its last event, before another call of the key asks', async t => {
  const memory = createHotMemory(() => {})
  const [hot, other] = [0, 1].map(() => createHot(memory, systemClock, silent)) as [Hot, Hot]
  const [one, two] = [createSharedSpending(hot), createSharedSpending(other)]
  if (one === null || two === null) throw new Error('this engine shares caps')
  hot.outbox.join(one.news)
  const spent = (own: number) => ({ own, month: '2026-11', cap: 1_000 })
  one.note('mona', 'key1', spent(1_000))
  t.equal(await two.isReached('mona', 'key1', spent(0)), false, 'the call has not ended')
  await hot.outbox.settle('mona')
  t.equal(await two.isReached('mona', 'key1', spent(0)), true)
  t.equal(one.news('mona'), null, 'stated once')
})
