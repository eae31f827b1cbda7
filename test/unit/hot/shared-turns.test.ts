// Changes of one user's record run one after another over all processes.
import t from 'tap'
import { createTurns } from '../../../src/auth/turns.ts'
import { createHot } from '../../../src/hot/hot.ts'
import { shareTurns } from '../../../src/hot/shared-turns.ts'
import { createHotMemory } from '../../../src/store/hot-memory.ts'
import { systemClock } from '../../../src/system-clock.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

void t.test('of two processes one waits until the other has written, also after an error', async t => {
  const memory = createHotMemory(() => {})
  const [one, two] = [0, 1].map(() =>
    shareTurns(createTurns(systemClock), createHot(memory, systemClock, silent), systemClock)
  )
  if (one === undefined || two === undefined) throw new Error('two processes')
  const seen: string[] = []
  const begun = Promise.withResolvers<undefined>()
  const go = Promise.withResolvers<undefined>()
  const first = one('mona', async () => {
    seen.push('first begins')
    begun.resolve(undefined)
    await go.promise
    seen.push('first ends')
    throw new Error('not written')
  })
  await begun.promise
  const second = two('mona', async () => {
    seen.push('second')
  })
  await two('lisa', async () => {
    seen.push('another user')
  })
  go.resolve(undefined)
  await t.rejects(first, /not written/)
  await second
  t.same(seen, ['first begins', 'another user', 'first ends', 'second'])
})
