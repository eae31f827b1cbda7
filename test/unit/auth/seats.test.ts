// Seats in a user's record and across processes: no change is lost, and nothing of one seat opens or serves another.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { writeSealedData } from '../../../src/auth/contents.ts'
import { openWithPassword } from '../../../src/auth/open-record.ts'
import { createPeppers } from '../../../src/auth/peppers.ts'
import { writeRecord } from '../../../src/auth/record.ts'
import { changeRecord, sealContents, sealRecord } from '../../../src/auth/sealed-record.ts'
import { isSeatName } from '../../../src/auth/seats.ts'
import type { Proof } from '../../../src/auth/verified.ts'
import { isOfSeat, ownerOf, seatIdOf, userOf } from '../../../src/seat-names.ts'
import { createHandClock } from '../helpers/clock.ts'
import { createTestLog } from '../helpers/log.ts'
import { address, createProcess, otherPassword, otherToken, password, token, type ProcessOptions,
  type TestProcess } from '../helpers/process.ts'
import { contentsOf, oldRecord, userRecord } from '../helpers/records.ts'
import { createCountingStore } from '../helpers/stores.ts'

const pepper = new Uint8Array(32).fill(7)
const withoutPepper = createPeppers(null, null, createTestLog())
const newerPepper = new Uint8Array(32).fill(8)
const world = () => {
  const clock = createHandClock()
  const store = createCountingStore(clock)
  const open = (more: Partial<ProcessOptions> = {}) => createProcess({ store, clock, pepper, ...more })
  const value = async () => await store.inner.get('user:alice') ?? ''
  return { clock, store, app: open(), open, value }
}
const callerOf = (app: TestProcess) => ({ address, defer: app.defer })
const proofOf = async (app: TestProcess): Promise<Proof> => ({ credential: password,
  verified: await app.registry.prove({ username: 'alice', password }, callerOf(app)) })
const link = async (app: TestProcess, seat: string, linked = otherToken) =>
  app.seats.link(await proofOf(app), seat, linked, callerOf(app))
const enter = (app: TestProcess, seat?: string, key = password) =>
  app.signIn.authenticate({ username: 'alice', address, defer: app.defer,
    headers: { authorization: `Bearer ${key}`, ...seat === undefined ? {} : { 'x-copilot-seat': seat } } })
const namesOf = async (app: TestProcess) => [...(await enter(app)).seats.keys()]
const unreadable = { code: 'record_unreadable' }

t.test('no two seats share an id, whatever the account type behind it; each belongs to its seat alone', async t => {
  const name = fc.stringMatching(/^[a-z0-9]{1,6}(?:-[a-z0-9]{1,6})?$/)
  const seat = fc.oneof(fc.constant('default'), name)
  const place = fc.record({ username: name, rid: fc.stringMatching(/^[\w-]{22}$/), gen: fc.integer({ min: 1, max: 9 }),
    seat, type: fc.option(name) })
  const idOf = (
    { type, ...place }: { username: string, rid: string, gen: number, seat: string, type: string | null },
  ) => `${seatIdOf(place)}${type === null ? '' : `:${type}`}`
  fc.assert(fc.property(place, seat, fc.option(name), (one, otherSeat, otherType) => {
    const other = { ...one, seat: otherSeat, type: otherType }
    const isSame = one.seat === otherSeat && one.type === otherType
    t.equal(idOf(one) === idOf(other), isSame)
    t.equal(isOfSeat(idOf(one), one.username, otherSeat), one.seat === otherSeat)
    t.ok(isOfSeat(idOf(one), one.username, null))
    t.notOk(isOfSeat(idOf(one), `${one.username}x`, null))
    t.equal(userOf(ownerOf(one)), one.username)
  }), { numRuns: 500 })
  t.strictSame(['work', 'a-b', 'admin', '', 'a--b', 'A', 'a/b', 'a:b', '__proto__', 'x'.repeat(65)].filter(isSeatName),
    ['work', 'a-b', 'admin'])
})

t.test('a record with seats that another program sealed opens, with the token of each', async t => {
  const { value } = JSON.parse(readFileSync(new URL('records-2-seats.json', import.meta.url), 'utf8')) as {
    value: string,
  }
  const { verified } = await openWithPassword(userRecord(value), password, value, withoutPepper)
  t.strictSame(verified?.opened?.contents.seats, [{ name: 'work', gen: 2 }, { name: 'home-lab', gen: 4 }])
  t.same(await Promise.all(['default', 'work', 'home-lab'].map(async seat => verified?.openToken(seat))), [token,
    otherToken, token])
  t.equal(writeRecord(userRecord(value)), value, 'written back unchanged')
})

t.test('changeRecord() links, replaces and removes seats; without any, the text is as before', async t => {
  const first = await sealRecord('alice', password, token, { iterations: 10_000, pepper: null })
  t.notMatch(writeSealedData(first.contents), '"se"')
  const linked = await changeRecord(first, { link: { seat: 'work', token: otherToken } }, null)
  t.match(linked.record, { gen: 1, rev: 2 })
  t.strictSame(linked.contents.seats, [{ name: 'work', gen: 2 }])
  const both = await changeRecord(linked, { link: { seat: 'constructor', token } }, null)
  const again = await changeRecord(both, { link: { seat: 'work', token } }, null)
  t.strictSame(again.contents.seats, [{ name: 'work', gen: 4 }, { name: 'constructor', gen: 3 }])
  const rotated = await changeRecord(again, { password: { text: otherPassword, iterations: 10_000 }, rotate: true },
    null)
  t.strictSame(rotated.contents.seats, again.contents.seats, 'a new password keeps them')
  const { verified } = await openWithPassword(rotated.record, otherPassword, rotated.value, withoutPepper)
  t.same(await Promise.all([undefined, 'work', 'constructor'].map(async seat => verified?.openToken(seat))), [token,
    token, token])
  await t.rejects(async () => verified?.openToken('toString'), unreadable)
  const left = await changeRecord(rotated, { unlink: 'work' }, null)
  t.strictSame(left.contents.seats, [{ name: 'constructor', gen: 3 }])
  t.equal((await changeRecord(left, { unlink: 'constructor' }, null)).contents.seats.length, 0)
})

t.test('no one can add, rename or reorder a seat without the data key', async t => {
  const first = await sealRecord('alice', password, token, { iterations: 10_000, pepper: null })
  const linked = await changeRecord(await changeRecord(first, { link: { seat: 'a', token } }, null), {
    link: { seat: 'b', token: otherToken },
  }, null)
  const contents = await contentsOf(linked.value)
  const [a, b] = contents.seats
  if (a === undefined || b === undefined) throw new Error('two seats')
  for (const seats of [[], [a], [b, a], [a, b, { name: 'c', gen: 3 }], [{ ...a, name: 'b' }, { ...b, name: 'a' }], [{
    ...a,
    gen: 3,
  }, b]]) {
    const forged = writeRecord(await sealContents(userRecord(linked.value), { ...contents, seats }, null))
    await t.rejects(openWithPassword(userRecord(forged), password, forged, withoutPepper), unreadable,
      JSON.stringify(seats))
  }
})

t.test('a seat is there at once in its process, elsewhere after AUTH_REVALIDATE_SECONDS or a restart', async t => {
  const { app, open, clock, store } = world()
  await app.register('alice')
  const other = open({ revalidateSeconds: 60 })
  t.strictSame(await namesOf(other), ['default'])
  const account = await link(app, 'work')
  t.match(account, { seat: 'work', gen: 2, username: 'alice' })
  t.equal(await account.openGitHubToken(), otherToken)
  t.strictSame(await namesOf(app), ['default', 'work'])
  await t.rejects(enter(other, 'work'), { code: 'invalid_request', status: 400 })
  clock.advance(61_000)
  t.equal(await (await enter(other, 'work')).openGitHubToken(), otherToken)
  t.equal(await (await enter(open(), 'work')).openGitHubToken(), otherToken)
  const before = store.calls.get
  for (const seat of [undefined, 'work', 'default']) await enter(other, seat)
  t.equal(store.calls.get, before, 'no store call')
  t.equal(await enter(other), await enter(other, 'default'), 'the same object')
})

t.test('linking at the same time as other changes loses nothing', async t => {
  const { app } = world()
  await app.register('alice')
  const proof = await proofOf(app)
  const key = { kind: 'key' as const, name: 'x', expiresAt: null, models: null, monthlyCredits: null, seat: null }
  await Promise.all([app.seats.link(proof, 'a', otherToken, callerOf(app)), app.entries.add(proof, key, callerOf(app)),
    app.seats.link(proof, 'b', otherToken, callerOf(app)), app.seats.link(proof, 'c', otherToken, callerOf(app))])
  t.strictSame((await namesOf(app)).sort(), ['a', 'b', 'c', 'default'])
  t.equal((await app.entries.list('alice', ['key'])).length, 1)
  await Promise.all([app.seats.unlink(proof, 'b', callerOf(app)), app.seats.link(proof, 'd', token, callerOf(app))])
  t.strictSame((await namesOf(app)).sort(), ['a', 'c', 'd', 'default'])
  const both = await Promise.allSettled(['e', 'f'].map(name => app.seats.link(proof, name, token, callerOf(app))))
  t.strictSame(both.map(({ status }) => status), ['fulfilled', 'rejected'], 'five at most')
  t.match(both[1], { reason: { code: 'seat_limit', status: 409 } })
})

t.test('a rotation of the pepper keeps the seats, and so does the change from version 1', async t => {
  const { app, open, store } = world()
  await app.register('alice')
  await link(app, 'work')
  const rotating = open({ pepper: newerPepper, previousPepper: pepper })
  t.strictSame(await namesOf(rotating), ['default', 'work'])
  await rotating.quiet()
  const after = open({ pepper: newerPepper })
  t.equal(await (await enter(after, 'work')).openGitHubToken(), otherToken)

  await store.inner.set('user:bob', await oldRecord({ username: 'bob', password, token, pepper: newerPepper }))
  const proof = { credential: password,
    verified: await after.registry.prove({ username: 'bob', password }, callerOf(after)) }
  const linked = await after.seats.link(proof, 'work', otherToken, callerOf(after))
  t.equal(await linked.openGitHubToken(), otherToken)
  t.equal(await linked.seats.get('default')?.openGitHubToken(), token)
})

t.test('what one seat seals opens for no other, nor for the same name with another user', async t => {
  const { app } = world()
  await app.register('alice')
  const { seats } = await link(app, 'work')
  const [home, work] = [seats.get('default'), seats.get('work')]
  if (home === undefined || work === undefined) throw new Error('two seats')
  const [ofHome, ofWork] = [await home.seal('home'), await work.seal('work')]
  t.same([await home.open(ofHome), await work.open(ofWork)], ['home', 'work'])
  t.same([await home.open(ofWork), await work.open(ofHome)], [null, null])
  t.notSame(await home.digest('x'), await work.digest('x'))
  t.not(home.seatId, work.seatId)
  t.not(home.owner, work.owner)
})

t.test('removing a user removes what the store holds of each seat', async t => {
  for (const remove of ['remove', 'expel'] as const) {
    const { app, store } = world()
    await app.register('alice')
    const { rid } = await link(app, 'work')
    for (const key of [`cred:alice:${rid}`, `cred:alice:${rid}:work`, 'models:alice', 'models:alice:work']) {
      await store.inner.set(key, 'x')
    }
    if (remove === 'expel') await app.registry.expel('alice')
    else await app.registry.remove((await proofOf(app)).verified, callerOf(app))
    await app.quiet()
    for (const prefix of ['user:', 'cred:', 'models:']) {
      for await (const key of store.inner.keys(prefix)) t.fail(`${remove} left ${key}`)
    }
  }
})
