// When a client leaves, the upstream call ends and everything that the request held is released, though the runtime
// counts the request as ended.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { chat, chatBody, chatPath, headers, msUntil, rawChat, saveUser } from './client.ts'

const emulator = await startEmulator()
const workerd = await startWorkerd({
  settings: { ...emulator.env, LOG_LEVEL: 'debug', USER_CONCURRENCY: '1', USER_REQUESTS_PER_MINUTE: '0' },
})
t.teardown(async () => {
  await workerd.close()
  await emulator.close()
})
await saveUser(workerd.origin, emulator, 'alice')
const limitMs = 2_000
const last = () => emulator.requests.findLast(({ path }) => path === chatPath)
const waiting = () => emulator.requests.filter(({ path }) => path === chatPath)

for (const stream of [true, false]) {
  void t.test(`a reset before the status aborts upstream, ${stream ? 'streaming' : 'not streaming'}`, async t => {
    const before = waiting().length
    emulator.fault({ path: chatPath }, { kind: 'hang' })
    const socket = await rawChat(workerd.origin, 'alice', { stream })
    t.ok(await msUntil(() => waiting().length > before) < limitMs)
    socket.resetAndDestroy()
    const ms = await msUntil(() => last()?.aborted === true)
    t.ok(ms < limitMs, `${ms} ms`)
    t.equal((await chat(workerd.origin, 'alice')).status, 200, "the user's place is free again")
  })
}

for (const how of ['closed', 'reset'] as const) {
  void t.test(`in the middle of a stream: a ${how} connection aborts upstream`, async t => {
    emulator.chunkDelayMs = 50
    emulator.answers.push({ text: Array.from({ length: 200 }, () => 'word ') })
    const socket = await rawChat(workerd.origin, 'alice', { stream: true })
    await new Promise(resolve => socket.once('data', resolve))
    if (how === 'reset') socket.resetAndDestroy()
    else socket.end().destroy()
    const ms = await msUntil(() => last()?.aborted === true)
    t.ok(ms < limitMs, `${ms} ms`)
    emulator.chunkDelayMs = 0
    t.equal((await chat(workerd.origin, 'alice')).status, 200, "the user's place is free again")
    t.comment(`upstream was aborted after ${ms} ms`)
  })
}

void t.test('in the middle of a silent stream: a reset connection aborts upstream', async t => {
  emulator.fault({ path: chatPath }, { kind: 'stall-after', events: 2, ms: 60_000 })
  const socket = await rawChat(workerd.origin, 'alice', { stream: true })
  await new Promise(resolve => socket.once('data', resolve))
  socket.resetAndDestroy()
  const ms = await msUntil(() => last()?.aborted === true)
  t.ok(ms < limitMs, `${ms} ms`)
  t.equal((await chat(workerd.origin, 'alice')).status, 200, "the user's place is free again")
})

void t.test('aborting a fetch in the middle of a stream aborts upstream', async t => {
  emulator.chunkDelayMs = 50
  emulator.answers.push({ text: Array.from({ length: 200 }, () => 'word ') })
  const controller = new AbortController()
  const response = await fetch(`${workerd.origin}/alice/v1/chat/completions`, {
    method: 'POST',
    signal: controller.signal,
    headers,
    body: chatBody({ stream: true }),
  })
  await response.body?.getReader().read()
  controller.abort()
  const ms = await msUntil(() => last()?.aborted === true)
  t.ok(ms < limitMs, `${ms} ms`)
  emulator.chunkDelayMs = 0
  t.equal((await chat(workerd.origin, 'alice')).status, 200)
})

void t.test('a request that waits for a place gets it, though the runtime separates it from the holder', async t => {
  emulator.chunkDelayMs = 100
  emulator.answers.push({ text: Array.from({ length: 8 }, () => 'word ') })
  const first = await chat(workerd.origin, 'alice', { stream: true })
  const began = performance.now()
  const second = chat(workerd.origin, 'alice')
  await first.text()
  emulator.chunkDelayMs = 0
  t.equal((await second).status, 200)
  t.ok(performance.now() - began < 5_000)
  t.notMatch(workerd.logs(), /"level":"error"|different request/i)
})
