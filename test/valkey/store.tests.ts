// The contracts of a store, of usage and of hot state, on a real server. With VALKEY_TEST_URL they run on that one:
// the workflow starts Valkey's own image.
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { createValkeyStore, type ValkeyStore } from '../../src/store/valkey.ts'
import { testHotState } from '../fixtures/hot-contract.ts'
import { testStore } from '../fixtures/store-contract.ts'
import { testUsageStore } from '../fixtures/usage-contract.ts'
import { startValkey } from '../fixtures/valkey.ts'

const url = process.env['VALKEY_TEST_URL'] ?? (await startValkey(t)).url
const { store: settings } = readConfig({ STORE: 'valkey', VALKEY_URL: url })

function open ({ now }: { now: () => number }): ValkeyStore {
  if (settings.kind !== 'valkey') throw new Error('not Valkey')
  return createValkeyStore({ ...settings, now })
}

testStore(t, 'valkey', open, { atomicCreate: true, listed: 2_005 })
testUsageStore(t, 'valkey', open)
testHotState(t, 'valkey', openHot)

function openHot (t: Test) {
  const [one, two] = [open(Date), open(Date)]
  t.teardown(async () => Promise.all([one.close(), two.close()]))
  return {
    hot: one.hot,
    other: two.hot,
    advance: (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms)),
    usageOf: (username: string) => one.usage.read(username, '0000-01-01', '9999-12-31'),
  }
}

void t.test('what an outage left behind goes in one call, however many values it is, and all is forgotten', async t => {
  const store = open(Date)
  t.teardown(() => store.close())
  const steps = Array.from({ length: 9_000 },
    (_, at) => ({ do: 'set', key: `v${at}`, value: 'x', ttlMs: 60_000 }) as const)
  t.ok((await store.hot.run('many', steps)).every(({ written }) => written))
  await store.hot.forget('many')
  const left = await store.hot.run('many', [{ do: 'get', key: 'v0' }, { do: 'get', key: 'v8999' }])
  t.strictSame(left, [{ value: null }, { value: null }])
})
