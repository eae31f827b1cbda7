// Usage in memory and on its way to the store: when it is written, what survives a failure, and that no caller can make
// rows without end.
import t from 'tap'
import type { AccountEntry } from '../../../src/auth/account.ts'
import { withWriteLimits } from '../../../src/store/kv-writes.ts'
import { createQuotaWatch } from '../../../src/usage/quota-watch.ts'
import { createUsageHistory, type UsageEvent } from '../../../src/usage/usage-history.ts'
import { createHandClock } from '../helpers/clock.ts'
import { createTestLog } from '../helpers/log.ts'
import { createCountingStore, createEventualStore } from '../helpers/stores.ts'
import { createAccount } from '../helpers/upstream.ts'

const key = (id: string): AccountEntry => ({ kind: 'key', id, expiresAt: null, models: null, monthlyCredits: null,
  seat: null })
const usage = { input: 100, cacheRead: 40, cacheWrite: 0, output: 7, reasoning: 3, nanoCredits: 2e9 }
const event = (change: Partial<UsageEvent> = {}): UsageEvent => ({ model: 'gpt-5.1', endpoint: '/responses', usage,
  premium: null, ...change })
const hour = 3_600_000
const day = '2026-03-28'

const world = async (kind: 'memory' | 'cloudflare-kv' = 'memory') => {
  const clock = createHandClock()
  const inner = createCountingStore(clock)
  const account = createAccount()
  await inner.set(`user:${account.username}`, 'a record')
  inner.calls.set = 0
  const log = createTestLog()
  const deferred: Array<Promise<unknown>> = []
  const call = { headers: { 'user-agent': 'curl/8.5.0' }, defer: (work: Promise<unknown>) => {
    deferred.push(work)
  } }
  const open = ({ keptDays = 90, isFlushed = true } = {}) => {
    const store = kind === 'memory' ? inner : createEventualStore(clock, inner)
    return createUsageHistory({ store, keptDays, clock, log, watch: createQuotaWatch(clock), isFlushed })
  }
  return { clock, inner, account, log, call, open, deferred, one: open(),
    rows: (history = open()) => history.of(account.username, '2026-01-01', day) }
}

t.test('counts are visible at once, and in the store after four seconds', async t => {
  const { clock, inner, one, account, call, rows } = await world()
  one.add(account, call, event())
  one.add(account, call, event({ usage: null, isError: true }))
  t.match(await rows(one), [{ day, key: 'password', seat: 'default', client: 'curl', model: 'gpt-5.1',
    endpoint: '/responses', requests: 2, errors: 1, inputTokens: 100, cachedTokens: 40, outputTokens: 7,
    reasoningTokens: 3, nanoCredits: 2e9, searches: 0 }])
  await one.flush()
  t.equal(inner.calls.set, 0, 'not yet')
  t.same(await rows(), [], 'another process does not see it')
  clock.advance(4_000)
  await one.flush()
  t.equal(inner.calls.set, 1)
  t.match(await rows(), [{ requests: 2 }])
  t.match(await rows(one), [{ requests: 2 }], 'once, not twice')
  clock.advance(60_000)
  await one.flush()
  t.equal(inner.calls.set, 1, 'nothing new, nothing written')
})

t.test('a long range on KV reads the days that exist, and none of the future', async t => {
  const { clock, inner, open, one, account, call } = await world('cloudflare-kv')
  one.add(account, call, event())
  clock.advance(hour)
  await one.flush(true)
  inner.calls.get = 0
  t.match(await open().of(account.username, '2026-01-01', '2027-01-31'), [{ day, requests: 1 }])
  t.ok(inner.calls.get <= 2, `${inner.calls.get} reads`)
})

t.test('a store that fails loses nothing', async t => {
  const { clock, inner, one, account, call, log, rows } = await world()
  one.add(account, call, event())
  inner.isOut = true
  clock.advance(4_000)
  await one.flush()
  one.add(account, call, event())
  inner.isOut = false
  t.match(await rows(one), [{ requests: 2 }])
  clock.advance(4_000)
  await one.flush()
  t.match(await rows(), [{ requests: 2 }])
  t.match(JSON.stringify(log.lines), /usage was not written/)
})

t.test('the last flush writes everything at once', async t => {
  const { one, account, call, rows } = await world('cloudflare-kv')
  one.add(account, call, event())
  await one.flush(true)
  t.match(await rows(), [{ requests: 1 }])
})

t.test('on KV a user is written once an hour, however many processes count', async t => {
  const { clock, inner, open, one, account, call, rows } = await world('cloudflare-kv')
  const other = open()
  for (let minute = 0; minute < 180; minute++) {
    one.add(account, call, event())
    other.add(account, call, event())
    clock.advance(60_000)
    await one.flush()
    await other.flush()
  }
  t.ok(inner.calls.set <= 4, `${inner.calls.set} writes in three hours`)
  clock.advance(2 * hour)
  await one.flush(true)
  clock.advance(hour)
  await other.flush(true)
  t.match(await rows(), [{ requests: 360 }], 'and nothing is lost')
})

t.test('when KV has no writes left for a day, the counts wait for the next', async t => {
  const { clock, inner, account, call } = await world()
  const store = withWriteLimits({ ...inner, kind: 'cloudflare-kv' }, clock, { perDay: 0 })
  const history = createUsageHistory({ store, keptDays: 90, clock, log: createTestLog(), watch: createQuotaWatch(clock),
    isFlushed: true })
  history.add(account, call, event())
  clock.advance(2 * hour)
  await history.flush()
  t.equal(inner.calls.set, 0)
  t.match(await history.of(account.username, day, day), [{ requests: 1 }])
})

t.test('where the runtime has no timer, a later call writes what is due', async t => {
  const { clock, inner, open, account, call, deferred } = await world('cloudflare-kv')
  const history = open({ isFlushed: false })
  history.add(account, call, event())
  t.equal(deferred.length, 0)
  clock.advance(60_000)
  history.add(account, call, event())
  t.equal(deferred.length, 1)
  await Promise.all(deferred)
  t.equal(inner.calls.set, 1)
})

t.test('no caller makes more than 120 rows in a day', async t => {
  const { clock, one, account, call, rows } = await world()
  for (let nth = 0; nth < 1_000; nth++) {
    one.add({ ...account, entry: key(`k${nth}`) }, call, event())
    if (nth % 100 === 0) {
      clock.advance(4_000)
      await one.flush()
    }
  }
  await one.flush(true)
  const found = await rows()
  t.equal(found.length, 120)
  t.equal(found.reduce((sum, { requests }) => sum + requests, 0), 1_000, 'and every call counts')
  t.match(found.find(({ key }) => key === 'other'), { client: 'other', model: 'other', requests: 881 })
})

t.test('odd names and numbers become `other` and 0', async t => {
  const { one, account, call, rows } = await world()
  for (const model of ['=cmd()', 'a,b', 'a\nb', 'x'.repeat(65), '']) one.add(account, call, event({ model }))
  one.add(account, { ...call, headers: { 'user-agent': 'x'.repeat(9_000) } },
    event({ usage: { ...usage, input: NaN, output: -5, nanoCredits: Infinity } }))
  const found = await rows(one)
  t.same([...new Set(found.map(({ model }) => model))].toSorted(), ['gpt-5.1', 'other'])
  t.match(found.find(({ client }) => client === 'other'), { inputTokens: 0, outputTokens: 0, nanoCredits: 1e13 })
})

t.test('a deleted user has no usage, also if an answer ends afterwards', async t => {
  const { clock, inner, one, account, call, rows } = await world()
  one.add(account, call, event())
  await inner.delete(`user:${account.username}`)
  one.forget(account.username)
  t.same(await rows(one), [])
  one.add(account, call, event())
  clock.advance(4_000)
  await one.flush()
  t.same(await rows(one), [])
})

t.test('days are kept as long as the setting says, and 0 keeps none', async t => {
  const { clock, one, open, account, call } = await world()
  one.add(account, call, event())
  await one.flush(true)
  clock.advance(89 * 86_400_000)
  t.equal((await one.of(account.username, '2026-01-01', '2026-12-31')).length, 1)
  clock.advance(86_400_000)
  t.same(await one.of(account.username, '2026-01-01', '2026-12-31'), [])
  const off = open({ keptDays: 0 })
  off.add(account, call, event())
  await off.flush(true)
  t.same(await off.of(account.username, '2026-01-01', '2026-12-31'), [])
})

t.test('the operator reads the usage of all users, written or not', async t => {
  const { one, inner, account, call } = await world()
  await inner.set('user:second', 'a record')
  one.add(account, call, event())
  await one.flush(true)
  one.add(account, call, event())
  one.add({ ...account, username: 'second' }, call, event())
  const found: string[] = []
  for await (const { username, rows } of one.ofAll('2026-03-01', day)) found.push(`${username} ${rows[0]?.requests}`)
  t.same(found.toSorted(), [`${account.username} 2`, 'second 1'].toSorted())
})

t.test('on KV a page that is loaded again reads only the days that are not over', async t => {
  const { inner, account } = await world('cloudflare-kv')
  const range = [new Date(Date.now() - 29 * 86_400_000), new Date()].map(at => at.toISOString().slice(0, 10))
  const clock = { ...createHandClock(), now: Date.now }
  const store = { ...inner, kind: 'cloudflare-kv' as const, get: inner.get }
  const history = createUsageHistory({ store, keptDays: 90, clock, log: createTestLog(), watch: createQuotaWatch(clock),
    isFlushed: true })
  const reads = async () => {
    const before = inner.calls.get
    await history.of(account.username, range[0] ?? '', range[1] ?? '')
    return inner.calls.get - before
  }
  for (const ago of [20, 10]) {
    const past = new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
    await inner.set(`usage:${account.username}:${past}`, '{}')
  }
  t.equal(await reads(), 4, 'two days that are listed, yesterday and today')
  t.equal(await reads(), 2)
})
