// `migrate` carries users and usage into Valkey and back, and `doctor` writes and reads there.
import t from 'tap'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { usageOf } from '../../src/store/usage-of-store.ts'
import { command, fast, newDir, sealedRecord } from '../cli/world.ts'
import { usageRow } from '../fixtures/usage-contract.ts'
import { startValkey } from '../fixtures/valkey.ts'

t.setTimeout(120_000)

t.test('sealed records and usage go from SQLite to Valkey and back, byte for byte', async t => {
  const server = await startValkey(t)
  const [here, back] = [newDir(t), newDir(t)]
  const env = { ...fast, VALKEY_URL: server.url }
  const today = new Date().toISOString().slice(0, 10)
  const [record, row] = [sealedRecord('anna'), usageRow(today, { requests: 7 })]
  const from = openSqliteStore({ file: `${here}/copilot-proxy.sqlite` })
  await from.set('user:anna', record)
  await usageOf(from).add([{ username: 'anna', rows: [row] }], { keepDays: 90, isLast: true, now: Date.now() })
  await from.close()
  t.match(await command(['migrate', '--from', 'sqlite', '--to', 'valkey'], { ...env, DATA_DIR: here }), { code: 0 })
  t.equal(server.cli('GET', 'copilot-proxy:record:user:anna'), record)
  t.match(await command(['migrate', '--from', 'valkey', '--to', 'sqlite'], { ...env, DATA_DIR: back }), { code: 0 })
  const to = openSqliteStore({ file: `${back}/copilot-proxy.sqlite` })
  t.equal(await to.get('user:anna'), record)
  t.strictSame(await usageOf(to).read('anna', today, today), [row])
  await to.close()
  const { out } = await command(['users', 'list'], { ...env, STORE: 'valkey' })
  t.match(out, /anna/)
  t.match(await command(['backup', `${back}/copy`], { ...env, STORE: 'valkey' }), { code: 1,
    err: /"migrate --from valkey --to sqlite" copies its users into one/ })
  t.match(await command(['migrate', '--from', 'redis', '--to', 'sqlite'], env), { code: 2,
    err: /--from is sqlite, valkey or cloudflare-kv/ })
})
