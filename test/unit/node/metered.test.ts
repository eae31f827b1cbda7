// The wrapper that counts the calls of a store leaves out nothing that the store has.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createMetrics } from '../../../src/node/metrics.ts'
import { meteredStore } from '../../../src/node/metered.ts'
import { openSqliteStore } from '../../../src/store/sqlite.ts'

t.test('a counted store still tells when another process changed a record', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'copilot-proxy-'))
  const file = join(dir, 'records.sqlite')
  const [store, other] = [openSqliteStore({ file }), openSqliteStore({ file })]
  t.teardown(async () => {
    await Promise.all([store.close(), other.close()])
    rmSync(dir, { recursive: true })
  })
  const counted = meteredStore(store, (await createMetrics()).meter)
  t.same(Object.keys(counted).sort(), Object.keys(store).sort())
  const before = counted.recordsVersion?.()
  await other.set('user:mona', '{}')
  t.not(counted.recordsVersion?.(), before)
  t.equal(await counted.get('user:mona'), '{}')
})
