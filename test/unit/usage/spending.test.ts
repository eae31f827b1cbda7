// The credits of keys: caps that hold across processes and restarts, and few writes.
import t from 'tap'
import type { AccountEntry } from '../../../src/auth/account.ts'
import { createSpending } from '../../../src/usage/spending.ts'
import { createHandClock } from '../helpers/clock.ts'
import { createTestLog } from '../helpers/log.ts'
import { createCountingStore, createEventualStore } from '../helpers/stores.ts'
import { createAccount } from '../helpers/upstream.ts'

const nano = 1e9
const account = (entry: Partial<AccountEntry> | null = {}) => ({ ...createAccount(),
  entry: entry === null
    ? null
    : { kind: 'key' as const, id: 'aaaaaaaa', expiresAt: null, models: null, monthlyCredits: 100, seat: null,
      ...entry } })
const over = { code: 'key_budget_exceeded', status: 402 }

const world = (kind: 'memory' | 'cloudflare-kv' = 'memory') => {
  const clock = createHandClock()
  const inner = createCountingStore(clock)
  const store = kind === 'memory' ? inner : createEventualStore(clock, inner.inner)
  const pending: Array<Promise<unknown>> = []
  const log = createTestLog()
  return {
    clock,
    store,
    log,
    open: () => createSpending(store, clock, log),
    defer: (work: Promise<unknown>) => {
      pending.push(work)
    },
    quiet: async () => {
      while (pending.length > 0) await pending.shift()
    },
  }
}

t.test('a key spends up to its cap; others, and the password, are free of it', async t => {
  const { open, defer, quiet } = world()
  const spending = open()
  await spending.assertWithin(account())
  spending.add(account(), 99 * nano, defer)
  await quiet()
  t.equal(spending.assertWithin(account()), undefined, 'from memory')
  spending.add(account(), nano, defer)
  await quiet()
  t.throws(() => spending.assertWithin(account()), over)
  for (const other of [account({ id: 'bbbbbbbb' }), account({ monthlyCredits: null }), account(null)]) {
    await spending.assertWithin(other)
    spending.add(other, 500 * nano, defer)
  }
  await quiet()
  t.same([...await spending.of('alice')].sort(), [['aaaaaaaa', 600 * nano], ['bbbbbbbb', 500 * nano]])
  await t.rejects(async () => spending.assertWithin(account({ id: 'bbbbbbbb' })), over)
  await t.rejects(async () => spending.assertWithin(account({ id: 'cccccccc', monthlyCredits: 0 })), over)
})

t.test('a cap holds in the next process, and across processes that add to it', async t => {
  const { open, defer, quiet } = world()
  const [one, two] = [open(), open()]
  for (let at = 0; at < 10; at++) {
    one.add(account(), 5 * nano, defer)
    await quiet()
    two.add(account(), 5 * nano, defer)
    await quiet()
  }
  t.equal((await open().of('alice')).get('aaaaaaaa'), 100 * nano)
  await t.rejects(async () => open().assertWithin(account()), over)
})

t.test('a month (UTC) later the key may spend again', async t => {
  const { clock, open, defer, quiet } = world()
  const spending = open()
  spending.add(account(), 200 * nano, defer)
  await quiet()
  await t.rejects(async () => spending.assertWithin(account()), over)
  clock.advance(32 * 86_400_000)
  await spending.assertWithin(account())
  await open().assertWithin(account())
  t.equal((await spending.of('alice')).size, 0)
})

t.test('KV is written once an hour, and for each twentieth of a cap', async t => {
  const { clock, store, open, defer, quiet } = world('cloudflare-kv')
  const spending = open()
  const add = async (amount: number, entry: Partial<AccountEntry> = {}) => {
    spending.add(account(entry), amount * nano, defer)
    await quiet()
  }
  for (let at = 0; at < 100; at++) await add(0.04)
  t.equal(store.calls.set, 0)
  await add(1)
  t.equal(store.calls.set, 1, 'a twentieth')
  for (let at = 0; at < 50; at++) await add(1_000, { monthlyCredits: null })
  t.equal(store.calls.set, 1)
  clock.advance(3_600_000)
  await add(0.01)
  t.equal(store.calls.set, 2, 'an hour later')
  t.equal(store.calls.get, 3, 'one read at first, one before each write')
})

t.test('a store that fails loses nothing, and a value of other software counts as nothing', async t => {
  const { store, log, open, defer, quiet } = world()
  const spending = open()
  await spending.assertWithin(account())
  store.isOut = true
  spending.add(account(), 60 * nano, defer)
  await quiet()
  t.ok(log.lines.some(({ fields }) => fields.event === 'repair-failed'))
  await t.rejects(async () => open().assertWithin(account()), { code: 'store_unavailable' })
  store.isOut = false
  spending.add(account(), 60 * nano, defer)
  await quiet()
  t.equal((await open().of('alice')).get('aaaaaaaa'), 120 * nano)
  for (const value of ['', '{', 'null', '[]', '{"month":7}', '{"month":"2026-01","keys":{"aaaaaaaa":"x"}}']) {
    await store.inner.set('spend:alice', value)
    t.equal((await open().of('alice')).size, 0, value)
  }
  await createSpending(null, createHandClock(), log).assertWithin(account())
})

t.test('a timer writes what is late, and the end of the process everything', async t => {
  const { clock, store, open, defer, quiet } = world()
  const spending = open()
  await spending.assertWithin(account())
  spending.add(account(), nano, defer)
  await quiet()
  await spending.flush()
  t.equal(await store.get('spend:alice'), null, 'not late yet')
  clock.advance(10_000)
  await spending.flush()
  t.match(await store.get('spend:alice'), /"aaaaaaaa":1000000000/)
  spending.add(account(), nano, defer)
  await quiet()
  await spending.flush(true)
  t.match(await store.get('spend:alice'), /"aaaaaaaa":2000000000/)
  const writes = store.calls.set
  await spending.flush(true)
  t.equal(store.calls.set, writes, 'nothing new, nothing written')
})
