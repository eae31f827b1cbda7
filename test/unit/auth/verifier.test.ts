// Guessing: how much of it there can be, what it costs, and that it costs nobody else.
import t from 'tap'
import { createHandClock, settle } from '../helpers/clock.ts'
import { takeKdfRuns } from '../helpers/kdf.ts'
import { address, createProcess, otherPassword, password, token, type ProcessOptions } from '../helpers/process.ts'
import { createCountingStore, holdNextRead } from '../helpers/stores.ts'

const guess = (at: number) => `acpc-${String(at).padStart(10, '0')}`
const world = async (options: Partial<ProcessOptions> = {}) => {
  const clock = createHandClock()
  const store = createCountingStore(clock)
  const maker = createProcess({ store, clock, ...options })
  await maker.register('alice')
  const app = createProcess({ store, clock, ...options })
  takeKdfRuns()
  const outcome = (work: Promise<unknown>) => work.then(() => 'in', (thrown: unknown) => (thrown as { code: string }).code)
  return { clock, store, maker, app, outcome }
}

t.test('verify() lets ten guesses a minute of one address through, side by side or one by one, and stretches no other', async t => {
  for (const sideBySide of [true, false]) {
    const { clock, app, outcome } = await world()
    const outcomes: string[] = []
    if (sideBySide) outcomes.push(...await Promise.all(Array.from({ length: 40 }, (_, at) => outcome(app.enter('alice', guess(at))))))
    else for (let at = 0; at < 40; at++) outcomes.push(await outcome(app.enter('alice', guess(at))))
    t.equal(outcomes.filter(code => code === 'invalid_api_key').length, 10)
    t.equal(outcomes.filter(code => code === 'rate_limited').length, 30)
    t.equal(takeKdfRuns(), 10)
    clock.advance(6_000)
    t.equal(await outcome(app.enter('alice', guess(40))), 'invalid_api_key', 'one comes back in six seconds')
    t.equal(await outcome(app.enter('alice', guess(41))), 'rate_limited')
    t.equal(await outcome(app.enter('alice', guess(42), '203.0.113.8')), 'invalid_api_key', 'another address has its own')
  }
})

t.test('verify() lets sixty guesses a minute on one user through, from however many addresses', async t => {
  const { app, outcome } = await world()
  let wrong = 0
  for (let at = 0; at < 80; at++) if (await outcome(app.enter('alice', guess(at), `198.51.100.${at}`)) === 'invalid_api_key') wrong++
  t.equal(wrong, 60)
})

t.test('verify() never blocks a warm key, and says when to come again to a cold one', async t => {
  const { app, maker, outcome } = await world()
  for (let at = 0; at < 20; at++) await outcome(maker.enter('alice', guess(at)))
  t.equal(await outcome(maker.enter('alice', password)), 'in')
  for (let at = 0; at < 20; at++) await outcome(app.enter('alice', guess(at)))
  await t.rejects(app.enter('alice', password), { code: 'rate_limited', status: 429, headers: { 'retry-after': '6' } })
})

t.test('verify() lets twenty users sign in at once from one address', async t => {
  const { store, clock } = await world()
  const maker = createProcess({ store, clock })
  for (let at = 0; at < 20; at++) await maker.register(`user-${at}`)
  const app = createProcess({ store, clock })
  const accounts = await Promise.all(Array.from({ length: 20 }, (_, at) => app.enter(`user-${at}`, password)))
  t.equal(accounts.length, 20)
})

t.test('verify() remembers a wrong key for a minute, asks nobody about it, and still counts it', async t => {
  const { app, store, clock, outcome } = await world()
  t.equal(await outcome(app.enter('alice', otherPassword)), 'invalid_api_key')
  const reads = store.calls.get
  takeKdfRuns()
  for (let at = 0; at < 9; at++) t.equal(await outcome(app.enter('alice', otherPassword)), 'invalid_api_key')
  t.equal(await outcome(app.enter('alice', otherPassword)), 'rate_limited')
  t.equal(takeKdfRuns(), 0)
  t.equal(store.calls.get, reads)
  clock.advance(60_001)
  t.equal(await outcome(app.enter('alice', otherPassword)), 'invalid_api_key')
  t.equal(takeKdfRuns(), 1)
})

t.test('verify() forgets that a key was wrong when it becomes right, even while it is being checked', async t => {
  const { app, store, outcome } = await world()
  t.equal(await outcome(app.enter('bob', password)), 'invalid_api_key')
  await app.register('bob')
  t.equal(await outcome(app.enter('bob', password)), 'in')

  const late = holdNextRead(store)
  const checking = outcome(app.enter('carol', password))
  await settle()
  await app.register('carol')
  late()
  t.equal(await checking, 'invalid_api_key', 'the store had nobody when it was asked')
  const caller = { address, defer: app.defer }
  t.ok(await app.registry.prove({ username: 'carol', password }, caller), 'the check that found nobody is not remembered')
})

t.test('verify() takes no attempt off anybody for a store that is out, nor for a missing pepper', async t => {
  const { app, store, outcome } = await world()
  store.isOut = true
  for (let at = 0; at < 30; at++) t.equal(await outcome(app.enter('alice', guess(at))), 'store_unavailable')
  store.isOut = false
  t.equal(await outcome(app.enter('alice', password)), 'in')
})

t.test('verify() with AUTH_FAILURES_PER_MINUTE=0 limits nothing', async t => {
  const { app, outcome } = await world({ failuresPerMinute: 0 })
  for (let at = 0; at < 70; at++) t.equal(await outcome(app.enter('alice', guess(at))), 'invalid_api_key')
})

t.test('verify() logs names and addresses, and no secret', async t => {
  const { app, maker, outcome } = await world()
  for (let at = 0; at < 12; at++) await outcome(app.enter('alice', guess(at)))
  const said = JSON.stringify([...app.log.lines, ...maker.log.lines])
  t.match(said, /auth-failed/)
  t.match(said, /"action":"sign-in","outcome":"limited"/)
  for (const secret of [password, guess(0), token]) t.notOk(said.includes(secret))
})
