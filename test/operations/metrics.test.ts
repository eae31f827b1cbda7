// GET /metrics counts by pattern, class and model, and shows neither users nor content.
import t from 'tap'
import { knownErrors } from '../../src/emulator/emulator.ts'
import { createModelNames } from '../../src/node/metrics.ts'
import { call } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'

const adminToken = 'operator-AdminToken-0123456789'
const headers = { authorization: `Bearer ${adminToken}` }
const planted = 'planted-words-of-a-prompt'

t.test('after a session every count is present, and no name, no key and no content', async t => {
  const target = await startTarget('node-sqlite', { ADMIN_TOKEN: adminToken, USER_CONCURRENCY: '16' })
  const { origin } = target
  const read = async () => (await call(`${origin}/metrics`, { headers })).text
  const user = await target.addUser('metered-person')
  const key = { authorization: `Bearer ${user.password}` }
  const chat = (stream: boolean, more = {}) =>
    call(`${user.base}/chat/completions`, { json: { messages: [{ role: 'user', content: planted }], stream, ...more },
      headers: key })
  t.same([(await chat(true)).status, (await chat(false)).status,
    (await chat(false, { model: 'no-such-model' })).status], [200, 200, 404])
  await call(`${user.base}/embeddings`, { json: { model: 'text-embedding-3-small', input: planted }, headers: key })
  await call(`${user.base}/models`, { headers: { authorization: 'Bearer acpc-wrongwrong' } })
  await call(`${origin}/${planted}/none`)
  await call(`${origin}/`)
  const text = await read()
  for (const line of [
    'copilot_proxy_requests_total{route="/:username/v1/chat/completions",method="POST",status="200"} 2',
    'copilot_proxy_requests_total{route="/:username/v1/chat/completions",method="POST",status="404"} 1',
    'copilot_proxy_requests_total{route="/",method="POST",status="201"} 1',
    'copilot_proxy_requests_total{route="none",method="GET",status="404"} 1',
    'copilot_proxy_streams_in_flight 0',
    'copilot_proxy_request_duration_seconds_count{route="/:username/v1/chat/completions"} 3',
    'copilot_proxy_first_byte_seconds_count{route="/:username/v1/chat/completions"} 3',
    'copilot_proxy_model_calls_total{model="gpt-4o"} 2',
    'copilot_proxy_token_exchanges_total{outcome="ok"} 1',
    'copilot_proxy_auth_failures_total{action="sign-in"} 1',
    'copilot_proxy_store_calls_total{driver="sqlite",operation="create",outcome="ok"} 1',
    'copilot_proxy_upstream_responses_total{host="github",outcome="2xx"} 1',
  ]) t.ok(text.includes(`${line}\n`), line)
  for (const name of ['copilot_proxy_tokens_total{model="gpt-4o",kind="input"}',
    'copilot_proxy_tokens_total{model="gpt-4o",kind="output"}',
    'copilot_proxy_upstream_responses_total{host="copilot",outcome="2xx"}',
    'copilot_proxy_stream_events_total{path="fast"}', 'copilot_proxy_stream_events_total{path="slow"}',
    'copilot_proxy_store_call_duration_seconds_bucket{le="0.001",driver="sqlite",operation="get"}',
    'nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes', 'process_open_fds']) {
    t.ok(text.includes(`\n${name}`), name)
  }
  for (const secret of [planted, user.username, user.password, user.seat.githubToken, 'no-such-model', '127.0.0.1',
    adminToken]) t.notOk(text.includes(secret), secret.slice(0, 12))
  t.same(await target.close(), [])
})

t.test('overhead, first token, tokens per second, and refusals that a rule answered', async t => {
  const target = await startTarget('node-memory', { ADMIN_TOKEN: adminToken })
  const user = await target.addUser()
  const chat = (more: object) =>
    call(`${user.base}/chat/completions`, { headers: { authorization: `Bearer ${user.password}` },
      json: { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], ...more } })
  target.emulator.chunkDelayMs = 5
  t.equal((await chat({ stream: true })).status, 200)
  target.emulator.chunkDelayMs = 0
  target.emulator.fault({ path: '/chat/completions' },
    knownErrors.coded(400, 'unsupported_parameter',
      "Unsupported parameter: 'temperature' is not supported with this model."))
  t.equal((await chat({ temperature: 0.5 })).status, 200)
  target.emulator.fault({ path: '/chat/completions' }, knownErrors.coded(400, 'other', 'No.'), 1)
  t.equal((await chat({})).status, 400)
  const { text } = await call(`${target.origin}/metrics`, { headers })
  for (const line of ['copilot_proxy_overhead_seconds_count 2',
    'copilot_proxy_time_to_first_token_seconds_count{model="gpt-4o"} 1',
    'copilot_proxy_tokens_per_second_count{model="gpt-4o"} 1']) t.ok(text.includes(`${line}\n`), line)
  t.match(text, /\ncopilot_proxy_refusals_answered_total\{rule="[\w.-]+"\} 1\n/)
  const overhead = Number(/overhead_seconds_sum ([\d.e-]+)/.exec(text)?.[1])
  t.ok(overhead > 0 && overhead < 5, 'a time, without that of upstream')
  t.same(await target.close(), [])
})

t.test('a stream in flight counts as one until its client leaves', async t => {
  const target = await startTarget('node-memory', { ADMIN_TOKEN: adminToken })
  const user = await target.addUser()
  const inFlight = async () =>
    /streams_in_flight (\d+)/.exec((await call(`${target.origin}/metrics`, { headers })).text)?.[1]
  target.emulator.chunkDelayMs = 50
  const leaving = new AbortController()
  const response = await fetch(`${user.base}/chat/completions`, { method: 'POST', signal: leaving.signal,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${user.password}` },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], stream: true }) })
  await response.body?.getReader().read()
  t.equal(await inFlight(), '1')
  leaving.abort()
  for (let n = 0; n < 100 && await inFlight() !== '0'; n++) await new Promise(resolve => setTimeout(resolve, 20))
  t.equal(await inFlight(), '0')
  t.same(await target.close(), [])
})

t.test('the bearer is checked before any body is read', async t => {
  const target = await startTarget('node-memory', { ADMIN_TOKEN: adminToken })
  t.match(await call(`${target.origin}/metrics`), { status: 401, json: { error: { code: 'invalid_api_key' } } })
  const good = await call(`${target.origin}/metrics`, { headers })
  t.match([good.status, good.headers.get('content-type'), good.headers.get('cache-control'),
    good.headers.get('access-control-allow-origin')], [200, /^text\/plain; version=0\.0\.4/, 'no-store', null])
  t.same(await target.close(), [])
})

t.test('on Workers there is no /metrics, even with an ADMIN_TOKEN', async t => {
  const target = await startTarget('workerd', { ADMIN_TOKEN: adminToken })
  t.equal((await call(`${target.origin}/metrics`, { headers })).status, 404)
  t.same(await target.close(), [])
})

t.test('createModelNames() keeps a hundred names, and no malformed ones', async t => {
  const names = createModelNames()
  for (const odd of ['', 'a b', 'x'.repeat(65), 'a\nb', 'a"b']) t.equal(names(odd), 'other')
  for (let n = 0; n < 100; n++) t.equal(names(`model-${n}`), `model-${n}`)
  t.equal(names('model-100'), 'other')
  t.equal(names('model-7'), 'model-7')
})
