// The witness: it reports nothing if Copilot matches the spec, and otherwise every seeded difference.
import type { Frame } from '../fixtures/cases.ts'
import { call, type Json } from '../fixtures/http.ts'
import type { Target, User } from '../fixtures/targets.ts'
import { findSecrets, secretsOf } from '../fixtures/secrets.ts'
import { questions } from '../../src/witness/questions.ts'

const facts = questions.flatMap(question => question.facts.map(({ id }) => id))
const stamp = { created: 1_774_700_000, id: 'chatcmpl-1', model: 'gpt-4.1-2025-04-14' }
const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
const responseUsage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
const response = { id: 'r', object: 'response', created_at: 1_774_700_000, model: 'gpt-5-mini', status: 'completed',
  output: [], usage: responseUsage }

export function witnessSuite ({ target, test, testWith }: Frame): void {
  test('the witness finds nothing where Copilot matches the spec', async t => {
    const user = await target.addUser()
    const { status, json, text } = await ask(user)
    t.equal(status, 200, text)
    t.same(json.differs, [])
    t.same(json.new, { models: [], fields: [], headers: [] })
    t.same(json.skipped, [])
    t.same(json.holds, facts, 'every fact was checked, and holds')
    const asked = target.seen().filter(({ host }) => host !== 'github')
    t.ok(asked.filter(({ method }) => method === 'POST').length <= questions.length, 'one request for each question')
    t.same(user.seat.charges, [], 'nothing was charged')
    t.same(findSecrets(secretsOf(target.emulator.requests, [user.password]), { report: text }), [],
      'the report contains no secret')
    t.notMatch(text, /ready|witness_tool|octocat|[0-9a-f]{32}/, 'nor a prompt, an answer, a name or an id')
  })

  testWith({}, 'the witness reports every seeded difference', async (t, own) => {
    const user = await own.addUser()
    seed(own)
    const { json } = await ask(user)
    const seen = Object.fromEntries(json.differs.map(({ fact, seen }: Json) => [fact, seen]))
    t.match(seen, {
      'models-endpoints': '/v9/dream',
      'chat-fields': /usage is missing/,
      'chat-stream-finish': /no chunk/,
      'chat-tool-call': /no complete tool call/,
      'responses-fields': 'created_at: string, not number',
      'responses-stream-events': 'response.dream.delta',
      'unknown-model': /status 404, code model_gone/,
      'wrong-endpoint': /status 400, code unsupported_api_for_model, "wrong door"/,
      'seat-fields': /copilot_plan is missing/,
    })
    t.equal(json.differs.length, 9, JSON.stringify(seen))
    t.same(json.new.models, ['gpt-9-nova'])
    t.same(json.new.fields, ['chat: mood (string)', 'models: data[].quantum (boolean)'])
    t.same(json.new.headers, ['x-copilot-mood', 'x-quota-snapshot-premium_interactions: luck'])
    t.notMatch(JSON.stringify(json), /calm|secret-value/, 'names only, no values')
  })

  test('the witness lists its questions, and asks only those that a request names', async t => {
    const user = await target.addUser()
    const { base, password } = user
    const headers = { authorization: `Bearer ${password}` }
    t.match((await call(`${base}/witness`, { headers })).json, { object: 'list',
      data: questions.map(({ id, asks, cost }) => ({ id, asks, cost })) })
    const part = await ask(user, { only: ['unknown-model', 'models'] })
    t.match(part.json, { asked: ['models', 'unknown-model'], differs: [] })
    t.match((await ask(user, { only: ['nonsense'] })).json, { error: { code: 'invalid_request', param: 'only' } })
    t.equal((await call(`${base}/witness`, { json: {} })).status, 401)
  })

  test('the witness reports that everything is refused, and does not fail', async t => {
    const user = await target.addUser()
    for (const path of ['/chat/completions', '/responses', '/embeddings', '/v1/messages']) {
      target.emulator.fault({ path }, { kind: 'html' }, 20)
    }
    const { status, json } = await ask(user)
    t.equal(status, 200)
    t.match(json.differs.find(({ fact }: Json) => fact === 'chat-status'), { seen: 'status 502' })
    target.emulator.clearFaults()
  })
}

function ask ({ base, password }: User, body: object = {}) {
  return call(`${base}/witness`, { json: body, headers: { authorization: `Bearer ${password}` } })
}

/** Copilot as it may be tomorrow: eleven differences at once. */
function seed ({ emulator }: Target): void {
  const [first, ...others] = emulator.models
  if (first === undefined) throw new Error('the emulator lists no model')
  const changed = { ...first, quantum: true, supported_endpoints: ['/chat/completions', '/v9/dream'] }
  emulator.models.splice(0, emulator.models.length, changed, ...others, { ...first, id: 'gpt-9-nova',
    model_picker_enabled: true })
  const message = { role: 'assistant', content: 'x' }
  emulator.answers.push({ path: '/chat/completions',
    body: { ...stamp, mood: 'calm', choices: [{ index: 0, finish_reason: 'stop', message }] } }, {
    path: '/chat/completions',
    chunks: [{ ...stamp, choices: [{ index: 0, delta: message }], usage }, 'data: [DONE]\n\n'],
  }, { path: '/chat/completions', text: 'No call today.' }, { path: '/responses',
    body: { ...response, created_at: 'today' } }, { path: '/responses',
    chunks: [{ type: 'response.created', response }, { type: 'response.dream.delta', delta: 'x' }, {
      type: 'response.completed',
      response,
    }] })
  const refused = (status: number, code: string, words: string) => ({ kind: 'status' as const, status,
    body: JSON.stringify({ error: { code, message: words } }) })
  emulator.fault({ path: '/embeddings' }, { kind: 'headers',
    headers: { 'x-copilot-mood': 'calm', 'x-quota-snapshot-premium_interactions': 'ent=1&rem=2&luck=secret-value' } })
  emulator.fault({ model: 'witness-unknown-model' }, refused(404, 'model_gone', 'It left.'))
  emulator.fault({ path: '/v1/messages' }, refused(400, 'unsupported_api_for_model', 'wrong door'))
  emulator.fault({ path: '/copilot_internal/user' }, { kind: 'omit', keys: ['copilot_plan'] })
}
