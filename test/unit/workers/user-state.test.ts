// What the object of a user does beyond the contract of hot state: rows are used again, past days move, and a failed
// call changes nothing.
import t from 'tap'
import { noCounts, type UsageRow } from '../../../src/store/usage-store.ts'
import { createStateObjects } from '../../fixtures/state-objects.ts'

const minute = 60_000
const dayMs = 86_400_000
const set = (key: string, value: string, ttlMs = 60 * minute) => ({ do: 'set', key, value, ttlMs }) as const
const get = (key: string) => ({ do: 'get', key }) as const
const row = (day: string, requests = 1): UsageRow => ({ day, key: 'password', seat: 'default', client: 'curl',
  model: 'm', endpoint: '/responses', ...noCounts(), requests })
const count = (...rows: UsageRow[]) => ({ do: 'count', rows, keepDays: 3 }) as const

function world (at = Date.parse('2026-03-28T12:00:00Z')) {
  const time = { at }
  const objects = createStateObjects(() => time.at)
  const object = objects.namespace.getByName('alice')
  const rows = (table: 'step' | 'kept'): number =>
    Number(objects.sqlOf('alice').prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'])
  return { time, objects, object, rows }
}

void t.test('rows whose values expired are used again, so a steady user has as many rows as live calls', async t => {
  const { time, object, objects, rows } = world()
  for (let n = 0; n < 200; n++) {
    time.at += minute
    await object.run([set(`v${n}`, 'x'.repeat(100)), count(row('2026-03-28'))])
    if (n % 7 === 0) objects.evict()
  }
  t.ok(rows('step') <= 62, `${rows('step')} rows`)
  const results = await object.run([...Array(60).keys()].map(at => get(`v${199 - at}`)))
  t.equal(results.filter(result => 'value' in result && result.value !== null).length, 60)
  t.same(await object.run([get('v10')]), [{ value: null }])
})

void t.test('calls without values use one row for ever', async t => {
  const { object, rows } = world()
  for (let n = 0; n < 50; n++) await object.run([count(row('2026-03-28'))])
  t.same([rows('step'), rows('kept')], [1, 0])
})

void t.test('the last value of a key wins, and none returns when rows are used again', async t => {
  const { time, object, objects } = world()
  await object.run([set('k', 'old', 100 * minute), set('d', 'old', 100 * minute)])
  await object.run([set('k', 'new', minute)])
  await object.run([{ do: 'delete', key: 'd' }])
  objects.evict()
  t.same(await object.run([get('k'), get('d')]), [{ value: 'new' }, { value: null }])
  time.at += 2 * minute
  for (let n = 0; n < 20; n++) await object.run([set(`v${n}`, 'x', 1_000)])
  objects.evict()
  t.same(await object.run([get('k'), get('d')]), [{ value: null }, { value: null }])
})

void t.test('a value that lives for long, short or not, costs the others nothing', async t => {
  const { time, object, objects, rows } = world()
  const long = 'l'.repeat(1_000)
  await object.run([set('mark', '7', dayMs), set('long', long, dayMs)])
  for (let n = 0; n < 30; n++) await object.run([set(`v${n}`, 'x', 1)]).then(() => time.at += 10)
  t.ok(rows('step') <= 2)
  objects.evict()
  t.same(await object.run([get('mark'), get('long')]), [{ value: '7' }, { value: long }])
  await object.run([set('mark', 'x', minute), set('long', 'y', minute)])
  objects.evict()
  t.same(await object.run([get('mark'), get('long')]), [{ value: 'x' }, { value: 'y' }])
  await object.run([{ do: 'delete', key: 'mark' }])
  t.same(await object.run([get('mark')]), [{ value: null }])
})

void t.test('long values keep every character, also where they are cut', async t => {
  const { object, objects } = world()
  const value = `a${'😀'.repeat(400_000)}ä`
  await object.run([set('long', value), set('next', 'short'), count(row('2026-03-28'))])
  objects.evict()
  const [long, next] = await object.run([get('long'), get('next')])
  t.ok(long !== undefined && 'value' in long && long.value === value)
  t.same(next, { value: 'short' })
  const longest = objects.sqlOf('alice').prepare('SELECT max(length(CAST(data AS BLOB))) AS n FROM step').get()?.['n']
  t.ok(Number(longest) < 2_000_000, `a row has ${String(longest)} bytes`)
  t.equal((await object.usage('2026-03-28', '2026-03-28')).rows[0]?.requests, 1)
})

void t.test('past days move to rows of their own, late counts are added to them, and old days go', async t => {
  const { time, object, objects, rows } = world()
  for (const day of ['2026-03-28', '2026-03-29', '2026-03-30']) {
    await object.run([count(row(day), row(day, 2))])
    time.at += dayMs
  }
  await object.run([count(row('2026-03-29', 10))])
  objects.evict()
  const { rows: found, born } = await object.usage('2026-03-28', '2026-03-30')
  t.same(found.map(({ day, requests }) => [day, requests]).toSorted(), [['2026-03-28', 3], ['2026-03-29', 13], [
    '2026-03-30',
    3,
  ]])
  t.equal(born, '2026-03-28')
  time.at += 5 * dayMs
  await object.run([count(row('2026-04-05'))])
  t.equal(rows('kept'), 0, 'what is past its time is deleted when a day begins')
})

void t.test('a call that fails changes nothing, in memory or on disk', async t => {
  const { object, objects } = world()
  await object.run([count(row('2026-03-28'))])
  const before = objects.dump()
  objects.sqlOf('alice').exec("CREATE TRIGGER full BEFORE UPDATE ON step BEGIN SELECT raise(ABORT, 'full'); END")
  await t.rejects(object.run([set('a', 'long'.repeat(100), dayMs), count(row('2026-03-28', 5))]))
  objects.sqlOf('alice').exec('DROP TRIGGER full')
  t.equal(objects.dump(), before)
  await object.run([count(row('2026-03-28'))])
  t.equal((await object.usage('2026-03-28', '2026-03-28')).rows[0]?.requests, 2)
})

void t.test('reading an object that holds nothing writes nothing', async t => {
  const { object, objects } = world()
  t.same(await object.run([get('a')]), [{ value: null }])
  t.same(await object.values(), [])
  t.same(await object.usage('2026-01-01', '2026-12-31'), { rows: [], born: null })
  await object.keep('cred:alice:1', null, 0)
  t.equal(objects.dump(), '')
})

void t.test('values of the store are apart from others, and a cached token is both', async t => {
  const { object } = world()
  const far = Date.parse('2030-01-01')
  await object.keep('models:alice', 'list', far)
  await object.run([set('cred:alice:1', 'sealed', minute)])
  t.same(await object.values(), [['cred:alice:1', 'sealed'], ['models:alice', 'list']])
  await object.keep('cred:alice:1', null, 0)
  t.same(await object.run([get('cred:alice:1')]), [{ value: null }])
})
