// docs/spec/copilot.md#emulator: the list of models, consent and endpoints; and the price of a call.
import t from 'tap'
import { connect, says } from './client.ts'
import type { Json } from './client.ts'

const chat = '/chat/completions'
const ask = (model: string) => ({ model, messages: says('hello') })
const unsupported = { status: 400, json: { error: { code: 'model_not_supported', param: 'model' } } }

t.test('the list has the real entries and every known oddity', async t => {
  const { get } = await connect(t)
  const { json } = await get('/models')
  const entries = json.data as Json[]
  const ids = entries.map(entry => String(entry.id))
  t.equal(json.object, 'list')
  for (const id of ['gpt-4.1', 'gpt-5.3-codex', 'claude-opus-4.6', 'gemini-3.1-pro-preview', 'text-embedding-3-small',
    'o1', 'o3-mini']) t.ok(ids.includes(id), id)
  t.equal(ids.filter(id => id === 'gpt-4').length, 2, 'one id twice')
  t.ok(entries.some(entry => entry.model_picker_enabled === false), 'one hidden')
  t.ok(entries.some(entry => entry.policy?.state === 'unconfigured'), 'one without consent')
  t.ok(entries.some(entry => entry.billing === undefined), 'one without billing')
  t.ok(entries.some(entry => entry.billing?.token_prices !== undefined && entry.billing.multiplier === undefined),
    'one with token prices only')
  t.ok(entries.some(entry => entry.capabilities.type === 'chat' && entry.supported_endpoints === undefined),
    'one without endpoints')
  t.notOk(entries.find(entry => entry.id === 'o1').capabilities.supports.streaming)
  t.same(Object.keys(entries[0]), Object.keys(entries[0]).toSorted(), 'keys in alphabetical order')
})

t.test('one model can be requested by id, and an unknown one is not found', async t => {
  const { get } = await connect(t)
  t.match(await get('/models/gpt-4o'), { status: 200, json: { id: 'gpt-4o' } })
  t.equal((await get('/models/nothing')).status, 404)
  t.equal((await get('/nothing')).status, 404)
  t.match(await get('/_ping'), { status: 200, text: 'OK\n' })
})

t.test('a model is called by its exact id, on an endpoint that serves it', async t => {
  const { post } = await connect(t)
  for (const id of ['gpt-9', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', 'text-embedding-3-small',
    'gpt-41-copilot']) t.match(await post(chat, ask(id)), unsupported, id)
  const elsewhere = await post(chat, ask('gpt-5.3-codex'))
  t.match(elsewhere, { status: 400, json: {
    error: { code: 'unsupported_api_for_model',
      message: 'model "gpt-5.3-codex" is not accessible via the /chat/completions endpoint' },
  } })
  t.match(elsewhere.headers.get('content-type'), /^text\/plain/, 'JSON with the type of plain text')
  t.ok(elsewhere.text.endsWith('\n'))
  t.equal((await post('/responses', { model: 'gpt-4.1', input: 'hello' })).status, 400,
    'no list of endpoints: chat only')
  t.equal((await post(chat, ask('gpt-4.1'))).status, 200)
})

t.test('each seat must agree to the terms first, except in an organisation', async t => {
  const { emulator, post, seat } = await connect(t)
  t.match(await post(chat, ask('grok-code-fast-1')), unsupported)
  t.match(await post('/models/grok-code-fast-1/policy', { state: 'enabled' }), { status: 200,
    json: { state: 'enabled' } })
  t.equal((await post(chat, ask('grok-code-fast-1'))).status, 200)
  seat.policies.clear()
  seat.plan = 'business'
  emulator.strict.misdirected = false
  t.equal((await post('/models/grok-code-fast-1/policy', { state: 'enabled' })).status, 403)
})

t.test('a model that does not list streaming cannot stream', async t => {
  const { post } = await connect(t)
  for (const id of ['o1', 'o3-mini']) {
    t.match(await post(chat, { ...ask(id), stream: true }), { status: 400,
      json: { error: { code: 'invalid_request_body' } } })
    t.equal((await post(chat, ask(id))).status, 200)
  }
})

t.test('a request of a user is charged, one of an agent is not, and the headers show it', async t => {
  const { post, seat } = await connect(t)
  seat.quota.remaining = 30
  const left = async (initiator: string | null, model: string) => {
    const { headers } = await post(chat, ask(model), initiator === null ? {} : { 'x-initiator': initiator })
    return new URLSearchParams(headers.get('x-quota-snapshot-premium_interactions') ?? '').get('rem')
  }
  t.equal(await left('user', 'claude-opus-4.6'), '9.0')
  t.equal(await left('agent', 'claude-opus-4.6'), '9.0')
  t.equal(await left(null, 'claude-haiku-4.5'), '8.9')
  t.equal(await left('user', 'gpt-4.1'), '8.9')
  t.same(seat.charges, [{ model: 'claude-opus-4.6', cost: 3 }, { model: 'claude-haiku-4.5', cost: 0.33 }])
})

t.test('an empty quota blocks premium models, not free ones; errors have no quota headers', async t => {
  const { post, seat } = await connect(t)
  seat.quota.remaining = 0
  const broke = await post(chat, ask('claude-sonnet-4'))
  t.match(broke, { status: 402, json: { error: { code: 'quota_exceeded' } } })
  t.ok(broke.headers.get('retry-after'))
  t.equal(broke.headers.get('x-quota-snapshot-chat'), null)
  t.ok(broke.headers.get('x-github-request-id'))
  t.equal((await post(chat, ask('gpt-4.1'))).status, 200)
  seat.quota.overagePermitted = true
  t.equal((await post(chat, ask('claude-sonnet-4'))).status, 200)
  t.equal(seat.quota.overage, 1)
})

t.test('on Copilot Free every model counts', async t => {
  const { post, seat } = await connect(t, {}, { kind: 'free' })
  const { headers } = await post(chat, ask('gpt-4.1'))
  t.equal(seat.quota.remaining, 479)
  t.match(headers.get('x-quota-snapshot-chat'), /^ent=500&/)
  seat.quota.remaining = 0
  t.match(await post(chat, ask('gpt-4.1')), { status: 402, json: { error: { code: 'free_quota_exceeded' } } })
})
