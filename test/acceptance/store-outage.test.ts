// While a store does not answer, known users are still served, no user gets 401 for a correct password, and no data is
// lost.
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { StoreError, type Store } from '../../src/store/store.ts'
import { call } from '../fixtures/http.ts'
import { createMovableClock } from '../fixtures/targets.ts'

t.test('during a store outage warm users are served and others get 503; afterwards everything works again', async t => {
  const clock = createMovableClock()
  const emulator = await startEmulator({ now: clock.now })
  const memory = createMemoryStore()
  let isAway = false
  const guard = <T>(work: () => Promise<T>): Promise<T> =>
    isAway ? Promise.reject(new StoreError('away', { retryAfterSeconds: 7 })) : work()
  const store: Store = {
    ...memory,
    get: key => guard(() => memory.get(key)),
    set: (key, value, at) => guard(() => memory.set(key, value, at)),
    create: (key, value) => guard(() => memory.create(key, value)),
    delete: key => guard(() => memory.delete(key)),
  }
  const lines: string[] = []
  const server = await startServer(
    readConfig({ PORT: '0', STORE: 'memory', AUTH_FAILURES_PER_MINUTE: '3', ...emulator.env }),
    { clock, store, logTo: { write: line => {
      lines.push(line)
    } } },
  )
  t.teardown(async () => {
    await server.close()
    await emulator.close()
  })
  const { origin } = server
  const [warm, cold] = ['warm', 'cold'].map(username => ({ username, password: `acpc-${username}12345x`.slice(0, 15),
    token: emulator.addSeat().githubToken })
  ) as [Fields, Fields]
  const ask = ({ username, password }: Fields) =>
    call(`${origin}/${username}/v1/models`, { headers: { authorization: `Bearer ${password}` } })
  for (const fields of [warm, cold]) t.equal((await call(`${origin}/`, { json: fields })).status, 201)
  t.equal((await ask(warm)).status, 200)

  isAway = true
  clock.advance(61_000)
  t.equal((await ask(warm)).status, 200, 'the store is down, so its last answer counts')
  for (let n = 0; n < 5; n++) {
    const refused = await ask({ ...cold, username: 'nobody' })
    t.match(refused, { status: 503, json: { error: { code: 'store_unavailable', type: 'server_error' } } })
    t.equal(refused.headers.get('retry-after'), '7')
  }
  const saved = await call(`${origin}/`, { json: { ...cold, username: 'new' } })
  t.match(saved, { status: 503, json: { status: 'store-unavailable' } })
  t.equal(saved.headers.get('retry-after'), '7')
  clock.advance(31_000)
  t.match(await call(`${origin}/readyz`), { status: 503, json: { status: 'store-unavailable' } })
  t.equal((await call(`${origin}/healthz`)).status, 200)
  clock.advance(600_000)
  t.equal((await ask(warm)).status, 503, 'but not for ever')

  isAway = false
  clock.advance(31_000)
  for (const fields of [warm, cold]) t.equal((await ask(fields)).status, 200)
  t.equal((await ask({ ...cold, username: 'nobody' })).status, 401)
  t.match(await call(`${origin}/readyz`), { status: 200, json: { status: 'ok' } })
  t.notMatch(lines.join(''), /acpc-|ghu_/)
})

interface Fields {
  readonly username: string
  readonly password: string
  readonly token: string
}
