// The days of last use of keys: in memory at once, in the store with the user's own, and seldom on KV.
import t from 'tap'
import { createLastUse, readMeta } from '../../../src/auth/last-use.ts'
import { createHandClock } from '../helpers/clock.ts'
import { createTestLog } from '../helpers/log.ts'
import { createCountingStore, createEventualStore } from '../helpers/stores.ts'

const world = (kind: 'memory' | 'cloudflare-kv') => {
  const clock = createHandClock()
  const inner = createCountingStore(clock)
  const store = kind === 'memory' ? inner : createEventualStore(clock, inner.inner)
  const pending: Array<Promise<unknown>> = []
  return { clock, store, open: () => createLastUse(store, clock, createTestLog()), defer: (work: Promise<unknown>) => {
    pending.push(work)
  }, quiet: async () => {
    while (pending.length > 0) await pending.shift()
  }, meta: async () => readMeta(await inner.inner.get('meta:alice')),
    today: () => new Date(clock.now()).toISOString().slice(0, 10) }
}

const key = (id: string) => ({ kind: 'key', id }) as const

t.test('a key gets the day of its last use, once a day, next to the days of its user and of other keys', async t => {
  const { clock, store, open, defer, quiet, meta, today } = world('memory')
  const lastUse = open()
  lastUse.created('alice', defer)
  await quiet()
  const first = today()
  for (let at = 0; at < 5; at++) lastUse.seen('alice', defer, key('aaaaaaaa'))
  await quiet()
  t.same(await meta(), { created: first, lastUsed: first, keys: { aaaaaaaa: first } })
  t.equal(store.calls.set, 2)
  clock.advance(86_400_000)
  lastUse.seen('alice', defer, key('bbbbbbbb'))
  await quiet()
  t.same(await meta(), { created: first, lastUsed: today(), keys: { aaaaaaaa: first, bbbbbbbb: today() } })
  t.same(await open().entryDays('alice'), { aaaaaaaa: first, bbbbbbbb: today() })
  lastUse.seen('alice', defer)
  await quiet()
  t.equal(store.calls.set, 3)
})

t.test('on KV the days of keys wait for an hour, and a new process forgets none that are stored', async t => {
  const { clock, store, open, defer, quiet, meta, today } = world('cloudflare-kv')
  const lastUse = open()
  lastUse.created('alice', defer)
  for (let at = 0; at < 20; at++) {
    lastUse.seen('alice', defer, key(`key0000${String.fromCharCode(97 + at)}`))
    await quiet()
  }
  t.equal(Object.keys(await lastUse.entryDays('alice')).length, 20, 'known here at once')
  const before = store.calls.set
  t.ok(before <= 2, `${before} writes`)
  clock.advance(3_600_000)
  lastUse.seen('alice', defer, key('key0000a'))
  await quiet()
  t.equal(store.calls.set, before + 1)
  t.equal(Object.keys((await meta()).keys ?? {}).length, 20)
  clock.advance(86_400_000)
  const next = open()
  next.seen('alice', defer, key('key0000a'))
  t.equal(store.calls.set, before + 1, 'a process that does not know the user waits')
  next.used('alice', defer)
  await quiet()
  t.equal(Object.keys((await meta()).keys ?? {}).length, 20)
  t.equal((await meta()).keys?.['key0000a'], today())
})

t.test('sessions have days of their own, the newest thirty, so that they never push out a key', async t => {
  const { clock, open, defer, quiet, meta, today } = world('memory')
  const lastUse = open()
  lastUse.created('alice', defer)
  lastUse.seen('alice', defer, key('aaaaaaaa'))
  await quiet()
  const first = today()
  for (let at = 0; at < 40; at++) {
    clock.advance(86_400_000)
    lastUse.seen('alice', defer, { kind: at % 2 === 0 ? 'session' : 'device', id: `page00${10 + at}` })
    await quiet()
  }
  const { keys, devices = {} } = await meta()
  t.same(keys, { aaaaaaaa: first })
  t.same(Object.keys(devices).sort(), Array.from({ length: 30 }, (_, at) => `page00${20 + at}`))
  t.match(await lastUse.entryDays('alice'), { aaaaaaaa: first, page0049: today() })
})

t.test('readMeta() accepts any value, and keeps only days', t => {
  t.same(readMeta('{"created":"2026-01-02","lastUsed":7,"keys":{"a":"2026-01-03","b":7}}'), { created: '2026-01-02',
    lastUsed: null, keys: { a: '2026-01-03' } })
  for (const value of [null, '', '[]', '{"keys":[]}', '{"keys":"x"}']) {
    t.same(readMeta(value), { created: null, lastUsed: null })
  }
  t.end()
})
