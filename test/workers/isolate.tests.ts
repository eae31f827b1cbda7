// Requests of one isolate share values and wait for each other's work. None may hang because another request ended.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { chat, headers, msUntil, rawChat, saveUser, sleep } from './client.ts'

const emulator = await startEmulator()
t.teardown(() => emulator.close())
const exchange = '/copilot_internal/v2/token'
const exchanges = () => emulator.requests.filter(({ path }) => path === exchange).length
const start = async (settings: Record<string, string> = {}) =>
  startWorkerd({
    settings: { ...emulator.env, LOG_LEVEL: 'debug', REGISTRATIONS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0',
      ...settings },
  })

void t.test('simultaneous requests cause one exchange, and all are served', async t => {
  const workerd = await start()
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'herd')
  emulator.expireTokens()
  emulator.fault({ path: exchange }, { kind: 'delay', ms: 300 })
  const before = exchanges()
  const statuses = (await Promise.all(Array.from({ length: 20 }, () => chat(workerd.origin, 'herd')))).map((
    { status },
  ) => status)
  t.same(new Set(statuses), new Set([200]))
  t.equal(exchanges() - before, 1)
  t.notMatch(workerd.logs(), /"level":"error"/)
})

void t.test('if the client that began an exchange leaves, the others get its token without another one', async t => {
  const workerd = await start()
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'leaver')
  emulator.expireTokens()
  emulator.fault({ path: exchange }, { kind: 'delay', ms: 800 })
  const before = exchanges()
  const first = await rawChat(workerd.origin, 'leaver')
  await msUntil(() => exchanges() > before)
  const others = Array.from({ length: 3 }, () => chat(workerd.origin, 'leaver'))
  await sleep(100)
  first.resetAndDestroy()
  const began = performance.now()
  for (const other of others) t.equal((await other).status, 200)
  t.ok(performance.now() - began < 3_000)
  t.equal(exchanges() - before, 1)
})

void t.test('40 sign-ins that are cut off leave the gate open: the next one is served', async t => {
  const workerd = await start({ KDF_ITERATIONS: '100000' })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'gate')
  const sockets = await Promise.all(Array.from({ length: 40 }, (_, n) => rawChat(workerd.origin, `nobody-${n}`)))
  await sleep(20)
  for (const socket of sockets) socket.resetAndDestroy()
  const began = performance.now()
  t.equal((await fetch(`${workerd.origin}/stranger/v1/models`, { headers })).status, 401)
  t.ok(performance.now() - began < 8_000, `${Math.round(performance.now() - began)} ms`)
  t.equal((await chat(workerd.origin, 'gate')).status, 200)
})

void t.test('simultaneous sign-ins wait for each other, though the runtime separates them', async t => {
  const workerd = await start({ KDF_ITERATIONS: '100000' })
  t.teardown(() => workerd.close())
  const statuses = await Promise.all(
    Array.from({ length: 30 }, async (_, n) =>
      (await fetch(`${workerd.origin}/nobody-${n}/v1/models`, { headers })).status),
  )
  t.same(new Set(statuses), new Set([401]))
})

void t.test('a stream and its timers continue after the handler has returned', async t => {
  const workerd = await start({ HEARTBEAT_SECONDS: '0.2' })
  t.teardown(() => workerd.close())
  await saveUser(workerd.origin, emulator, 'long')
  emulator.fault({ path: '/chat/completions' }, { kind: 'stall-after', events: 2, ms: 2_000 })
  const text = await (await chat(workerd.origin, 'long', { stream: true })).text()
  t.ok(text.split('\n').filter(line => line.startsWith(':')).length >= 8, 'a ping for each silence')
  t.match(text, /data: \[DONE\]/)
})
