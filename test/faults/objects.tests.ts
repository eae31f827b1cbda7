// workerd is killed in the middle of streams. Its objects are on disk: each answer that a client has whole is counted
// when workerd starts again, and a client can continue from it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { call, until } from '../fixtures/http.ts'
import { usageOfObjects } from '../fixtures/workerd-objects.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { chat, headers, saveUser } from '../workers/client.ts'

const requests = (folder: string) =>
  usageOfObjects(folder, '2020-01-01', '2099-12-31').flat().reduce((sum, row) => sum + row.requests, 0)

void t.test('workerd killed mid-stream loses no usage that a client has seen the end of', { timeout: 120_000 },
  async t => {
    const { emulator, start } = await world(t)
    let workerd = await start()
    await saveUser(workerd.origin, emulator, 'alice')
    let ended = 0
    let answer = { id: '' }
    for (let round = 1; round <= 3; round++) {
      for (let n = 0; n < 4; n++) {
        await (await chat(workerd.origin, 'alice', { stream: n % 2 === 0 })).text()
        ended++
      }
      answer = (await respond(workerd.origin, { input: `round ${round}` })).json as typeof answer
      ended++
      emulator.chunkDelayMs = 200
      const streams = await Promise.all([1, 2, 3].map(() => chat(workerd.origin, 'alice', { stream: true })))
      const readers = streams.map(({ body }) => body?.getReader())
      for (const reader of readers) await reader?.read()
      killWorkerd()
      await Promise.all(readers.map(async reader => {
        // eslint-disable-next-line no-empty -- reads what was sent before the end
        while (await reader?.read().then(({ done }) => !done, () => false)) {}
      }))
      emulator.chunkDelayMs = 0
      await workerd.close().catch(() => {})
      workerd = await start()
      const history = await call(`${workerd.origin}/alice/v1/usage/history`, { headers })
      const total = sumOf(history.json)
      t.ok(total >= ended && total <= ended + 3 * round, `round ${round}: ${total} counted, ${ended} were whole`)
    }
    const next = await respond(workerd.origin, { input: 'go on', previous_response_id: answer.id })
    t.equal(next.status, 200, 'the answer before the kill is known')
    await workerd.close()
  })

void t.test('a Worker that gets Durable Objects loses nothing, and may lose them again', { timeout: 120_000 },
  async t => {
    const { emulator, start, folder } = await world(t)
    const before = await start(false)
    await saveUser(before.origin, emulator, 'alice')
    await (await chat(before.origin, 'alice')).text()
    before.setState({ offsetMs: 61_000 })
    await (await chat(before.origin, 'alice')).text()
    await until(() => before.calls.some(({ operation, key }) => operation === 'put' && key.startsWith('usage:')),
      'usage is in KV')
    t.match(await (await fetch(`${before.origin}/readyz`)).json(), { hot_state: 'memory' })
    await before.close()

    const exchanges = () => emulator.requests.filter(({ path }) => path === '/copilot_internal/v2/token').length
    const known = exchanges()
    const after = await start()
    t.match(await (await fetch(`${after.origin}/readyz`)).json(), { status: 'ok', store: 'cloudflare-kv',
      hot_state: 'durable-object' })
    t.equal((await chat(after.origin, 'alice')).status, 200)
    t.equal(exchanges(), known, 'the token of the earlier version is used')
    const history = await call(`${after.origin}/alice/v1/usage/history`, { headers })
    t.equal(sumOf(history.json), 3, 'two calls of the earlier version, and one of this one')
    t.equal(requests(folder), 1, 'nothing was copied')
    await after.close()

    const again = await start(false)
    t.equal((await chat(again.origin, 'alice')).status, 200)
    await again.close()
  })

async function world (t: Test) {
  const emulator = await startEmulator()
  const folder = mkdtempSync(join(tmpdir(), 'copilot-proxy-objects-'))
  t.teardown(async () => {
    await emulator.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { emulator, folder, start: (objects = true) => startWorkerd({ settings: emulator.env, objects, folder }) }
}

function respond (origin: string, body: object) {
  return call(`${origin}/alice/v1/responses`, { method: 'POST', headers,
    body: JSON.stringify({ model: 'gpt-5.1', store: true, ...body }) })
}

function sumOf (history: { data?: ReadonlyArray<{ requests: number }> }): number {
  return history.data?.reduce((sum, { requests }) => sum + requests, 0) ?? 0
}

/** Every workerd that this process started. */
function killWorkerd (): void {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
  for (const line of table.split('\n')) {
    const [pid, parent, command = ''] = line.trim().split(/\s+/)
    if (Number(parent) === process.pid && command.includes('workerd')) process.kill(Number(pid), 'SIGKILL')
  }
}
