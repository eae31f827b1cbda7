// Limits on guessing passwords: how many guesses are possible, what they cost, and that they cost other users nothing.
import t from 'tap'
import { createHandClock, settle } from '../helpers/clock.ts'
import { takeKdfIterations, takeKdfRuns } from '../helpers/kdf.ts'
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
  const outcome = (work: Promise<unknown>) =>
    work.then(() => 'in', (thrown: unknown) => (thrown as { code: string }).code)
  return { clock, store, maker, app, outcome }
}

t.test('verify() allows ten guesses a minute from one address, and derives no further keys', async t => {
  for (const sideBySide of [true, false]) {
    const { clock, app, outcome } = await world()
    const outcomes: string[] = []
    if (sideBySide) {
      outcomes.push(...await Promise.all(Array.from({ length: 40 }, (_, at) => outcome(app.enter('alice', guess(at))))))
    } else for (let at = 0; at < 40; at++) outcomes.push(await outcome(app.enter('alice', guess(at))))
    t.equal(outcomes.filter(code => code === 'invalid_api_key').length, 10)
    t.equal(outcomes.filter(code => code === 'rate_limited').length, 30)
    t.equal(takeKdfRuns(), 10)
    clock.advance(6_000)
    t.equal(await outcome(app.enter('alice', guess(40))), 'invalid_api_key', 'one guess comes back after six seconds')
    t.equal(await outcome(app.enter('alice', guess(41))), 'rate_limited')
    t.equal(await outcome(app.enter('alice', guess(42), '203.0.113.8')), 'invalid_api_key',
      'another address has ten of its own')
  }
})

t.test('M3: failures of other addresses slow down only addresses that failed too, and block no other', async t => {
  const { app, outcome } = await world()
  const from = (at: number) => `198.51.${Math.floor(at / 250)}.${at % 250}`
  for (let at = 0; at < 60; at++) await outcome(app.enter('alice', guess(at), from(at)))
  t.equal(await outcome(app.enter('alice', guess(60), from(3))), 'rate_limited',
    'an address that failed for this user within the minute')
  t.equal(await outcome(app.enter('bob', guess(61), from(3))), 'invalid_api_key', 'the limit is for this user only')
  t.equal(await outcome(app.enter('alice', guess(62), from(99))), 'invalid_api_key', 'every new address has one guess')
  t.equal(await outcome(app.enter('alice', guess(63), from(99))), 'rate_limited')
  t.equal(await outcome(app.enter('alice', password, from(100))), 'in', 'the owner, from an address without a failure')
  t.equal(await outcome(app.enter('alice', password, from(3))), 'in', 'warm from then on, from any address')
})

t.test('M3: the user waits no longer than if the attacker guessed an unknown name', async t => {
  const { app, clock, outcome } = await world()
  for (let at = 0; at < 70; at++) await outcome(app.enter('alice', guess(at), `198.51.100.${at}`))
  t.equal(await outcome(app.enter('alice', password, '198.51.100.1')), 'rate_limited')
  clock.advance(60_001)
  t.equal(await outcome(app.enter('alice', password, '198.51.100.1')), 'in')
})

t.test('H3: of many simultaneous guesses, only those within the limit read the store', async t => {
  const { app, store, outcome } = await world()
  const reads = store.calls.get
  const outcomes = await Promise.all(Array.from({ length: 300 }, (_, at) => outcome(app.enter(`user-${at}`, password))))
  t.equal(store.calls.get - reads, 10)
  t.equal(outcomes.filter(code => code === 'invalid_api_key').length, 10)
  t.equal(outcomes.filter(code => code === 'rate_limited' || code === 'overloaded').length, 290)
})

t.test('verify() never blocks a warm key, and gives the retry time for a cold one', async t => {
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

t.test('verify() remembers a wrong key for a minute: it derives the key once, and still counts each guess', async t => {
  const { app, store, clock, outcome } = await world()
  t.equal(await outcome(app.enter('alice', otherPassword)), 'invalid_api_key')
  const reads = store.calls.get
  takeKdfRuns()
  for (let at = 0; at < 9; at++) t.equal(await outcome(app.enter('alice', otherPassword)), 'invalid_api_key')
  t.equal(await outcome(app.enter('alice', otherPassword)), 'rate_limited')
  t.equal(takeKdfRuns(), 0)
  t.equal(store.calls.get - reads, 9, 'each read compares the record with the remembered one')
  clock.advance(60_001)
  t.equal(await outcome(app.enter('alice', otherPassword)), 'invalid_api_key')
  t.equal(takeKdfRuns(), 1)
})

t.test('verify() no longer rejects a key that has become right, even during the check', async t => {
  const { app, store, outcome } = await world()
  t.equal(await outcome(app.enter('bob', password)), 'invalid_api_key')
  await app.register('bob')
  t.equal(await outcome(app.enter('bob', password)), 'in')

  const late = holdNextRead(store)
  const checking = outcome(app.enter('carol', password))
  await settle()
  await app.register('carol')
  late()
  t.equal(await checking, 'invalid_api_key', 'the store had no user when it was asked')
  const caller = { address, defer: app.defer }
  t.ok(await app.registry.prove({ username: 'carol', password }, caller),
    'a check that found no user is not remembered')
})

t.test('knownWrong: a password that was wrong for one record can be right for the next, wherever it was written',
  async t => {
    const { app, maker, outcome } = await world()
    t.equal(await outcome(app.enter('alice', otherPassword)), 'invalid_api_key')
    const caller = { address, defer: maker.defer }
    await maker.registry.changePassword(await maker.registry.prove({ username: 'alice', password }, caller), password,
      otherPassword, caller)
    t.equal(await outcome(app.enter('alice', otherPassword)), 'in',
      'at once, in the process that remembered it as wrong')
    t.equal(await outcome(app.enter('alice', password)), 'invalid_api_key')
  })

t.test('KDF_ITERATIONS: a wrong password costs the same for an unknown name and for other iterations', async t => {
  const { store, clock, outcome } = await world({ iterations: 10_000 })
  const costOf = async (app: ReturnType<typeof createProcess>, username: string, at: number) => {
    takeKdfIterations()
    t.equal(await outcome(app.enter(username, guess(at), `192.0.2.${at}`)), 'invalid_api_key')
    return takeKdfIterations()
  }
  const raised = createProcess({ store, clock, iterations: 25_000 })
  t.equal(await costOf(raised, 'nobody', 1), 25_000)
  t.equal(await costOf(raised, 'alice', 2), 25_000, 'a record with fewer iterations gets the same cost')
  await raised.register('bob')
  const lowered = createProcess({ store, clock, iterations: 12_000 })
  t.equal(await costOf(lowered, 'bob', 3), 25_000)
  t.equal(await costOf(lowered, 'nobody', 4), 25_000, 'as much as the costliest record that this process has read')
  t.equal(await costOf(lowered, 'alice', 5), 25_000)
})

t.test('a store outage or a missing pepper uses up no attempts', async t => {
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
  const logged = JSON.stringify([...app.log.lines, ...maker.log.lines])
  t.match(logged, /auth-failed/)
  t.match(logged, /"action":"sign-in","outcome":"limited"/)
  for (const secret of [password, guess(0), token]) t.notOk(logged.includes(secret))
})
