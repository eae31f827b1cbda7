// Two equal refusals turn a rule on for an hour: for one account, model and endpoint, and for no other.
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
  t.same(keys(), [], 'then the gateway tries without it')
  learned.helped(place, ['b=top_p'])
  t.same(keys(), [], 'and helping once counts as one again')
})

t.test('the number of learned rules for one model and endpoint is bounded', async t => {
  const learned = createLearnedRules(createHandClock().monotonic)
  const many = Array.from({ length: 1_000 }, (_each, at) => `rule=${at}`)
  for (let n = 0; n < 2; n++) for (const key of many) learned.helped(place, [key])
  t.equal(learned.known(place).size, 64)
})
