// `serve --workers N`: several processes that look like one from outside.
import { connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { addUser, launch, newDir, type Life } from '../faults/child.ts'
import { call, until } from '../fixtures/http.ts'
import { childrenOf, socketsOf } from '../fixtures/processes.ts'

t.setTimeout(120_000)
const adminToken = 'operator-AdminToken-0123456789'
/** A pause in the middle, long enough for a signal. */
const slowly = { kind: 'stall-after', events: 2, ms: 2_000 } as const
const headers = { authorization: `Bearer ${adminToken}` }

interface Served extends Omit<Life, 'origin'> {
  readonly origin: string
  readonly pid: number
  /** Ids of the worker processes. */
  readonly workers: () => number[]
}

async function serve (t: Test, env: Readonly<Record<string, string>> = {}, count = 2): Promise<Served> {
  const life = await launch(t, { STORE: 'sqlite', DATA_DIR: newDir(t), ADMIN_TOKEN: adminToken, KDF_ITERATIONS: '10000',
    SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64'), ...env }, ['--max-semi-space-size=8'], ['serve', '--workers',
    String(count)])
  const pid = life.child.pid ?? 0
  return { ...life, origin: await life.origin(), pid, workers: () => childrenOf(pid) }
}

/** Opens a connection, and waits until a request on it was answered. */
async function open (t: Test, origin: string): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await new Promise(resolve => socket.once('data', resolve))
  return socket
}

const linesOf = (text: string, event: string) => text.split('\n').filter(line => line.includes(`"event":"${event}"`))
const isGone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

t.test('four connections are two for each worker, on one port that is logged once', async t => {
  const { origin, workers, output, child, exit, pid } = await serve(t)
  const ids = workers()
  t.equal(ids.length, 2)
  const before = ids.map(socketsOf)
  for (let n = 0; n < 4; n++) await open(t, origin)
  t.same(ids.map((id, at) => socketsOf(id) - (before[at] ?? 0)), [2, 2])
  t.equal(linesOf(output(), 'listening').length, 1)
  t.match(output(), /, store: sqlite, registration: open, workers: 2"/)
  child.kill('SIGTERM')
  t.equal(await exit, 0, output())
  t.ok([pid, ...ids].every(isGone), 'no process is left')
  t.notMatch(output(), /"level":"error"/)
})

t.test('a user of one worker is a user of the other', async t => {
  const { origin, emulator } = await serve(t)
  const user = await addUser(origin, emulator)
  for (let n = 0; n < 4; n++) {
    const answer = await call(`${user.base}/chat/completions`, { json: { messages: [{ role: 'user', content: 'hi' }] },
      headers: { authorization: `Bearer ${user.password}`, connection: 'close' } })
    t.equal(answer.status, 200)
  }
})

t.test('/metrics and /admin/errors are of all workers, also of one that has ended', async t => {
  const { origin, workers, output } = await serve(t)
  const metric = async (name: string) => {
    const { text } = await call(`${origin}/metrics`, { headers: { ...headers, connection: 'close' } })
    return Number(text.split('\n').find(line => line.startsWith(`${name} `))?.split(' ')[1] ?? NaN)
  }
  const healthz = 'copilot_proxy_requests_total{route="/healthz",method="GET",status="200"}'
  for (let n = 0; n < 6; n++) await call(`${origin}/healthz`, { headers: { connection: 'close' } })
  t.same([await metric(healthz), await metric(healthz)], [6, 6])
  t.equal(await metric('copilot_proxy_workers'), 2)
  t.ok(await metric('process_resident_memory_bytes') > 3 * 40 * 2 ** 20, 'three processes')
  const [ended = 0, other] = workers()
  process.kill(ended, 'SIGKILL')
  await until(() => linesOf(output(), 'worker-started').length === 1, 'it is replaced', 20_000)
  t.notOk(workers().includes(ended))
  t.ok(workers().includes(other ?? 0))
  t.equal(await metric(healthz), 6, 'what was counted once stays')
  t.equal(await metric('copilot_proxy_workers'), 2)
  for (let n = 0; n < 2; n++) {
    const { json } = await call(`${origin}/admin/errors`, { headers: { ...headers, connection: 'close' } })
    t.match(json.data.map((each: { event: string }) => each.event), ['worker-started', 'worker-ended'])
  }
})

t.test('while they drain, each worker reports that it is not ready; a stream ends whole', async t => {
  const { origin, emulator, child, exit, workers, output } = await serve(t)
  const user = await addUser(origin, emulator)
  emulator.fault({ path: '/chat/completions' }, slowly)
  const stream = call(`${user.base}/chat/completions`, {
    json: { stream: true, messages: [{ role: 'user', content: 'a few words more than one' }] },
    headers: { authorization: `Bearer ${user.password}` },
  })
  await until(() => emulator.requests.some(({ path }) => path === '/chat/completions'), 'the stream begins')
  // Connections that the workers have already: no new one is needed to see that they drain.
  const kept = [await open(t, origin), await open(t, origin)]
  // A terminal and systemd send the signal to each process.
  for (const pid of [child.pid ?? 0, ...workers()]) process.kill(pid, 'SIGTERM')
  for (const socket of kept) {
    let answer = ''
    while (!answer.startsWith('HTTP/1.1 503') && !socket.destroyed) {
      socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n')
      answer = await new Promise<string>(resolve => socket.once('data', (chunk: Buffer) => resolve(chunk.toString())))
    }
    t.match(answer, /"status":"draining"/)
  }
  const { status, text } = await stream
  t.equal(status, 200)
  t.match(text, /data: \[DONE\]\n\n$/)
  t.equal(await exit, 0, output())
})

t.test('a second signal ends all at once, with exit code 1', async t => {
  const { origin, emulator, child, exit, workers } = await serve(t)
  const user = await addUser(origin, emulator)
  emulator.fault({ path: '/chat/completions' }, { kind: 'hang' })
  const stream = call(`${user.base}/chat/completions`, {
    json: { stream: true, messages: [{ role: 'user', content: 'hi' }] },
    headers: { authorization: `Bearer ${user.password}` },
  }).catch(() => null)
  await until(() => emulator.requests.some(({ path }) => path === '/chat/completions'), 'the stream begins')
  const ids = workers()
  child.kill('SIGTERM')
  await new Promise(resolve => setTimeout(resolve, 50)) // Signals that arrive together are one.
  child.kill('SIGTERM')
  t.equal(await exit, 1)
  await stream
  t.ok(ids.every(isGone))
})

t.test('wrong settings, a taken port and a store that cannot be shared end it with one line and exit 1', async t => {
  const { origin } = await serve(t)
  const { port } = new URL(origin)
  for (const [env, line] of [[{ PORT: 'wrong' }, /PORT: /], [{ PORT: port },
    /^Port \d+ on 127\.0\.0\.1 is taken \(EADDRINUSE\)/], [{ STORE: 'memory' },
    /^--workers 2: with STORE=memory each process would have users of its own\./], [{ DATA_DIR: '/dev/null/no-folder' },
    /no-folder/]] as const) {
    const life = await launch(t, { STORE: 'sqlite', DATA_DIR: newDir(t), ...env }, [], ['--workers=2'])
    t.equal(await life.exit, 1)
    t.match(life.output(), line)
    t.ok(life.output().trim().split('\n').length <= 2, life.output())
  }
  const misused = await launch(t, {}, [], ['serve', '--workers', 'many'])
  t.equal(await misused.exit, 2)
  t.match(misused.output(), /^--workers: a whole number, 1 to 64\.\n\nusage: /)
})

t.test('if the supervisor is killed, the workers end in order and leave the port free', async t => {
  const { origin, emulator, pid, workers, exit } = await serve(t)
  const user = await addUser(origin, emulator)
  emulator.fault({ path: '/chat/completions' }, slowly)
  const stream = call(`${user.base}/chat/completions`, {
    json: { stream: true, messages: [{ role: 'user', content: 'a few words more than one' }] },
    headers: { authorization: `Bearer ${user.password}` },
  })
  await until(() => emulator.requests.some(({ path }) => path === '/chat/completions'), 'the stream begins')
  const ids = workers()
  process.kill(pid, 'SIGKILL')
  t.match((await stream).text, /data: \[DONE\]\n\n$/)
  await until(() => ids.every(isGone), 'they end', 20_000)
  await exit
})
