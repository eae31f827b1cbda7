// The first request of a process finds its model, whatever its name: the process waits for the list of models, or plans
// from the copy in the store. If it has to guess and the guess fails, it sends the request once more.
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator, type Emulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { firstRequests, inventedModels, tryFirst } from '../fixtures/first-requests.ts'
import { call } from '../fixtures/http.ts'

t.setTimeout(200_000)
const password = 'acpc-First12345'
const usernames = ['anna', 'bert', 'carl', 'dora', 'emil', 'fritz']

/** A store with six users, and processes that start on it. */
async function world (emulator: Emulator) {
  emulator.models.push(...inventedModels)
  const store = createMemoryStore()
  const config = readConfig({ PORT: '0', LOG_LEVEL: 'silent', USER_CONCURRENCY: '0', USER_REQUESTS_PER_MINUTE: '0',
    REGISTRATIONS_PER_10_MINUTES: '0', KDF_ITERATIONS: '10000', SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64'),
    ...emulator.env, STORE: 'memory' })
  const start = () => startServer(config, { store })
  const first = await start()
  for (const username of usernames) {
    const { status } = await call(`${first.origin}/`, {
      json: { username, password, token: emulator.addSeat().githubToken },
    })
    if (status !== 201) throw new Error(`not saved: ${status}`)
  }
  await first.close()
  const posts = () =>
    emulator.requests.filter(({ method, path }) =>
      method === 'POST' && firstRequests.some(({ endpoint }) => endpoint === path)
    ).map(({ path }) => path)
  return {
    start,
    posts,
    /** Sends each request as a different user, so that each is the first of a new process. Returns the failures. */
    async ask (...requests: typeof firstRequests): Promise<string[]> {
      const server = await start()
      try {
        const found = await Promise.all(
          requests.map((request, at) => tryFirst(`${server.origin}/${usernames[at]}/v1`, password, request)),
        )
        return found.filter(each => each !== null)
      } finally {
        await server.close()
      }
    },
    async drop (...prefixes: readonly string[]) {
      for (const prefix of prefixes) for await (const key of store.keys(prefix)) await store.delete(key)
    },
  }
}

t.test(`each of ${firstRequests.length} first requests of a process is answered with one call to Copilot`, async t => {
  const emulator = await startEmulator()
  t.teardown(emulator.close)
  const { ask, drop, posts } = await world(emulator)
  for (let at = 0; at < firstRequests.length; at += usernames.length) {
    await drop('models:', ...at % 4 === 0 ? ['cred:'] : [])
    t.same(await ask(...firstRequests.slice(at, at + usernames.length)), [])
  }
  t.equal(posts().length, firstRequests.length, 'no request was sent twice')
})

t.test('a restarted process plans from the copy in the store while Copilot gives no list', async t => {
  const emulator = await startEmulator()
  t.teardown(emulator.close)
  const { ask, posts } = await world(emulator)
  t.same(await ask(...firstRequests.slice(0, usernames.length)), [])
  emulator.fault({ path: '/models' }, { kind: 'html', status: 502 }, 1_000)
  t.same(await ask(...firstRequests.filter((_request, at) => at % 19 === 0)), [])
  t.equal(posts().length, 2 * usernames.length)
})

t.test('a guess or an old copy that Copilot refuses is planned once more, with the list', async t => {
  const emulator = await startEmulator()
  t.teardown(emulator.close)
  const { ask, drop, posts } = await world(emulator)
  const misleading = firstRequests.filter(({ model, dialect }) => model === 'gpt-4.9' && dialect === 'chat')
  for (const request of misleading) {
    await drop('models:')
    emulator.requests.length = 0
    emulator.fault({ path: '/models' }, { kind: 'html', status: 502 })
    t.same(await ask(request), [], `a guess, ${request.stream ? 'streamed' : 'whole'}`)
    t.same(posts(), ['/chat/completions', '/v1/messages'])
  }
  const entry = emulator.models.find(({ id }) => id === 'gpt-4.9')
  if (entry !== undefined) {
    emulator.models.splice(emulator.models.indexOf(entry), 1, { ...entry, supported_endpoints: ['/responses'] })
  }
  for (const request of misleading.slice(0, 1)) {
    emulator.requests.length = 0
    emulator.fault({ path: '/models' }, { kind: 'delay', ms: 300 })
    t.same(await ask({ ...request, endpoint: '/responses' }), [], `a copy, ${request.stream ? 'streamed' : 'whole'}`)
    t.same(posts(), ['/v1/messages', '/responses'])
  }
  // A guess that the list cannot improve is refused once, with the message for an unknown model.
  emulator.requests.length = 0
  emulator.fault({ path: '/models' }, { kind: 'html', status: 502 })
  await drop('models:')
  t.match(await ask({ model: 'gpt-nowhere', dialect: 'chat', stream: false, endpoint: '' }), [
    / 404 .*is not among the models/,
  ])
  t.equal(posts().length, 1)
})

t.test('without a list from Copilot a first request waits at most 5 s; an unknown id keeps the dialect of the client',
  async t => {
    const emulator = await startEmulator()
    t.teardown(emulator.close)
    const { start, posts } = await world(emulator)
    emulator.strict.messagesMaxTokens = false
    emulator.fault({ path: '/models' }, { kind: 'hang' }, 10)
    const server = await start()
    const own = firstRequests.filter(({ model, stream }) =>
      ['mai-code-1', 'kimi-k4', 'phi-9'].includes(model) && stream
    ).filter(({ dialect, endpoint }) => endpoint.includes(dialect))
    const from = performance.now()
    const tries = await Promise.all(own.map(request => tryFirst(`${server.origin}/anna/v1`, password, request)))
    const waitedMs = performance.now() - from
    t.same(tries, [null, null, null])
    t.ok(waitedMs > 4_500 && waitedMs < 9_000, `${Math.round(waitedMs)} ms`)
    t.same(posts().sort(), ['/chat/completions', '/responses', '/v1/messages'])
    const closingAt = performance.now()
    await server.close()
    t.ok(performance.now() - closingAt < 10_000, 'a list that hangs does not delay the end of the process')
  })
