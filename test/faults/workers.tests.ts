// Worker processes that die: what the others still serve, and when the whole server gives up.
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { call, rawCall, until } from '../fixtures/http.ts'
import { childrenOf } from '../fixtures/processes.ts'
import type { User } from '../fixtures/targets.ts'
import { addUser, launch, newDir } from './child.ts'

t.setTimeout(120_000)
const linesOf = (text: string, event: string) => text.split('\n').filter(line => line.includes(`"event":"${event}"`))

async function serve (t: Test, before: readonly string[] = []) {
  const dir = newDir(t)
  const life = await launch(t, { STORE: 'sqlite', DATA_DIR: dir, KDF_ITERATIONS: '10000', ADMIN_TOKEN: 'a'.repeat(20),
    SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64') }, before, ['serve', '--workers', '2'])
  const origin = await life.origin()
  return { ...life, dir, origin, workers: () => childrenOf(life.child.pid ?? 0) }
}

/** On a connection of its own, which `fetch` does not promise. Null if it was cut. */
async function stream ({ base, password }: User): Promise<string | null> {
  const { origin, pathname } = new URL(`${base}/chat/completions`)
  const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'a few words more than one' }] })
  const text = await rawCall(origin,
    [`POST ${pathname} HTTP/1.1`, 'Host: localhost', 'Connection: close', `Authorization: Bearer ${password}`,
      'Content-Type: application/json', `Content-Length: ${body.length}`, '', body].join('\r\n')).catch(() => '')
  return /data: \[DONE\]\n\n\r\n0\r\n\r\n$/.test(text) ? text : null
}

t.test('kill -9 of a worker cuts its own streams only, and loses no usage of the others', async t => {
  const { origin, emulator, child, exit, workers, output, dir } = await serve(t)
  const user = await addUser(origin, emulator)
  t.ok(await stream(user))
  for (let n = 0; n < 4; n++) {
    emulator.fault({ path: '/chat/completions' }, { kind: 'stall-after', events: 2, ms: 4_000 })
  }
  const asked = () => emulator.requests.filter(({ path }) => path === '/chat/completions').length
  const streams: Array<Promise<string | null>> = []
  for (let n = 0; n < 4; n++) { // One after the other: they go to the workers in turn.
    const before = asked()
    streams.push(stream(user))
    await until(() => asked() > before, 'it has begun', 20_000)
  }
  process.kill(workers()[0] ?? 0, 'SIGKILL')
  const whole = (await Promise.all(streams)).filter(text => text !== null).length
  t.equal(whole, 2, 'two of four')
  await until(() => linesOf(output(), 'worker-started').length === 1, 'it is replaced', 20_000)
  t.equal(workers().length, 2)
  for (let n = 0; n < 2; n++) t.ok(await stream(user))
  child.kill('SIGTERM')
  t.equal(await exit, 0)
  const store = openSqliteStore({ file: `${dir}/copilot-proxy.sqlite`, now: Date.now })
  const days = await store.usage?.read(user.username, '2000-01-01', '2999-01-01') ?? []
  await store.close?.()
  const counted = days.reduce((sum, { requests }) => sum + requests, 0)
  // The two that were cut, and the first stream if the dying worker had counted it, are what a killed process loses.
  t.ok(counted >= whole + 2 && counted <= whole + 3, `${counted} calls counted`)
})

t.test('a connection that is on its way to a worker that dies goes to another', async t => {
  const { origin, workers } = await serve(t)
  const [stuck = 0] = workers()
  process.kill(stuck, 'SIGSTOP')
  const { hostname, port } = new URL(origin)
  const answers = Array.from({ length: 4 }, () =>
    new Promise<string>(resolve => {
      const socket = connect(Number(port), hostname)
      t.teardown(() => socket.destroy())
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      socket.once('data', (chunk: Buffer) => {
        resolve(chunk.toString())
      }).once('close', () => {
        resolve('closed')
      }).on('error', () => {})
    }))
  // The other worker serves all but the one that the stopped worker was given.
  let answered = 0
  for (const answer of answers) void answer.then(() => answered++)
  await until(() => answered === 3, 'three answers', 20_000)
  process.kill(stuck, 'SIGKILL')
  for (const answer of await Promise.all(answers)) t.match(answer, /^HTTP\/1\.1 200 /)
})

t.test('if every worker dies at once, the port stays open, and requests wait for the next worker', async t => {
  const { origin, workers } = await serve(t)
  for (const pid of workers()) process.kill(pid, 'SIGKILL')
  t.equal((await call(`${origin}/healthz`, { headers: { connection: 'close' } })).status, 200)
})

t.test('workers that end again and again end the server, with a message and exit code 1', async t => {
  const { exit, workers, output } = await serve(t)
  let killed = 0
  for (const seen = new Set<number>(); killed < 10;) {
    const next = workers().find(pid => !seen.has(pid))
    if (next === undefined) await new Promise(resolve => setTimeout(resolve, 20))
    else if (seen.add(next)) killed += Number(process.kill(next, 'SIGKILL'))
  }
  t.equal(await exit, 1)
  t.equal(linesOf(output(), 'worker-loop').length, 1)
  t.match(output(), /10 worker processes ended within 60 s: the server ends/)
})

t.test('a worker with a bug drains, while its replacement serves', async t => {
  // Loaded into each process: SIGUSR2 throws where nothing catches.
  const bug = "data:text/javascript,process.on('SIGUSR2', () => { throw new Error('a planted bug') })"
  const { origin, emulator, workers, output, child, exit } = await serve(t, ['--import', bug])
  const user = await addUser(origin, emulator)
  for (let n = 0; n < 2; n++) {
    emulator.fault({ path: '/chat/completions' }, { kind: 'stall-after', events: 2, ms: 1_500 })
  }
  const streams = [stream(user), stream(user)]
  await until(() => emulator.requests.filter(({ path }) => path === '/chat/completions').length === 2, 'both began',
    20_000)
  process.kill(workers()[0] ?? 0, 'SIGUSR2')
  await until(() => linesOf(output(), 'worker-ended').length === 1, 'it leaves', 20_000)
  for (let n = 0; n < 4; n++) {
    t.equal((await call(`${origin}/readyz`, { headers: { connection: 'close' } })).status, 200, 'none is refused')
  }
  for (const text of await Promise.all(streams)) t.ok(text, 'whole')
  await until(() => workers().length === 2, 'it ends, and is replaced', 20_000)
  t.equal(linesOf(output(), 'crash').length, 1)
  child.kill('SIGTERM')
  t.equal(await exit, 0)
})
