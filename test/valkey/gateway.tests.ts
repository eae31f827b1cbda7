// A gateway whose Valkey is away at the start, during a stream, or for ten minutes; full; with a wrong password.
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { call, until } from '../fixtures/http.ts'
import { createMovableClock } from '../fixtures/targets.ts'
import { freePort, startValkey } from '../fixtures/valkey.ts'

t.setTimeout(120_000)
const password = 'acpc-0123456789'
const authorization = `Bearer ${password}`
const model = 'gpt-5.1'

async function start (t: Test, env: Readonly<Record<string, string>>) {
  const clock = createMovableClock()
  const emulator = await startEmulator({ now: clock.now, strict: { quota: false } })
  const config = readConfig({ PORT: '0', STORE: 'valkey', LOG_LEVEL: 'trace', REGISTRATIONS_PER_10_MINUTES: '0',
    ...emulator.env, ...env })
  let logs = ''
  const server = await startServer(config, { clock, logTo: { write (line) {
    logs += line
  } } })
  t.teardown(async () => {
    await server.close()
    await emulator.close()
  })
  const origin = server.origin.replace('localhost', '127.0.0.1')
  const user = (name: string) => `${origin}/${name}/v1`
  const used = async () => {
    const { json } = await call(`${user('alice')}/usage/history`, { headers: { authorization } })
    return (json.data as Array<{ requests: number }>).reduce((sum, { requests }) => sum + requests, 0)
  }
  return {
    clock,
    emulator,
    origin,
    logs: () => logs,
    register: (username = 'alice') =>
      call(`${origin}/`, { json: { username, password, token: emulator.addSeat().githubToken } }),
    ask: (more: object = {}, name = 'alice') =>
      call(`${user(name)}/responses`, { json: { model, input: 'hi', ...more }, headers: { authorization } }),
    stream: () =>
      fetch(`${user('alice')}/responses`, { method: 'POST', body: JSON.stringify({ model, input: 'hi', stream: true }),
        headers: { authorization, 'content-type': 'application/json' } }),
    ready: () => call(`${origin}/readyz`),
    /** Resolves once the history of usage has so many calls. */
    async counted (calls: number) {
      let seen = 0
      await until(() => {
        void used().then(count => {
          seen = count
        }, () => {})
        return seen === calls
      }, `${calls} calls are in the usage`, 15_000).catch((thrown: unknown) => {
        t.comment(`${seen} in the usage`)
        throw thrown
      })
    },
  }
}

void t.test('unreachable at the start: it serves, is not ready, says why, and recovers by itself', async t => {
  const server = await startValkey(t)
  await server.kill()
  const { ready, logs, register, clock, ask } = await start(t, { VALKEY_URL: server.url })
  await until(() => /Valkey could not be reached \(ECONNREFUSED\)/.test(logs()), 'the log says so')
  t.match(await ready(), { status: 503, json: { status: 'store-unavailable', store: 'valkey', hot_state: 'valkey' } })
  t.match(await register(), { status: 503, json: { error: { code: 'store_unavailable' } } })
  await server.start()
  await until(() => false, 'the client connects', 1_500).catch(() => {})
  clock.advance(31_000)
  t.match(await ready(), { status: 200, json: { status: 'ok' } })
  t.equal((await register()).status, 201)
  t.equal((await ask()).status, 200)
})

void t.test('a wrong password: not ready, and the log names the setting but neither password', async t => {
  const secret = 'S3cret-of-the-operator'
  const server = await startValkey(t, { args: ['--requirepass', 'right-one'], cliArgs: ['-a', 'right-one'] })
  const url = `valkey://gateway:${secret}@127.0.0.1:${server.port}`
  const { ready, logs, register } = await start(t, { VALKEY_URL: url })
  t.equal((await ready()).status, 503)
  const { text } = await register()
  t.match(logs(), /Valkey refuses the user name or the password of VALKEY_URL \(WRONGPASS\)/)
  for (const where of [logs(), text]) t.notMatch(where, new RegExp(`${secret}|right-one`))
})

void t.test('a stream goes on when Valkey dies in the middle of it, and its usage is written afterwards', async t => {
  const server = await startValkey(t)
  const { register, emulator, stream, ask, counted, clock } = await start(t, { VALKEY_URL: server.url })
  await register()
  t.equal((await ask()).status, 200)
  emulator.chunkDelayMs = 60
  const response = await stream()
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = (await reader?.read())?.value ?? ''
  await server.kill()
  for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) text += step.value
  t.match(text, /event: response\.completed/)
  await server.start()
  clock.advance(15_000)
  await counted(2)
})

void t.test('F35 Valkey away for ten minutes: known users work on, limits hold for the process, and nothing is lost',
  async t => {
    const server = await startValkey(t)
    const { register, ask, counted, clock, logs } = await start(t, { VALKEY_URL: server.url,
      USER_REQUESTS_PER_MINUTE: '30' })
    await register()
    const first = await ask()
    t.equal(first.status, 200)
    await server.kill()
    let served = 1
    let previous: string = first.json.id
    for (let minute = 0; minute < 9; minute++) {
      clock.advance(60_000)
      const { status, json } = await ask({ previous_response_id: previous })
      t.equal(status, 200, `minute ${minute}`)
      previous = json.id
      served++
    }
    const many = await Promise.all(Array.from({ length: 34 }, () => ask()))
    const refused = many.filter(({ status }) => status === 429).length
    served += many.filter(({ status }) => status === 200).length
    t.ok(refused >= 3 && refused <= 5, `the process's own limit holds: ${refused} of 34 refused`)
    const warnings = logs().split('\n').filter(line => line.includes('limits hold for this process alone'))
    t.equal(warnings.length, 1, 'one warning')
    t.match(warnings[0], /Valkey could not be reached|Valkey did not answer/)
    await server.start()
    clock.advance(30_000)
    await counted(served)
    t.equal((await ask({ previous_response_id: previous })).status, 200)
    await until(() => logs().includes('the engine of hot state answers again'), 'the engine is asked again', 15_000)
    const stored = server.cli('KEYS', 'copilot-proxy:day:*')
    t.match(stored, /copilot-proxy:day:\{alice\}/)
  })

void t.test('full: users work on, registrations say that the store is away, and all is written when there is room',
  async t => {
    const server = await startValkey(t, { args: ['--maxmemory-policy', 'noeviction'] })
    const { register, ask, counted, clock, logs } = await start(t, { VALKEY_URL: server.url })
    await register()
    t.equal((await ask()).status, 200)
    server.cli('CONFIG', 'SET', 'maxmemory', '100kb')
    t.match(await register('bob'), { status: 503, json: { error: { code: 'store_unavailable' } } })
    for (let at = 0; at < 5; at++) t.equal((await ask()).status, 200)
    t.match(logs(), /Valkey is full: it has reached its maxmemory and refuses writes \(OOM\)/)
    server.cli('CONFIG', 'SET', 'maxmemory', '0')
    clock.advance(30_000)
    await counted(6)
    t.equal((await register('bob')).status, 201)
  })

void t.test('a server that nothing listens for: the commands say so in one line', async t => {
  const { run } = await import('../../src/node/main.ts')
  const lines: string[] = []
  const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line),
    env: { STORE: 'valkey', VALKEY_URL: `valkey://:hunter2@127.0.0.1:${await freePort()}` } }
  const { processIo } = await import('../../src/node/cli/process-io.ts')
  t.equal(await run(['users', 'list'], { ...processIo(), ...io }), 1)
  t.strictSame(lines, ['Valkey could not be reached (ECONNREFUSED)'])
})
