// Many requests at once: one exchange for each user, and no store call for a user who was checked a moment ago.
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { call, settled } from '../fixtures/http.ts'
import { startTarget, type TargetKind, type User } from '../fixtures/targets.ts'

const exchange = '/copilot_internal/v2/token'
const says = [{ role: 'user', content: 'hi' }]
const quiet = { PORT: '0', LOG_LEVEL: 'silent', USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0',
  REGISTRATIONS_PER_10_MINUTES: '0' }
t.setTimeout(200_000)

/** Ten requests of each user, all sent before any is answered. */
const herd = async (users: readonly User[], origin?: string): Promise<number[]> =>
  Promise.all(Array.from({ length: 10 }, () => users).flat().map(async ({ username, base, password }, at) => {
    const url = origin === undefined ? base : `${origin}/${username}/v1`
    return (await call(`${url}/chat/completions`, { json: { model: 'gpt-4o', messages: says, stream: at % 2 === 0 },
      headers: { authorization: `Bearer ${password}` } })).status
  }))
const all200 = Array<number>(200).fill(200)

for (const kind of ['node-memory', 'node-sqlite', 'node-kv'] satisfies TargetKind[]) {
  t.test(`200 concurrent first requests of 20 users cause exactly 20 exchanges, ${kind}`, async t => {
    const target = await startTarget(kind)
    const { emulator } = target
    // These users registered while GitHub was down, so no token came with the registration.
    const users: User[] = []
    for (let n = 0; n < 20; n++) {
      emulator.fault({ path: exchange }, { kind: 'html' }, 2)
      users.push(await target.addUser())
    }
    target.begin()
    t.same(await herd(users), all200)
    t.equal(target.seen(exchange).length, 20)
    t.equal(target.seen('/models').length, 20, 'the models of each user are requested once')
    t.ok(users.every(({ seat }) => seat.tokensIssued.length === 1))

    target.begin()
    const before = await settled(target.storeCalls)
    t.same(await herd(users), all200)
    t.same([target.storeCalls() - before, target.seen(exchange).length], [0, 0],
      'within 60 s of the check no request calls the store')
    t.same(emulator.problems, [])
    t.same(await target.close(), [], 'no log line contains a secret')
  })
}

t.test('the exchange at registration is the only one that a user needs', async t => {
  const target = await startTarget('node-memory')
  const users = await Promise.all(Array.from({ length: 20 }, () => target.addUser()))
  t.same(await herd(users), all200)
  t.equal(target.seen(exchange).length, 20)
  t.same(await target.close(), [])
})

t.test('in a new process 200 requests at once cost 20 exchanges, or none if the store has the sealed tokens',
  async t => {
    const target = await startTarget('node-memory')
    t.teardown(() => target.close())
    const store = createMemoryStore()
    const config = readConfig({ ...quiet, ...target.emulator.env, STORE: 'memory' })
    const first = await startServer(config, { store })
    const users = await Promise.all(Array.from({ length: 20 }, async (): Promise<User> => {
      const [username, password, seat] = [target.newName(), target.newPassword(), target.addSeat()]
      const { status } = await call(`${first.origin}/`, { json: { username, password, token: seat.githubToken } })
      t.equal(status, 201)
      return { username, password, seat, base: '' }
    }))
    await first.close()
    t.equal(target.seen(exchange).length, 20)

    for (const dropped of [false, true]) {
      if (dropped) { for await (const key of store.keys('cred:')) await store.delete(key) }
      target.begin()
      const next = await startServer(config, { store })
      t.same(await herd(users, next.origin), all200)
      t.equal(target.seen(exchange).length, dropped ? 20 : 0)
      await next.close()
    }
  })

t.test('calls of a user who was checked a moment ago read nothing from the store', async t => {
  const target = await startTarget('node-sqlite')
  const { base, password } = await target.addUser()
  const headers = { authorization: `Bearer ${password}` }
  await call(`${base}/models`, { headers })
  const before = await settled(target.storeCalls)
  for (const stream of [true, false]) {
    t.equal((await call(`${base}/chat/completions`, { json: { messages: says, stream }, headers })).status, 200)
  }
  t.equal((await call(`${base}/embeddings`, { json: { model: 'text-embedding-3-small', input: 'x' }, headers })).status,
    200)
  t.equal((await call(`${base}/models`, { headers })).status, 200)
  t.equal((await call(`${base}/usage`, { headers })).status, 200)
  t.equal(target.storeCalls() - before, 0)
  t.same(await target.close(), [])
})
