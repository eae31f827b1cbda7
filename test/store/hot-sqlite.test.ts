import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { testHotState } from '../fixtures/hot-contract.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { createHotSqlite } from '../../src/store/hot-sqlite.ts'

testHotState(t, 'sqlite', t => {
  let added = 0
  const now = () => Date.now() + added
  const file = join(folder(t), 'copilot-proxy.sqlite')
  const [one, two] = [openSqliteStore({ file, now }), openSqliteStore({ file, now })]
  t.teardown(() => Promise.all([one.close(), two.close()]))
  if (!one.hot || !two.hot || one.usage === undefined) throw new Error('SQLite has no hot state')
  const { usage } = one
  return {
    hot: one.hot,
    other: two.hot,
    advance (ms) {
      added += ms
    },
    usageOf: async username => usage.read(username, '2000-01-01', '2100-01-01'),
  }
})

function folder (t: { teardown: (work: () => void) => void }): string {
  const dir = mkdtempSync(join(tmpdir(), 'copilot-proxy-hot-'))
  t.teardown(() => {
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

function open (t: { teardown: (work: () => void) => void }, file: string, maxBytes?: number) {
  const hot = createHotSqlite({ file, count: async () => {}, ...maxBytes === undefined ? {} : { maxBytes } })
  t.teardown(() => {
    hot.close()
  })
  return hot
}

t.test('a full file gives up what would expire first', async t => {
  const hot = open(t, join(folder(t), 'hot.sqlite'), 1_048_576)
  const value = 'x'.repeat(10_000)
  for (let at = 0; at < 300; at++) {
    await hot.run('mona', [{ do: 'set', key: `v${at}`, value, ttlMs: 60_000 + at }])
  }
  const [first, last] = await hot.run('mona', [{ do: 'get', key: 'v0' }, { do: 'get', key: 'v299' }])
  t.same([first.value, last.value], [null, value])
})

t.test('a damaged file is replaced by an empty one', async t => {
  const file = join(folder(t), 'hot.sqlite')
  writeFileSync(file, 'no database at all '.repeat(1_000))
  const [read] = await open(t, file).run('mona', [{ do: 'get', key: 'v' }])
  t.equal(read.value, null)
})

t.test('a process is alone until another one joins, and again after it left', async t => {
  const file = join(folder(t), 'hot.sqlite')
  const [one, two] = [open(t, file), open(t, file)]
  await one.join()
  t.equal(one.isAlone(), true)
  await two.join()
  t.same([one.isAlone(), two.isAlone()], [false, false], 'both know before the second serves')
  two.close()
  while (!one.isAlone()) await new Promise(resolve => setTimeout(resolve, 50))
  t.pass('the first is alone again')
})

t.test('processes that write as fast as they can keep every limit', async t => {
  const file = join(folder(t), 'hot.sqlite')
  const taker = (holder: string) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, 'hot-sqlite-taker.ts'), file, holder, '400'], {
      timeout: 60_000,
    })
  const outputs = await Promise.all([taker('a'), taker('b'), taker('c')])
  const got = outputs.map(({ stdout }) => JSON.parse(stdout) as { tokens: number, places: number, written: number })
  const sum = (name: 'tokens' | 'places' | 'written') => got.reduce((all, one) => all + one[name], 0)
  t.equal(sum('tokens'), 500)
  t.equal(sum('places'), 10)
  t.equal(sum('written'), 400, 'each value was written once')
})
