// G17: the secrets that stay in memory after use. `docs/spec/limits.md#t02`: a password, a key, a cookie and a GitHub
// token are in memory only while they are used, a Copilot token until it expires or its user is deleted.
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import t from 'tap'
import { openWithPassword } from '../../src/auth/open-record.ts'
import { createPeppers } from '../../src/auth/peppers.ts'
import { keys } from '../../src/store/keys.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { until } from '../fixtures/http.ts'
import { secretsOf } from '../fixtures/secrets.ts'
import type { User } from '../fixtures/targets.ts'
import { createTestLog } from '../unit/helpers/log.ts'
import { userRecord } from '../unit/helpers/records.ts'
import { newDir, startChild } from './child.ts'
import { ask, paths, raw, request } from './frame.ts'
import { adminToken, createWorld } from './heap-world.ts'
import { heapFlags, takeHeap } from './heap.ts'

t.setTimeout(120_000)

void t.test(
  'G17 the heap of an idle process has no password, key, data key, cookie or GitHub token, and no old Copilot token',
  async t => {
    const dir = newDir(t)
    const data = newDir(t)
    const gateway = await startChild(t, { STORE: 'sqlite', DATA_DIR: data, ADMIN_TOKEN: adminToken,
      LOG_LEVEL: 'trace' }, heapFlags(dir))
    const { child, emulator } = gateway
    const { secrets, live, lasts } = createWorld(gateway)
    const { stays, gone } = await live()

    emulator.fault({ path: paths.chat }, { kind: 'stall-after', events: 2, ms: 60_000 })
    const open = raw(gateway.origin, request(stays, 'chat', { stream: true }))
    await until(() => open.text().includes('data: '), 'a stream is open')
    const busy = await takeHeap(child, dir)
    t.equal(busy.find([stays.password]).length, 1, 'the search finds the password of a request in flight')
    t.equal(busy.find(stays.seat.tokensIssued.slice(-1)).length, 1, 'and a valid Copilot token')
    open.socket.resetAndDestroy()
    const dataKey = await formsOfDataKey(data, stays)

    for (const [last, act] of Object.entries(lasts)) {
      await act()
      await sleep(300)
      const heap = await takeHeap(child, dir)
      t.same(heap.find([...secrets, ...dataKey]), [],
        `${secrets.size} passwords, keys, cookies and GitHub tokens; the last action: ${last}`)
      t.same(heap.find(gone), [], `${gone.size} Copilot tokens of deleted users`)
    }

    gateway.advance(31 * 60_000)
    await sleep(5_500) // The process evicts expired data every five seconds.
    const all = secretsOf(emulator.requests, [...secrets])
    t.same((await takeHeap(child, dir)).find(all), [],
      `${all.size} with the Copilot tokens and their parts, half an hour later`)
    t.equal((await ask(stays)).status, 200, 'a returning user is served')
  },
)

/** The data key of a user's record, in the forms that a program could keep it in. */
async function formsOfDataKey (dir: string, { username, password }: User): Promise<readonly string[]> {
  const store = openSqliteStore({ file: join(dir, 'copilot-proxy.sqlite') })
  const value = await store.get(keys.user(username)) ?? ''
  await store.close()
  const { verified } = await openWithPassword(userRecord(value, username), password, value,
    createPeppers(null, null, createTestLog()))
  const dataKey = verified?.opened?.dataKey
  if (dataKey === undefined) throw new Error('the record does not open')
  const bytes = Buffer.from(dataKey)
  return (['base64', 'base64url', 'hex', 'latin1'] as const).map(form => bytes.toString(form))
}
