// `Send` over fetch, through the whole Worker: how it reacts to a misbehaving upstream.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { ceiling } from '../fixtures/ceiling.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { chat, chatPath, saveUser } from './client.ts'

const emulator = await startEmulator()
const workerd = await startWorkerd({ settings: { ...emulator.env, UPSTREAM_FIRST_BYTE_SECONDS: '1' } })
t.teardown(async () => {
  await workerd.close()
  await emulator.close()
})
await saveUser(workerd.origin, emulator, 'alice')
const calls = () => emulator.requests.filter(({ path }) => path === chatPath).length

void t.test('a POST whose connection broke is 502, and neither the Worker nor the runtime repeats it', async t => {
  for (const stream of [false, true]) {
    const before = calls()
    emulator.fault({ path: chatPath }, { kind: 'reset-before' })
    const response = await chat(workerd.origin, 'alice', { stream })
    t.match({ status: response.status, json: await response.json() }, { status: 502,
      json: { error: { code: 'upstream_error' } } })
    t.equal(calls(), before + 1)
  }
})

void t.test('redirects are not followed, and an unrequested compressed body is not unpacked', async t => {
  emulator.fault({ path: chatPath }, { kind: 'redirect', location: `${emulator.origin}/copilot/models` })
  t.equal((await chat(workerd.origin, 'alice')).status, 502)
  for (const stream of [false, true]) {
    emulator.fault({ path: chatPath }, { kind: 'gzip' })
    t.equal((await chat(workerd.origin, 'alice', { stream })).status, 502)
  }
  t.same(emulator.problems, [])
})

void t.test('a closed upstream port is 502 at once; an upstream that never answers is 504 in time', async t => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  const nowhere = await startWorkerd({ settings: { ...emulator.env, GITHUB_BASE_URL: `http://127.0.0.1:${port}` } })
  t.teardown(() => nowhere.close())
  const began = performance.now()
  t.equal((await fetch(`${nowhere.origin}/github/get-device-code`)).status, 502)
  t.ok(performance.now() - began < ceiling(1_000))
  emulator.fault({ path: chatPath }, { kind: 'hang' })
  t.equal((await chat(workerd.origin, 'alice')).status, 504)
})

void t.test("upstream gets only the headers that we name, and none of the client's or the runtime's own", async t => {
  await chat(workerd.origin, 'alice', {}, { cookie: 'a=b', 'x-forwarded-for': '1.2.3.4', 'x-evil': '1',
    'cf-connecting-ip': '9.9.9.9' })
  const sent = emulator.requests.findLast(({ path }) => path === chatPath)?.headers ?? {}
  t.equal(sent['accept-encoding'], 'identity')
  for (const name of ['cookie', 'x-forwarded-for', 'x-evil', 'cf-connecting-ip', 'x-api-key']) {
    t.equal(sent[name], undefined, name)
  }
  t.comment(Object.keys(sent).sort().join(' '))
})
