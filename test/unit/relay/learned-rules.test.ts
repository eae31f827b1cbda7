// Two equal refusals turn a rule on for an hour, at the place where they occurred and nowhere else.
import t from 'tap'
import { createLearnedRules, type Place } from '../../../src/relay/learned-rules.ts'
import { createHandClock } from '../helpers/clock.ts'

const place: Place = { seat: 'alice:rid:1', accountType: null, model: 'm', endpoint: '/chat/completions' }
const hour = 3_600_000

t.test('a rule is on for an hour from the second time that it helped', async t => {
  const clock = createHandClock()
  const learned = createLearnedRules(clock.monotonic)
  const keys = (where = place) => [...learned.known(where)]
  learned.helped(place, ['a', 'b=top_p'])
  t.same(keys(), [])
  clock.advance(hour - 1)
  learned.helped(place, ['b=top_p'])
  t.same(keys(), ['b=top_p'])
  for (const other of [{ seat: 'bob:rid:1' }, { seat: 'alice:rid:2' }, { accountType: 'business' }, { model: 'n' }, {
    endpoint: '/responses',
  }]) t.same(keys({ ...place, ...other }), [])
  clock.advance(hour - 1)
  t.same(keys(), ['b=top_p'])
  clock.advance(1)
  t.same(keys(), [], 'then it is tried again')
  learned.helped(place, ['b=top_p'])
  t.same(keys(), [], 'and once counts as once again')
})

t.test('the number of learned rules of one place is bounded', async t => {
  const learned = createLearnedRules(createHandClock().monotonic)
  const many = Array.from({ length: 1_000 }, (_each, at) => `rule=${at}`)
  for (let n = 0; n < 2; n++) for (const key of many) learned.helped(place, [key])
  t.equal(learned.known(place).size, 64)
})
