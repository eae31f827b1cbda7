// What processes tell each other of a seat.
import fc from 'fast-check'
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import { createRenewals } from '../../../src/upstream/renewals.ts'
import { createNoteBook, lifeOf, readNotes, surest } from '../../../src/upstream/seat-notes.ts'
import { createTokenFailures } from '../../../src/upstream/token-failures.ts'
import { createHandClock } from '../helpers/clock.ts'
import { rejected } from '../helpers/tokens.ts'

/** A process: its monotonic clock has nothing to do with the other's. */
function startProcess () {
  const clock = createHandClock()
  const failures = createTokenFailures(clock)
  const renewals = createRenewals(clock)
  return { clock, failures, renewals, book: createNoteBook(failures, renewals, clock) }
}

t.test('notes pass through JSON, and count for the time that is left', async t => {
  const [one, other] = [startProcess(), startProcess()]
  one.failures.remember('s', rejected)
  one.renewals.note('s')
  one.clock.advance(10_000)
  const notes = one.book.write('s', { storedAt: 1, trust: 'renewed' })
  t.ok(notes)
  if (notes === null) return
  t.equal(lifeOf(notes), 50_000)
  other.clock.step(one.clock.now() - other.clock.now() + 5_000)
  const read = readNotes(JSON.parse(JSON.stringify(notes)))
  t.strictSame(read, notes)
  if (read !== null) other.book.adopt('s', read)
  t.match(other.failures.of('s'), { code: 'github_token_rejected', message: 'no', status: 403 })
  t.strictSame(other.renewals.agesMs('s'), [15_000])
  other.clock.advance(44_999)
  t.ok(other.failures.of('s'))
  other.clock.advance(1)
  t.notOk(other.failures.of('s'))
})

t.test('nothing to tell is null, and a failure that is no error of this gateway stays where it is', async t => {
  const { book, failures } = startProcess()
  t.equal(book.write('s', { storedAt: 1, trust: 'worked' }), null)
  failures.remember('s', new GatewayError({ code: 'of_upstream', status: 400 }, 'x'))
  t.equal(book.write('s', null), null)
})

t.test('a newer failure and more renewals of this process stay', async t => {
  const [one, other] = [startProcess(), startProcess()]
  one.failures.remember('s', rejected)
  one.renewals.note('s')
  const notes = one.book.write('s', null)
  other.failures.remember('s', new GatewayError('rate_limited', 'later', { retryAfterSeconds: 600 }))
  for (let at = 0; at < 2; at++) other.renewals.note('s')
  if (notes !== null) other.book.adopt('s', notes)
  t.match(other.failures.of('s'), { code: 'rate_limited' })
  t.equal(other.renewals.recent('s'), 2)
})

t.test('readNotes() takes anything', async t => {
  t.doesNotThrow(() => {
    fc.assert(fc.property(fc.anything(), value => {
      readNotes(value)
      return true
    }))
  })
  t.strictSame(readNotes({ at: 1, renewalAgesMs: [1, 'x'], failure: { code: 'x' }, verdict: { trust: 'worked' } }), {
    at: 1,
    renewalAgesMs: [1],
    failure: null,
    verdict: null,
  })
})

t.test('surest() keeps what is known', async t => {
  t.equal(surest('renewed', 'worked'), 'worked')
  t.equal(surest('worked', 'rejected'), 'worked')
  t.equal(surest('usual', 'renewed'), 'renewed')
})
