// Codes of further devices: one use each, whatever fails in between, and nothing in the store that opens a record.
import t from 'tap'
import { createAttempts } from '../../../src/auth/attempts.ts'
import { createDeviceCodes } from '../../../src/auth/device-codes.ts'
import { createPeppers } from '../../../src/auth/peppers.ts'
import { sealRecord } from '../../../src/auth/sealed-record.ts'
import { createUserStore } from '../../../src/auth/user-store.ts'
import { toVerified } from '../../../src/auth/verified.ts'
import { toBase64Url } from '../../../src/bytes.ts'
import type { Log } from '../../../src/contract.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { StoreError } from '../../../src/store/store.ts'

const silent: Log = { debug () {}, info () {}, warn () {}, error () {} }
const here = '203.0.113.7'

async function world () {
  const time = { now: 1_000_000 }
  const clock = { now: () => time.now, monotonic: () => time.now, setTimer: () => () => {} }
  const store = createMemoryStore(clock)
  const users = createUserStore(store, clock)
  const peppers = createPeppers(null, null, silent)
  const sealed = await sealRecord('mona', 'acpc-0123456789', `ghu_${'a'.repeat(36)}` as never, { iterations: 10_000,
    pepper: null })
  await users.create('mona', sealed.value)
  const process = (failuresPerMinute = 0) =>
    createDeviceCodes({ store, users, peppers, clock, log: silent,
      attempts: createAttempts({ failuresPerMinute, monotonic: () => time.now }) })
  return { time, store, users, process, sealed, verified: toVerified(sealed) }
}

t.test('the store has neither the code nor the data key, and a code finds its user until the end', async t => {
  const { time, store, process, sealed, verified } = await world()
  const codes = process()
  const { id, code, expiresAt } = await codes.create(verified)
  const value = await store.get(`device-code:${id}`) ?? ''
  t.notMatch(value, code.slice(-32))
  t.notMatch(value, toBase64Url(sealed.dataKey))
  const found = await codes.find(code, here)
  t.match(found, { id, username: 'mona' })
  t.same(found?.proof.verified.opened?.dataKey, sealed.dataKey)
  for (const wrong of ['', id, code.slice(0, -1), `${code.slice(0, -1)}${code.endsWith('a') ? 'b' : 'a'}`]) {
    t.equal(await codes.find(wrong, here), null)
  }
  time.now = expiresAt
  t.equal(await codes.find(code, here), null)
  t.equal(await store.get(`device-code:${id}`), null)
})

t.test('of several processes on one store, one may use the code', async t => {
  const { process, verified } = await world()
  const { code } = await process().create(verified)
  const claims = await Promise.all([process(), process(), process()].map(async codes => {
    const found = await codes.find(code, here)
    return found !== null && await codes.claim(found)
  }))
  t.same(claims.filter(Boolean), [true])
})

t.test('a code that was claimed and released works again; a finished one leaves a mark that ends', async t => {
  const { time, store, process, verified } = await world()
  const [one, two] = [process(), process()]
  const { id, code } = await one.create(verified)
  const found = await one.find(code, here)
  if (found === null) throw new Error('not found')
  t.ok(await one.claim(found))
  t.notOk(await one.claim(found))
  t.notOk(await two.claim(found))
  await one.release(found)
  t.ok(await two.claim(found))
  const work: Array<Promise<unknown>> = []
  two.finish(found, later => {
    work.push(later)
  })
  await Promise.all(work)
  t.equal(await store.get(`device-code:${id}`), null)
  t.not(await store.get(`device-coded:${id}`), null)
  time.now += 120_000
  t.equal(await store.get(`device-coded:${id}`), null)
})

t.test('a store that fails during the claim leaves the code open', async t => {
  const { store, process, verified } = await world()
  const codes = process()
  const { code } = await codes.create(verified)
  const found = await codes.find(code, here)
  if (found === null) throw new Error('not found')
  const { create } = store
  store.create = async () => {
    throw new StoreError('down')
  }
  await t.rejects(codes.claim(found), { code: 'store_unavailable' })
  store.create = create
  t.ok(await codes.claim(found))
})

t.test('wrong codes count as failed sign-ins of the address, and a user gets ten codes in ten minutes', async t => {
  const { process, verified, time } = await world()
  const codes = process(3)
  const wrong = `acpd-00000000-${'0'.repeat(32)}`
  for (let tries = 0; tries < 3; tries++) t.equal(await codes.find(wrong, here), null)
  await t.rejects(codes.find(wrong, here), { code: 'rate_limited' })
  t.equal(await codes.find('of another form', here), null)
  for (let at = 0; at < 10; at++) await codes.create(verified)
  await t.rejects(codes.create(verified), { code: 'rate_limited' })
  time.now += 60_000
  t.ok(await codes.create(verified))
})
