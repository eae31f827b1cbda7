// Workers that end are replaced: at once, then later and later, then not at all.
import t from 'tap'
import { createRestarts } from '../../../../src/node/processes/restarts.ts'

t.test('each end within a minute doubles the wait, up to 5 s; the tenth is the last', async t => {
  const { ended } = createRestarts({ monotonic: () => 0 })
  t.same(Array.from({ length: 10 }, ended), [0, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, null])
})

t.test('ends of more than a minute ago do not count', async t => {
  let now = 0
  const { ended } = createRestarts({ monotonic: () => now })
  for (let n = 0; n < 30; n++) {
    t.equal(ended(), n === 0 ? 0 : 100)
    now += 50_000
  }
})
