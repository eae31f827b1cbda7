// The list of a seat: the gateway requests it rarely, keeps it in memory and in the store when upstream fails, and
// waits for it only if there is no copy at all.
import { mock } from 'node:test'
import t from 'tap'
import { bodyOf } from '../../../src/body.ts'
import { endpointsOf, limitOf, supports } from '../../../src/model-entry.ts'
import { GatewayError } from '../../../src/errors.ts'
import type { Copilot, CopilotCall } from '../../../src/upstream/copilot.ts'
import { createModels, type ModelRequest } from '../../../src/upstream/models.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import type { Store } from '../../../src/store/store.ts'
import { createHandClock, settle, type HandClock } from '../helpers/clock.ts'
import { createTestLog } from '../helpers/log.ts'
import { createAccount, toResponse, type Scripted } from '../helpers/upstream.ts'

const listOf = (...ids: string[]) => ({ object: 'list', data: ids.map(id => ({ id, capabilities: { type: 'chat' } })) })
interface WorldOptions {
  readonly store?: Store | null
  readonly clock?: HandClock
}
/** Runs promises only: these tests move the timers by hand. */
const settleSoon = async () => {
  for (let n = 0; n < 50; n++) await Promise.resolve()
}
const world = ({ store = null, clock = createHandClock() }: WorldOptions = {}) => {
  const calls: CopilotCall[] = []
  let answer: Scripted | Error = { body: listOf('a', 'b') }
  let gate = Promise.resolve()
  const copilot: Copilot = async call => {
    calls.push(call)
    await gate
    if (answer instanceof Error) throw answer
    return toResponse(answer)
  }
  const works: Array<Promise<unknown>> = []
  const request: ModelRequest = { account: createAccount(), accountType: null, requestId: 'r',
    defer: (work: Promise<unknown>) => {
      works.push(work)
    } }
  const models = createModels({ copilot, store, clock, log: createTestLog() })
  const planned = async (of = request) => (await models.planned(of))?.models.map(({ id }) => id) ?? null
  const ids = async (of = request, maxAgeMs?: number) => (await models.list(of, maxAgeMs)).models.map(({ id }) => id)
  return { clock, calls, models, request, ids, planned, say (next: Scripted | Error) {
    answer = next
  }, hold () {
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    return resolve
  }, quiet: async () => {
    while (works.length > 0) await Promise.all(works.splice(0))
    await settle()
  } }
}

t.test('list() makes one call for all callers, and then none for five minutes', async t => {
  const { clock, calls, request, ids } = world()
  t.strictSame(await Promise.all([ids(), ids(), ids()]), [['a', 'b'], ['a', 'b'], ['a', 'b']])
  clock.advance(299_999)
  await ids()
  t.equal(calls.length, 1)
  t.match(calls[0], { method: 'GET', path: '/models', intent: 'model-access', initiator: null, vision: false,
    body: null })
  await ids(request, 60_000)
  clock.advance(300_000)
  await ids()
  t.equal(calls.length, 3)
})

t.test('list() has a separate list for each user, GitHub token and account type', async t => {
  const { calls, models, request, ids } = world()
  await ids()
  await ids({ ...request, account: createAccount(2) })
  await ids({ ...request, account: createAccount(1, 'rid-2') })
  await models.list({ ...request, accountType: 'business' })
  t.equal(calls.length, 4)
})

t.test('list() gives the last good copy when upstream fails, and does not remember the failure', async t => {
  const { clock, calls, ids, say } = world()
  const failures: Array<[Scripted | Error, string]> = [[{ status: 500, body: '<html>' }, 'upstream_error'], [{
    status: 429,
    body: 'slow',
  }, 'upstream_rate_limited'], [{ body: 'no JSON' }, 'upstream_error'], [{ body: { data: 7 } }, 'upstream_error'], [
    new GatewayError('github_token_rejected', 'no'),
    'github_token_rejected',
  ]]
  for (const [answer, code] of failures) {
    say(answer)
    await t.rejects(ids(), { code })
  }
  t.equal(calls.length, failures.length)
  say({ body: listOf('a') })
  t.strictSame(await ids(), ['a'])
  clock.advance(300_000)
  for (const [answer] of failures) {
    say(answer)
    t.strictSame(await ids(), ['a'])
  }
})

t.test('list() turns a body that breaks off into an upstream error', async t => {
  const copilot: Copilot = async () => ({ status: 200, headers: {},
    body: bodyOf((async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array([123])
      throw new Error('ECONNRESET')
    })()) })
  const models = createModels({ copilot, store: null, clock: createHandClock(), log: createTestLog() })
  await t.rejects(models.list(world().request), { code: 'upstream_error', status: 502 })
})

t.test('planned() waits for a first list, later answers at once and renews behind the request', async t => {
  const { clock, calls, models, request, say, quiet, planned } = world()
  t.strictSame(await Promise.all([planned(), planned(), planned()]), [['a', 'b'], ['a', 'b'], ['a', 'b']])
  t.equal(calls.length, 1, 'one call for all waiting requests')
  t.notOk(models.planned(request) instanceof Promise, 'a warm request does not wait')
  clock.advance(300_000)
  say(new Error('out'))
  t.ok((await models.planned(request))?.byId.has('a'), 'the old copy')
  await quiet()
  clock.advance(9_999)
  await models.planned(request)
  t.equal(calls.length, 2)
  clock.advance(1)
  await models.planned(request)
  await quiet()
  t.equal(calls.length, 3)
})

t.test('planned() waits 5 s at most, and not at all soon after a failure or a timeout', async t => {
  const { clock, calls, say, hold, quiet, planned, request } = world()
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => {
    mock.timers.reset()
  })
  const release = hold()
  let given: readonly string[] | null | undefined
  void planned().then(value => {
    given = value
  })
  await settleSoon()
  mock.timers.tick(4_999)
  await settleSoon()
  t.equal(given, undefined)
  mock.timers.tick(1)
  await settleSoon()
  t.equal(given, null, 'then the model id decides')
  clock.advance(5_000)
  t.equal(await planned(), null, 'and at once for other callers')
  release()
  await settleSoon()
  t.strictSame(await planned(), ['a', 'b'], 'the list came late, and is kept')

  const other = { ...request, accountType: 'business' }
  say({ status: 500, body: '' })
  t.equal(await planned(other), null)
  t.equal(await planned(other), null)
  t.equal(calls.length, 2)
  clock.advance(10_000)
  say({ body: { data: [] } })
  t.equal(await planned(other), null)
  t.equal(await planned(other), null, 'an empty list does not count')
  t.equal(calls.length, 3)
  clock.advance(10_000)
  say({ body: listOf('c') })
  t.strictSame(await planned(other), ['c'])
  await quiet()
})

t.test("another process plans with the store's copy at once, while Copilot does not answer", async t => {
  const clock = createHandClock()
  const store = createMemoryStore(clock)
  const entry = {
    id: 'claude-x',
    name: 'X',
    vendor: 'Anthropic',
    supported_endpoints: ['/v1/messages'],
    policy: { state: 'enabled', terms: 'long' },
    billing: { multiplier: 1 },
    capabilities: { type: 'chat', family: 'claude-x', limits: { max_output_tokens: 7 }, supports: { streaming: true } },
  }
  const first = world({ store, clock })
  first.say({ body: { data: [entry, { id: 'b' }] } })
  await first.planned()
  await first.quiet()
  const kept = await store.get('models:alice') ?? ''
  t.match(JSON.parse(kept), { v: 1, seat: 'alice:rid-1:1', accountType: null })
  t.notMatch(kept, /Anthropic|claude/, 'the stored copy is compressed')

  const next = world({ store, clock })
  const release = next.hold()
  t.strictSame(await next.planned(), ['claude-x', 'b'])
  const { name: _name, billing: _billing, ...planning } = entry
  t.strictSame((await next.models.planned(next.request))?.byId.get('claude-x'), { ...planning,
    policy: { state: 'enabled' } }, 'it contains only the fields that planning reads')
  t.equal(next.calls.length, 1, 'the gateway requests the list in the background')
  next.say({ body: listOf('c') })
  release()
  await next.quiet()
  t.strictSame(await next.planned(), ['c'])

  for (const other of [{ ...next.request, account: createAccount(2) }, { ...next.request,
    account: createAccount(1, 'rid-2') }, { ...next.request, accountType: 'business' }]) {
    const third = world({ store, clock })
    third.say(new Error('out'))
    t.equal(await third.planned(other), null, 'another token, password or host is another seat')
  }
  const broken = world({ store, clock })
  broken.say(new Error('out'))
  await t.resolveMatch(broken.ids(), ['claude-x', 'b'], 'list() too, if Copilot fails')
})

t.test('a changed copy is written at most every six hours, an unchanged one weekly; failures repeat', async t => {
  const clock = createHandClock()
  const memory = createMemoryStore(clock)
  let isOut = false
  const counts = { get: 0, set: 0 }
  const store: Store = { ...memory, get: key => {
    counts.get++
    return memory.get(key)
  }, set: async (...given) => {
    counts.set++
    if (isOut) throw new Error('out')
    return memory.set(...given)
  } }
  const { ids, say, quiet } = world({ store, clock })
  const turn = async (ms: number, ...listed: string[]) => {
    clock.advance(ms)
    say({ body: listOf(...listed) })
    await ids()
    await quiet()
    return counts.set
  }
  t.equal(await turn(0, 'a', 'b'), 1)
  t.equal(await turn(300_000, 'a', 'b'), 1, 'the same list')
  t.equal(await turn(300_000, 'b', 'a'), 1, 'the same list in another order')
  t.equal(await turn(300_000, 'a'), 1, 'changed, but too soon')
  t.equal(await turn(6 * 3_600_000, 'a'), 2)
  t.equal(await turn(6 * 86_400_000, 'a'), 2)
  t.equal(await turn(86_400_000, 'a'), 3, 'so that it does not expire')
  isOut = true
  t.equal(await turn(6 * 3_600_000, 'd'), 4)
  t.equal(await turn(300_000, 'd'), 5)
  isOut = false
  t.equal(await turn(300_000, 'd'), 6)
  t.equal(counts.get, 1, 'one read for each process and seat')

  const next = world({ store, clock })
  next.say({ body: listOf('d') })
  await next.ids()
  await next.quiet()
  t.same(counts, { get: 2, set: 6 }, 'another process learns from its one read that nothing changed')
})

t.test('a stored list that is unreadable or too large counts as missing', async t => {
  const good = createMemoryStore(createHandClock())
  const first = world({ store: good })
  await first.planned()
  await first.quiet()
  const record = JSON.parse(await good.get('models:alice') ?? '') as Record<string, unknown>
  const bomb = Buffer.from(
    await new Response(new Blob([new Uint8Array(30_000_000)]).stream().pipeThrough(new CompressionStream('gzip')))
      .arrayBuffer(),
  ).toString('base64')
  for (const odd of ['', '{', '[]', 'null', JSON.stringify({ ...record, v: 2 }),
    ...[{ savedAt: 'x' }, { models: '!' }, { models: 'AAAA' }, { models: 7 }, { accountType: 7 }, { models: bomb }].map(
      more => JSON.stringify({ ...record, ...more })
    )]) {
    const store = createMemoryStore(createHandClock())
    await store.set('models:alice', odd)
    const next = world({ store })
    next.say(new Error('out'))
    t.equal(await next.planned(), null, odd.slice(0, 40))
  }
  const huge = world({ store: createMemoryStore(createHandClock()) })
  huge.say({ body: listOf(...Array.from({ length: 4_000 }, () => crypto.randomUUID())) })
  t.equal((await huge.planned())?.length, 4_000)
  await huge.quiet()
})

t.test('a forgotten user has no list, and the result of a call in flight is not kept', async t => {
  const store = createMemoryStore(createHandClock())
  const { models, calls, hold, planned, quiet } = world({ store })
  const release = hold()
  const waiting = planned()
  await settle()
  models.forget('alice', null)
  release()
  await waiting
  await quiet()
  t.equal(await store.get('models:alice'), null)
  await planned()
  t.equal(calls.length, 2)
  await quiet()
  t.not(await store.get('models:alice'), null)
})

t.test('a seat that was created here a moment ago costs no read of the store', async t => {
  const memory = createMemoryStore(createHandClock())
  let reads = 0
  const { models, planned, quiet, request } = world({ store: { ...memory, get: key => {
    reads++
    return memory.get(key)
  } } })
  models.begin(request.account)
  await planned()
  await quiet()
  t.equal(reads, 0)
  t.not(await memory.get('models:alice'), null)
})

t.test('entries without a usable id are left out, and a repeated id counts once', async t => {
  const { ids, say, models, request } = world()
  say({
    body: {
      data: [{ id: 'a', name: 'first' }, { id: 'a', name: 'second' }, null, 7, { id: '' }, { id: 5 }, {
        id: 'x'.repeat(257),
      }, { id: 'b', capabilities: 'odd' }],
    },
  })
  t.strictSame(await ids(), ['a', 'b'])
  t.strictSame((await models.list(request)).byId.get('a'), { id: 'a', name: 'first', capabilities: {} })
})

t.test('supports(), limitOf() and endpointsOf() read an entry; a missing field means no', async t => {
  const model = (capabilities: Record<string, unknown>, more: object = {}) => ({ id: 'm', capabilities, ...more })
  t.equal(supports(model({ supports: { streaming: true } }), 'streaming'), true)
  for (const odd of [{}, { supports: null }, { supports: { streaming: 'true' } }, { supports: [] }]) {
    t.equal(supports(model(odd), 'streaming'), false)
  }
  t.equal(limitOf(model({ limits: { max_output_tokens: 7 } }), 'max_output_tokens'), 7)
  t.equal(limitOf(model({ limits: { max_output_tokens: '7' } }), 'max_output_tokens'), null)
  t.equal(limitOf(model({}), 'max_output_tokens'), null)
  t.strictSame(endpointsOf(model({}, { supported_endpoints: ['/responses', 7] })), ['/responses'])
  t.strictSame(endpointsOf(model({ type: 'chat' })), ['/chat/completions'])
  t.strictSame(endpointsOf(model({ type: 'embeddings' })), ['/embeddings'])
  t.strictSame(endpointsOf(model({ type: 'completion' })), [])
})
