// Invites: one use each, whatever fails in between. `docs/operations.md#invites`
import t from 'tap'
import { createInvites } from '../../../src/auth/invites.ts'
import type { Log } from '../../../src/contract.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { StoreError } from '../../../src/store/store.ts'

const silent: Log = { debug () {}, info () {}, warn () {}, error () {} }
const hourMs = 3_600_000

function world () {
  const time = { now: 1_000_000 }
  const clock = { now: () => time.now }
  const store = createMemoryStore(clock)
  return { time, store, process: () => createInvites(store, clock, silent) }
}

t.test('the store has neither a code nor its secret, and a code finds its invite until the end', async t => {
  const { time, store, process } = world()
  const invites = process()
  const { id, code, expiresAt } = await invites.create(hourMs)
  t.notMatch(await store.get(`invite:${id}`), code.slice(-32))
  t.match(await invites.find(code), { id, expiresAt })
  for (const wrong of ['', id, code.slice(0, -1), `${code.slice(0, -1)}${code.endsWith('a') ? 'b' : 'a'}`]) {
    t.equal(await invites.find(wrong), null)
  }
  time.now = expiresAt
  t.equal(await invites.find(code), null)
  t.same(await invites.list(), [])
})

t.test('of several processes on one store, one may use the invite', async t => {
  const { process } = world()
  const processes = [process(), process(), process()]
  const { code } = await processes[0]?.create(hourMs) ?? { code: '' }
  const claims = await Promise.all(processes.map(async invites => {
    const invite = await invites.find(code)
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
  t.match(await two.find(invite.code), { id: invite.id })
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
  } }, { now: () => 0 }, silent)
  const invite = await invites.create(hourMs)
  isDown = true
  await t.rejects(invites.claim(invite), { code: 'store_unavailable' })
  isDown = false
  t.ok(await invites.claim(invite))
})
