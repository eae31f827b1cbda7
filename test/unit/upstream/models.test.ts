// The list of a seat: asked for seldom, kept when upstream fails, and never waited for by `known()`.
import t from 'tap'
import { bodyOf } from '../../../src/body.ts'
import { endpointsOf, limitOf, supports } from '../../../src/model-entry.ts'
import { GatewayError } from '../../../src/errors.ts'
import type { Copilot, CopilotCall } from '../../../src/upstream/copilot.ts'
import { createModels } from '../../../src/upstream/models.ts'
import { createHandClock, settle } from '../helpers/clock.ts'
import { createAccount, toResponse, type Scripted } from '../helpers/upstream.ts'

const listOf = (...ids: string[]) => ({ object: 'list', data: ids.map(id => ({ id, capabilities: { type: 'chat' } })) })
const world = () => {
  const clock = createHandClock()
  const calls: CopilotCall[] = []
  let answer: Scripted | Error = { body: listOf('a', 'b') }
  const copilot: Copilot = async call => {
    calls.push(call)
    if (answer instanceof Error) throw answer
    return toResponse(answer)
  }
  const works: Array<Promise<unknown>> = []
  const request = { account: createAccount(), accountType: null, requestId: 'r', defer: (work: Promise<unknown>) => { works.push(work) } }
  const models = createModels(copilot, clock)
  const ids = async (of = request, maxAgeMs?: number) => (await models.list(of, maxAgeMs)).models.map(({ id }) => id)
  return { clock, calls, models, request, ids, say (next: Scripted | Error) { answer = next }, quiet: async () => { await Promise.all(works.splice(0)); await settle() } }
}

t.test('list() asks once for all, and then not for five minutes', async t => {
  const { clock, calls, request, ids } = world()
  t.strictSame(await Promise.all([ids(), ids(), ids()]), [['a', 'b'], ['a', 'b'], ['a', 'b']])
  clock.advance(299_999)
  await ids()
  t.equal(calls.length, 1)
  t.match(calls[0], { method: 'GET', path: '/models', intent: 'model-access', initiator: null, vision: false, body: null })
  await ids(request, 60_000)
  clock.advance(300_000)
  await ids()
  t.equal(calls.length, 3)
})

t.test('list() keeps every user, every GitHub token and every account type apart', async t => {
  const { calls, models, request, ids } = world()
  await ids()
  await ids({ ...request, account: createAccount(2) })
  await ids({ ...request, account: createAccount(1, 'rid-2') })
  await models.list({ ...request, accountType: 'business' })
  t.equal(calls.length, 4)
})

t.test('list() gives the last good copy when upstream fails, and remembers no failure', async t => {
  const { clock, calls, ids, say } = world()
  const failures: Array<[Scripted | Error, string]> = [
    [{ status: 500, body: '<html>' }, 'upstream_error'], [{ status: 429, body: 'slow' }, 'upstream_rate_limited'], [{ body: 'no JSON' }, 'upstream_error'],
    [{ body: { data: 7 } }, 'upstream_error'], [new GatewayError('github_token_rejected', 'no'), 'github_token_rejected'],
  ]
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

t.test('list() turns a body that breaks off into an error of upstream', async t => {
  const models = createModels(async () => ({ status: 200, headers: {}, body: bodyOf((async function * (): AsyncGenerator<Uint8Array> { yield new Uint8Array([123]); throw new Error('ECONNRESET') })()) }), createHandClock())
  await t.rejects(models.list(world().request), { code: 'upstream_error', status: 502 })
})

t.test('known() answers at once, renews behind the request, and hammers nobody', async t => {
  const { clock, calls, models, request, say, quiet } = world()
  t.equal(models.known(request), null)
  t.equal(models.known(request), null)
  await quiet()
  t.equal(calls.length, 1)
  t.strictSame(models.known(request)?.models.map(({ id }) => id), ['a', 'b'])
  clock.advance(300_000)
  say(new Error('out'))
  t.ok(models.known(request)?.byId.has('a'), 'the old copy')
  await quiet()
  clock.advance(9_999)
  models.known(request)
  t.equal(calls.length, 2)
  clock.advance(1)
  models.known(request)
  await quiet()
  t.equal(calls.length, 3)
})

t.test('entries without a usable id are left out, and an id that is there twice counts once', async t => {
  const { ids, say, models, request } = world()
  say({ body: { data: [{ id: 'a', name: 'first' }, { id: 'a', name: 'second' }, null, 7, { id: '' }, { id: 5 }, { id: 'x'.repeat(257) }, { id: 'b', capabilities: 'odd' }] } })
  t.strictSame(await ids(), ['a', 'b'])
  t.strictSame((await models.list(request)).byId.get('a'), { id: 'a', name: 'first', capabilities: {} })
})

t.test('supports(), limitOf() and endpointsOf() read an entry, and take what is missing for a no', async t => {
  const model = (capabilities: Record<string, unknown>, more: object = {}) => ({ id: 'm', capabilities, ...more })
  t.equal(supports(model({ supports: { streaming: true } }), 'streaming'), true)
  for (const odd of [{}, { supports: null }, { supports: { streaming: 'true' } }, { supports: [] }]) t.equal(supports(model(odd), 'streaming'), false)
  t.equal(limitOf(model({ limits: { max_output_tokens: 7 } }), 'max_output_tokens'), 7)
  t.equal(limitOf(model({ limits: { max_output_tokens: '7' } }), 'max_output_tokens'), null)
  t.equal(limitOf(model({}), 'max_output_tokens'), null)
  t.strictSame(endpointsOf(model({}, { supported_endpoints: ['/responses', 7] })), ['/responses'])
  t.strictSame(endpointsOf(model({ type: 'chat' })), ['/chat/completions'])
  t.strictSame(endpointsOf(model({ type: 'embeddings' })), ['/embeddings'])
  t.strictSame(endpointsOf(model({ type: 'completion' })), [])
})
