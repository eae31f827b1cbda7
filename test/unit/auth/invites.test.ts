// Invites: one use each, whatever fails in between. `docs/operations.md#invites`
import t from 'tap'
import { createAttempts } from '../../../src/auth/attempts.ts'
import { createInvites } from '../../../src/auth/invites.ts'
import type { Log } from '../../../src/contract.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { StoreError } from '../../../src/store/store.ts'

const silent: Log = { debug () {}, info () {}, warn () {}, error () {} }
const hourMs = 3_600_000
const here = '203.0.113.7'
const withoutLimit = createAttempts({ failuresPerMinute: 0, monotonic: () => 0 })

function world () {
  const time = { now: 1_000_000 }
  const clock = { now: () => time.now }
  const store = createMemoryStore(clock)
  return { time, store, clock, process: () => createInvites(store, withoutLimit, clock, silent) }
}

t.test('the store has neither a code nor its secret, and a code finds its invite until the end', async t => {
  const { time, store, process } = world()
  const invites = process()
  const { id, code, expiresAt } = await invites.create(hourMs)
  t.notMatch(await store.get(`invite:${id}`), code.slice(-32))
  t.match(await invites.find(code, here), { id, expiresAt })
  for (const wrong of ['', id, code.slice(0, -1), `${code.slice(0, -1)}${code.endsWith('a') ? 'b' : 'a'}`]) {
    t.equal(await invites.find(wrong, here), null)
  }
  time.now = expiresAt
  t.equal(await invites.find(code, here), null)
  t.same(await invites.list(), [])
})

t.test('of several processes on one store, one may use the invite', async t => {
  const { process } = world()
  const processes = [process(), process(), process()]
  const { code } = await processes[0]?.create(hourMs) ?? { code: '' }
  const claims = await Promise.all(processes.map(async invites => {
    const invite = await invites.find(code, here)
    return invite !== null && await invites.claim(invite)
  }))
  t.same(claims.filter(Boolean), [true])
})

t.test('an invite that was claimed and released is open again, in every process', async t => {
  const { process } = world()
  const [one, two] = [process(), process()]
  const invite = await one.create(hourMs)
  t.ok(await one.claim(invite))
  t.same([await two.list(), await one.list()], [[], []], 'while it is claimed, nobody sees it')
  t.notOk(await two.claim(invite))
  await one.release(invite)
  t.match(await two.find(invite.code, here), { id: invite.id })
  t.ok(await two.claim(invite))
  t.notOk(await one.claim(invite))
})

t.test('a process that dies after the claim leaves no open invite', async t => {
  const { process } = world()
  const [one, next] = [process(), process()]
  const invite = await one.create(hourMs)
  t.ok(await one.claim(invite))
  t.same(await next.list(), [])
  t.notOk(await next.claim(invite))
})

t.test('a finished invite leaves only a mark, which ends with it', async t => {
  const { time, store, process } = world()
  const invites = process()
  const invite = await invites.create(hourMs)
  await invites.claim(invite)
  const work: Array<Promise<unknown>> = []
  invites.finish(invite, later => {
    work.push(later)
  })
  await Promise.all(work)
  t.equal(await store.get(`invite:${invite.id}`), null)
  t.not(await store.get(`invited:${invite.id}`), null)
  time.now = invite.expiresAt
  t.equal(await store.get(`invited:${invite.id}`), null)
})

t.test('a store that fails at the claim uses nothing up', async t => {
  const { store } = world()
  let isDown = false
  const invites = createInvites({ ...store, create: async (key, value) => {
    if (isDown) throw new StoreError('down')
    return store.create(key, value)
  } }, withoutLimit, { now: () => 0 }, silent)
  const invite = await invites.create(hourMs)
  isDown = true
  await t.rejects(invites.claim(invite), { code: 'store_unavailable' })
  isDown = false
  t.ok(await invites.claim(invite))
})

t.test('an invite that ends, or is revoked, between the look and the claim is not used', async t => {
  const { time, store, process } = world()
  const [one, two] = [process(), process()]
  const [ending, revoked, gone] = [await one.create(hourMs), await one.create(2 * hourMs), await one.create(2 * hourMs)]
  const found = [await one.find(ending.code, here), await one.find(revoked.code, here), await one.find(gone.code, here)]
  t.ok(await two.remove(revoked.id), 'in another process')
  t.ok(await one.remove(gone.id), 'in the same one')
  time.now = ending.expiresAt
  for (const invite of found) {
    if (invite === null) t.fail('each was open')
    else {
      t.notOk(await one.claim(invite))
      t.equal(await store.get(`invited:${invite.id}`), null, 'and leaves no mark')
    }
  }
})

t.test('a revocation that the store refuses changes nothing, and can be tried again', async t => {
  const { store, clock } = world()
  let isDown = false
  const invites = createInvites({ ...store, delete: async key => {
    if (isDown) throw new StoreError('down')
    return store.delete(key)
  } }, withoutLimit, clock, silent)
  const { id, code } = await invites.create(hourMs)
  isDown = true
  await t.rejects(invites.remove(id), { code: 'store_unavailable' })
  t.match(await invites.find(code, here), { id }, 'it is still open')
  isDown = false
  t.ok(await invites.remove(id))
  t.notOk(await invites.remove(id))
  t.equal(await invites.find(code, here), null)
})

t.test('of a revocation and a registration at once, one succeeds', async t => {
  for (const isRevokedFirst of [true, false]) {
    const { process } = world()
    const invites = process()
    const invite = await invites.create(hourMs)
    const work = [() => invites.remove(invite.id), () => invites.claim(invite)]
    t.same((await Promise.all((isRevokedFirst ? work : work.reverse()).map(begin => begin()))).filter(Boolean), [true])
  }
})

t.test('after too many wrong codes of an address the store is not read, and right codes cost nothing', async t => {
  const { store, clock } = world()
  let reads = 0
  const time = { ms: 0 }
  const invites = createInvites({ ...store, get: async key => {
    reads++
    return store.get(key)
  } }, createAttempts({ failuresPerMinute: 3, monotonic: () => time.ms }), clock, silent)
  const { id, code } = await invites.create(hourMs)
  for (let n = 0; n < 5; n++) t.match(await invites.find(code, here), { id })
  for (let n = 0; n < 5; n++) t.equal(await invites.find(`no code ${n}`, here), null)
  t.equal(reads, 5, 'other text reads nothing, and is no attempt')
  for (const letter of 'abc') t.equal(await invites.find(`acpi-${letter.repeat(8)}-${'0'.repeat(32)}`, here), null)
  t.equal(reads, 8)
  await t.rejects(invites.find(`acpi-dddddddd-${'0'.repeat(32)}`, here), { code: 'rate_limited' })
  await t.rejects(invites.find(code, here), { code: 'rate_limited' })
  t.equal(reads, 8)
  t.match(await invites.find(code, '198.51.100.1'), { id }, 'another address is not held up')
  time.ms = 20_500
  t.match(await invites.find(code, here), { id })
})
