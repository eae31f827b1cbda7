// F36: faults of a Worker that a process cannot have. test/workers/ has more of each.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { call, until } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { startWorkerd, type Workerd } from '../fixtures/workerd.ts'
import { addUser } from './child.ts'
import { aftermath, ask, assertServed, paths, raw, request } from './frame.ts'

t.setTimeout(120_000)
const emulator = await startEmulator()
t.teardown(() => emulator.close())
const settings = { ...emulator.env, LOG_LEVEL: 'debug', REGISTRATIONS_PER_10_MINUTES: '0',
  AUTH_FAILURES_PER_MINUTE: '0' }
const on = ({ origin }: Workerd, user: User): User => ({ ...user, base: `${origin}/${user.username}/v1` })
const quiet = ({ logs }: Workerd) => !/Uncaught|unhandled/i.test(logs())

void t.test('F36 the binding of KV throws: warm users are served, others get 503, no error is unhandled', async t => {
  const workerd = await startWorkerd({ settings })
  t.teardown(() => workerd.close())
  const [warm, canary] = [await addUser(workerd.origin, emulator, 'warm'),
    await addUser(workerd.origin, emulator, 'canary')]
  workerd.failKv('KV GET failed: 500 Internal Server Error')
  workerd.setState({ offsetMs: 200_000 })
  t.equal((await ask(warm)).status, 200)
  t.match(await call(`${workerd.origin}/cold/v1/models`, { headers: { 'x-api-key': 'acpc-0123456789' } }), {
    status: 503,
    json: { error: { code: 'store_unavailable' } },
  })
  await assertServed(t, canary)
  workerd.failKv(null)
  await aftermath(t, { emulator }, canary)
  t.ok(quiet(workerd))
})

void t.test('F36 an isolate that restarts with requests in flight: they end, and the next one needs no exchange',
  async t => {
    const first = await startWorkerd({ settings })
    const [user, canary] = [await addUser(first.origin, emulator, 'alice'),
      await addUser(first.origin, emulator, 'canary')]
    emulator.fault({ path: paths.chat }, { kind: 'stall-after', events: 2, ms: 60_000 })
    const open = raw(first.origin, request(user, 'chat', { stream: true }))
    await until(() => open.text().includes('data: '), 'a stream is open')
    const next = await startWorkerd({ settings })
    t.teardown(() => next.close())
    const { keys } = await first.kv.list({ prefix: '', limit: 1_000 })
    for (const { name } of keys) await next.kv.put(name, await first.kv.get(name) ?? '')
    await first.close()
    await open.closed
    t.notMatch(open.text(), /\[DONE\]/)
    t.equal((await ask(on(next, user))).status, 200)
    t.equal(user.seat.exchanges, 1, 'its Copilot token was in the store')
    await aftermath(t, { emulator }, on(next, canary))
    t.ok(quiet(next))
  })

void t.test('F36 a client that leaves: the request to upstream is cancelled', async t => {
  const workerd = await startWorkerd({ settings })
  t.teardown(() => workerd.close())
  const [user, canary] = [await addUser(workerd.origin, emulator, 'alice'),
    await addUser(workerd.origin, emulator, 'canary')]
  for (const fault of [{ kind: 'hang' }, { kind: 'stall-after', events: 2, ms: 60_000 }] as const) {
    const before = emulator.requests.length
    const calls = () => emulator.requests.slice(before).filter(({ path }) => path === paths.chat)
    emulator.fault({ path: paths.chat }, fault)
    const { socket } = raw(workerd.origin, request(user, 'chat', { stream: true }))
    await until(() => calls().length > 0, 'it has reached upstream')
    socket.resetAndDestroy()
    await until(() => calls().every(({ aborted }) => aborted), 'the request to upstream is closed', 2_000)
    await aftermath(t, { emulator }, canary)
  }
  t.ok(quiet(workerd))
})
