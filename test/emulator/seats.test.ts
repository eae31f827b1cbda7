// Seats that differ: Auto only, fine-grained and server tokens, credits; and the prompt cache of a conversation.
import t from 'tap'
import { call, connect, says } from './client.ts'
import type { Client, Json } from './client.ts'

const chat = '/chat/completions'
const unsupported = {
  error: { code: 'model_not_supported', message: 'The requested model is not supported.', param: 'model',
    type: 'invalid_request_error' },
}
const version = { 'x-github-api-version': '2026-08-01' }
const cli = { 'copilot-integration-id': 'copilot-developer-cli' }

t.test('an Auto seat has no model picker and accepts no model id', async t => {
  const { get, post } = await connect(t, {}, { kind: 'student' })
  const { json } = await get('/models')
  t.ok(
    json.data.length > 20
      && json.data.every((model: Json) => model.model_picker_enabled === false && model.id !== 'auto'),
  )
  for (const model of ['gpt-4.1', 'auto', 'goldeneye-free-auto']) {
    t.strictSame((await post(chat, { model, messages: says('x') })).json, unsupported, model)
  }
  t.strictSame((await post('/responses', { model: 'auto', input: 'x' })).json, unsupported)
  t.match(await post(chat, { messages: says('x') }), { status: 200, json: { model: 'gpt-4o-mini-2024-07-18' } },
    'without a model: Copilot chooses')
  t.match(await post('/responses', { input: 'x' }), { status: 400, json: unsupported })
  t.match(await post('/v1/messages', { max_tokens: 9, messages: says('x') }), { status: 400, json: unsupported })
  t.equal((await post('/models/session', {})).status, 404)
})

t.test('POST /auto opens a session that accepts its own model, until the session ends', async t => {
  let now = Date.now()
  const { emulator, post, seat, exchange, headers, api } = await connect(t, { now: () => now }, { kind: 'student' })
  t.equal((await post('/auto', { prompt: 'hello' })).status, 404, 'an older version has no /auto')
  const { json } = await post('/auto', { prompt: 'hello', tier: 'balance' }, version)
  t.match(json, { session_token: String, expires_at: Math.floor(now / 1000) + 86_400,
    selected_model: { id: 'claude-haiku-4.5', supported_endpoints: [chat, '/v1/messages'] },
    discounted_costs: { 'claude-haiku-4.5': 0.1 } })
  const session = { 'copilot-session-token': json.session_token }
  const ask = { model: json.selected_model.id, messages: says('hello') }
  t.equal((await post(chat, ask, session)).status, 200)
  t.same(seat.charges, [{ model: 'claude-haiku-4.5', cost: 0.297 }], 'a tenth cheaper')
  t.match(await post(chat, { ...ask, model: 'gpt-4.1' }, session), { status: 400, json: unsupported }, 'another model')
  now += 86_400_000
  const fresh = { ...headers, authorization: `Bearer ${(await exchange()).json.token}` }
  const late = await call(api + chat, { method: 'POST', headers: { ...fresh, ...session }, body: JSON.stringify(ask) })
  t.match(late, { status: 401, text: 'Invalid auto-mode selector\n' })
  emulator.strict.autoVersion = false
  t.match(await call(`${api}/auto`, { method: 'POST', headers: fresh, body: '{"prompt":"x","tier":"speedy"}' }), {
    status: 400,
    json: { error: 'invalid_tier' },
  })
  t.match(
    await call(`${api}/auto`, { method: 'POST', headers: { authorization: 'Bearer x', ...version },
      body: '{"prompt":"x"}' }),
    { status: 401, text: 'unauthorized: invalid token\n' },
  )
})

t.test('a fine-grained token is sent directly to Copilot, as its command line does', async t => {
  const { emulator } = await connect(t)
  const githubToken = `github_pat_${'a'.repeat(30)}`
  const seat = emulator.addSeat({ githubToken })
  const authorization = `Bearer ${githubToken}`
  const ask = (headers: Record<string, string>) =>
    call(emulator.copilotUrl + chat, { method: 'POST', headers: { authorization, ...headers },
      body: JSON.stringify({ model: 'gpt-4.1', messages: says('x') }) })
  t.match(await call(`${emulator.githubApiUrl}/copilot_internal/v2/token`, { headers: { authorization } }), {
    status: 403,
    json: { message: 'Resource not accessible by personal access token' },
  })
  t.match(await ask({}), { status: 400,
    text:
      'checking third-party user token: bad request: Personal Access Tokens are not supported for this endpoint\n' })
  t.equal((await ask(cli)).status, 200)
  seat.copilotRequests = false
  t.match(await ask(cli), { status: 401,
    text: 'unauthorized: Personal Access Token does not have Copilot Requests permission\n' })
  const found = await call(`${emulator.githubApiUrl}/graphql`, { method: 'POST', headers: { authorization },
    body: '{"query":"{viewer{login copilotEndpoints{api}}}"}' })
  t.match(found.json, { data: { viewer: { login: seat.login, copilotEndpoints: { api: /\/plan\/individual$/ } } } })
  t.equal((await call(`${emulator.githubApiUrl}/copilot_internal/user`, { headers: { authorization } })).status, 403)
})

t.test('a server token is refused, except for the command line', async t => {
  const { emulator } = await connect(t)
  const githubToken = `ghs_${'a'.repeat(36)}`
  emulator.addSeat({ githubToken })
  const ask = (headers: Record<string, string>) =>
    call(emulator.copilotUrl + chat, { method: 'POST', headers: { authorization: `token ${githubToken}`, ...headers },
      body: JSON.stringify({ model: 'gpt-4.1', messages: says('x') }) })
  t.match(await ask({}), { status: 400,
    text: 'checking server-to-server token: bad request: GitHub App Server-To-Server Tokens are not supported for this '
      + 'endpoint\n' })
  t.equal((await ask(cli)).status, 200)
  emulator.strict.serverToServer = true
  t.equal((await ask(cli)).status, 400)
})

t.test('a seat that pays by token spends credits, and is refused without them', async t => {
  const { emulator, post, seat } = await connect(t, {}, { kind: 'credits',
    quota: { entitlement: 100, remaining: 100, overage: 0, overagePermitted: false } })
  const user = () =>
    call(`${emulator.githubApiUrl}/copilot_internal/user`, { headers: { authorization: `token ${seat.githubToken}` } })
  t.match((await user()).json, { token_based_billing: true, quota_snapshots: {
    premium_interactions: { has_quota: true, credits_used: 0, token_based_billing: true, quota_reset_at: Number },
  } })
  emulator.answers.push({ text: 'x', usage: { inputTokens: 100_000, outputTokens: 20_000 } })
  const answer = await post(chat, { model: 'claude-sonnet-4', messages: says('x') })
  t.equal(seat.nanoAiu, answer.json.copilot_usage.total_nano_aiu)
  t.match(answer.headers.get('x-quota-snapshot-premium_interactions'),
    /^ent=100&ov=0\.0&ovPerm=false&rem=60\.0&rst=[^&]+&totRem=60\.0$/)
  seat.nanoAiu = 100e9
  t.match(await post(chat, { model: 'claude-sonnet-4', messages: says('x') }), { status: 402,
    json: { error: { code: 'quota_exceeded', message: 'You have no quota' } } })
  t.equal((await post(chat, { model: 'gpt-4.1', messages: says('x') })).status, 200, 'a free model still answers')
  seat.quota.entitlement = 0
  t.match(
    (await post(chat, { model: 'claude-sonnet-4', messages: says('x') })).headers.get(
      'x-quota-snapshot-premium_interactions',
    ),
    /^ent=-1&.*&totRem=-1$/,
  )
  t.match((await user()).json.quota_snapshots.premium_interactions, { unlimited: true, entitlement: 0,
    credits_used: 100 })
})

t.test('the prompt cache keeps the beginning of a conversation, by X-Interaction-Id', async t => {
  const client = await connect(t)
  const long = 'word '.repeat(2000)
  const history = [...says(long), { role: 'assistant', content: 'I see.' }, ...says('go on')]
  const asks: [string, (turns: unknown[]) => object, (json: Json) => number][] = [[chat,
    turns => ({ model: 'gpt-4.1', messages: turns }), json => json.usage.prompt_tokens_details.cached_tokens], [
    '/responses',
    turns => ({ model: 'gpt-5.1',
      input: (turns as Json[]).map(({ role, content }) => ({ role,
        content: [{ type: role === 'user' ? 'input_text' : 'output_text', text: content }] })
      ) }),
    json => json.usage.input_tokens_details.cached_tokens,
  ], ['/v1/messages', turns => ({ model: 'claude-sonnet-4', max_tokens: 99, messages: turns }),
    json => json.usage.cache_read_input_tokens]]
  for (const [path, make, cached] of asks) {
    const ask = async (id: string | null, turns: unknown[]) =>
      cached((await client.post(path, make(turns), id === null ? {} : { 'x-interaction-id': id })).json)
    t.equal(await ask('one', history.slice(0, 1)), 0, `${path}: the first call`)
    t.ok(await ask('one', history) > 2000, 'the next of the same conversation')
    t.equal(await ask('two', history), 0, 'another conversation')
    t.equal(await ask(null, history), 0, 'no id')
    t.equal(await ask('short', says('hi')) + await ask('short', says('hi there')), 0, 'too short')
  }
  t.match(client.emulator.requests.at(-1)?.identity, { interactionId: true, interactionType: false, agentTaskId: false,
    initiator: false })
  client.emulator.strict.identity = true
  await client.post(chat, { model: 'gpt-4.1', messages: says('x') }, { 'x-initiator': 'user',
    'x-interaction-id': 'one' })
  t.same(client.emulator.problems, ['POST /chat/completions: header x-interaction-type is missing',
    'POST /chat/completions: header x-agent-task-id is missing'])
})

t.test('Claude answers from several backends, the same ones for the same seed', async t => {
  const ids = async (client: Client, model: string) => {
    const made: string[] = []
    for (let round = 0; round < 12; round++) {
      made.push(
        String(
          /^msg_(?:bdrk_|vrtx_|01)/.exec(
            (await client.post('/v1/messages', { model, max_tokens: 9, messages: says('x') })).json.id,
          )?.[0],
        ),
      )
    }
    return made
  }
  const first = await ids(await connect(t, { seed: 5 }), 'claude-sonnet-4')
  t.same([...new Set(first)].sort(), ['msg_01', 'msg_bdrk_', 'msg_vrtx_'])
  t.same(await ids(await connect(t, { seed: 5 }), 'claude-sonnet-4'), first)
  t.notOk((await ids(await connect(t), 'claude-opus-5')).includes('msg_vrtx_'))
})
