// What processes tell each other of a seat.
import fc from 'fast-check'
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import { createRenewals } from '../../../src/upstream/renewals.ts'
import { createNoteBook, lifeOf, newest, readNotes, surest } from '../../../src/upstream/seat-notes.ts'
import { createTokenFailures } from '../../../src/upstream/token-failures.ts'
import { createHandClock } from '../helpers/clock.ts'
import { broken, rejected } from '../helpers/tokens.ts'

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
  const notes = one.book.write('s', one.failures.toShare('s'), { storedAt: 1, trust: 'renewed' })
  t.ok(notes)
  if (notes === null) return
  t.equal(lifeOf(notes), 50_000)
  other.clock.step(one.clock.now() - other.clock.now() + 5_000)
  const read = readNotes(JSON.parse(JSON.stringify(notes)))
  t.strictSame(read, notes)
  if (read !== null) other.book.adopt('s', read)
  t.match(other.failures.of('s'), { code: 'github_token_rejected', message: 'no', status: 403 })
  t.strictSame(other.renewals.stamps('s'), one.renewals.stamps('s'))
  if (read !== null) other.book.adopt('s', read)
  t.equal(other.renewals.recent('s'), 1, 'counted once')
  other.clock.advance(14_999)
  t.equal(other.renewals.recent('s'), 1)
  other.clock.advance(1)
  t.equal(other.renewals.recent('s'), 0, '30 s after it was made')
  other.clock.advance(29_999)
  t.ok(other.failures.of('s'))
  other.clock.advance(1)
  t.notOk(other.failures.of('s'))
})

t.test('nothing to tell is null, and trouble on the way to GitHub stays in its process', async t => {
  const { book, failures } = startProcess()
  t.equal(book.write('s', null, { storedAt: 1, trust: 'worked' }), null)
  for (const error of [broken, new GatewayError({ code: 'of_upstream', status: 400 }, 'x')]) {
    failures.remember('s', error)
    t.equal(failures.toShare('s'), null)
  }
})

t.test('a newer failure of this process stays', async t => {
  const [one, other] = [startProcess(), startProcess()]
  one.failures.remember('s', rejected)
  one.renewals.note('s')
  const notes = one.book.write('s', one.failures.toShare('s'), null)
  other.clock.step(one.clock.now() - other.clock.now() + 1)
  other.failures.remember('s', new GatewayError('rate_limited', 'later', { retryAfterSeconds: 600 }))
  for (let at = 0; at < 2; at++) other.renewals.note('s')
  if (notes !== null) other.book.adopt('s', notes)
  t.match(other.failures.of('s'), { code: 'rate_limited' })
  t.equal(other.renewals.recent('s'), 3, 'and those of the other process count too')
})

t.test('readNotes() takes anything', async t => {
  t.doesNotThrow(() => {
    fc.assert(fc.property(fc.anything(), value => {
      readNotes(value)
      return true
    }))
  })
  t.strictSame(readNotes({ at: 1, renewals: [1, 'x'], failure: { code: 'x' }, verdict: { trust: 'worked' } }), {
    at: 1,
    renewals: [1],
    failure: null,
    verdict: null,
  })
})

t.test('surest() keeps what is known', async t => {
  t.equal(surest('renewed', 'worked'), 'worked')
  t.equal(surest('worked', 'rejected'), 'worked')
  t.equal(surest('usual', 'renewed'), 'renewed')
})

t.test('newest() is the verdict on the newer session', async t => {
  const old = { storedAt: 1, trust: 'rejected' } as const
  t.strictSame(newest(old, { storedAt: 2, trust: 'usual' }), { storedAt: 2, trust: 'usual' })
  t.strictSame(newest({ storedAt: 2, trust: 'usual' }, old), { storedAt: 2, trust: 'usual' })
  t.strictSame(newest(old, { storedAt: 1, trust: 'worked' }), { storedAt: 1, trust: 'worked' })
  t.strictSame(newest(null, old), old)
})
