// What the workers of one server must agree on: each user's limits, and what an earlier answer has left.
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { addUser, launch, newDir } from '../faults/child.ts'
import { call } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'

t.setTimeout(180_000)

interface Counter {
  readonly origin: string
  readonly atOnce: () => number
  readonly calls: () => number
}

/** Stands between gateway and Copilot, and counts the model calls: all, and the most at once. */
async function startCounter (t: Test, upstream: () => string): Promise<Counter> {
  let [now, most, all] = [0, 0, 0]
  const server: Server = createServer((received, reply) => {
    const isCall = received.url === '/chat/completions'
    if (isCall) {
      all++
      most = Math.max(most, ++now)
      reply.once('close', () => now--)
    }
    const forward = () => {
      received.pipe(
        request(`${upstream()}${received.url ?? ''}`, { method: received.method, headers: received.headers },
          answer => {
            reply.writeHead(answer.statusCode ?? 0, answer.headers)
            answer.pipe(reply)
          }).on('error', () => reply.destroy()),
      )
    }
    if (isCall) setTimeout(forward, 60) // Long enough to meet others.
    else forward()
  }).listen(0, '127.0.0.1')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise(resolve => server.once('listening', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, atOnce: () => most, calls: () => all }
}

async function serve (t: Test, settings: Readonly<Record<string, string>>) {
  let upstream = ''
  const counter = await startCounter(t, () => upstream)
  const { emulator, origin, child, exit } = await launch(t, { STORE: 'sqlite', DATA_DIR: newDir(t),
    KDF_ITERATIONS: '10000', SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64'),
    COPILOT_API_BASE_URL: counter.origin, ...settings }, [], ['serve', '--workers', '2'])
  upstream = emulator.env['COPILOT_API_BASE_URL'] ?? ''
  const user = await addUser(await origin(), emulator, 'alice', null)
  return { counter, emulator, user, child, exit }
}

/** On a connection of its own, so that the workers get the calls in turn. @returns the status */
async function chat ({ base, password }: User, n: number): Promise<number> {
  const { status } = await call(`${base}/chat/completions`, {
    json: { messages: [{ role: 'user', content: `number ${n}` }] },
    headers: { authorization: `Bearer ${password}`, connection: 'close' },
  })
  return status
}

t.test('USER_CONCURRENCY holds over both workers: never more calls at once, and all are served', async t => {
  const { counter, user } = await serve(t, { USER_CONCURRENCY: '4', USER_REQUESTS_PER_MINUTE: '0' })
  const statuses: number[] = []
  let next = 0
  await Promise.all(Array.from({ length: 12 }, async () => {
    while (next < 120) statuses.push(await chat(user, next++))
  }))
  t.same([...new Set(statuses)], [200])
  t.equal(counter.calls(), 120)
  t.equal(counter.atOnce(), 4)
})

t.test('USER_REQUESTS_PER_MINUTE holds over both workers: the upstream sees no call too many', async t => {
  const { counter, user } = await serve(t, { USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '30' })
  const from = performance.now()
  const statuses = await Promise.all(Array.from({ length: 80 }, (_, n) => chat(user, n)))
  const minutes = (performance.now() - from) / 60_000
  const served = statuses.filter(status => status === 200).length
  t.same([...new Set(statuses)].sort(), [200, 429])
  t.equal(counter.calls(), served)
  t.ok(served >= 30, `${served} of 80`)
  t.ok(served <= 30 + 30 * minutes, `${served} in ${minutes} minutes`)
})

t.test('previous_response_id works whichever worker gets it', async t => {
  const { user, emulator } = await serve(t, {})
  let previous: string | null = null
  for (let turn = 0; turn < 8; turn++) {
    const { status, json } = await call(`${user.base}/responses`, {
      json: { model: 'gpt-5.1', input: `turn ${turn}`, previous_response_id: previous },
      headers: { authorization: `Bearer ${user.password}`, connection: 'close' },
    })
    t.equal(status, 200, `turn ${turn}: ${JSON.stringify(json).slice(0, 200)}`)
    previous = json.id
  }
  const last = emulator.requests.findLast(({ path }) => path === '/responses')
  for (const turn of [0, 3, 7]) t.match(JSON.stringify(last?.body), `turn ${turn}`)
  for (let n = 0; n < 2; n++) {
    const { status } = await call(`${user.base}/responses/${encodeURIComponent(previous ?? '')}`, {
      headers: { authorization: `Bearer ${user.password}`, connection: 'close' },
    })
    t.equal(status, 200)
  }
})
