// docs/spec/copilot.md#emulator: the headers that Copilot's hosts check, and those that must never reach them.
import t from 'tap'
import { call, connect, png, rawRequest, says } from './client.ts'

const chat = '/chat/completions'
const hello = { model: 'gpt-4o', messages: says('hello') }
const seeing = { model: 'gpt-4o',
  messages: says([{ type: 'text', text: 'what is this?' }, { type: 'image_url', image_url: { url: png } }]) }

t.test('a bearer token is required, and a personal access token does not count', async t => {
  const { post } = await connect(t)
  t.match(await post(chat, hello, { authorization: 'token x' }), { status: 401, text: /^unauthorized: / })
  t.match(await post(chat, hello, { authorization: 'Bearer tid=1;exp=1:00' }), { status: 401, text: /^unauthorized: / })
  t.match(await post(chat, hello, { authorization: 'Bearer ghp_classic' }), { status: 400,
    text: /Personal Access Tokens/ })
})

t.test('a GitHub token is accepted without the checks for editors', async t => {
  const { emulator, seat } = await connect(t)
  const got = await call(emulator.copilotUrl + chat, { method: 'POST',
    headers: { authorization: `Bearer ${seat.githubToken}` }, body: JSON.stringify(hello) })
  t.equal(got.status, 200)
})

t.test('an exchanged token needs an Editor-Version of the right form', async t => {
  const { api, headers, post } = await connect(t)
  const { 'editor-version': _left, ...rest } = headers
  const without = await call(api + chat, { method: 'POST', headers: rest, body: JSON.stringify(hello) })
  t.match(without, { status: 400, text: 'bad request: missing Editor-Version header for IDE auth\n' })
  t.match(await post(chat, hello, { 'editor-version': 'vscode' }), { status: 400,
    text: 'bad request: unknown Editor-Version header for IDE auth\n' })
})

t.test('a client below the minimum is too old', async t => {
  const { emulator, post } = await connect(t, { strict: { minimumPluginVersion: '0.42.1' } })
  t.match(await post(chat, hello), { status: 466, text: /\n$/ })
  emulator.strict.minimumPluginVersion = '0.9'
  t.equal((await post(chat, hello)).status, 200)
})

t.test('a blocked seat gets 403', async t => {
  const { post, seat } = await connect(t)
  seat.state = 'blocked'
  t.equal((await post(chat, hello)).status, 403)
})

t.test('an image anywhere needs Copilot-Vision-Request, and a known type', async t => {
  const { post } = await connect(t)
  const refused = { status: 400,
    json: { error: { message: 'missing required Copilot-Vision-Request header for vision requests' } } }
  t.match(await post(chat, seeing), refused)
  const result = { type: 'tool_result', tool_use_id: 'x',
    content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }] }
  t.match(await post('/v1/messages', { model: 'claude-sonnet-4', max_tokens: 9, messages: says([result]) }), refused)
  t.match(await post('/responses', { model: 'gpt-5.1', input: says([{ type: 'input_image', image_url: png }]) }),
    refused)
  const seen = await post(chat, seeing, { 'copilot-vision-request': 'true' })
  t.match(seen.json.choices[0].message.content, /I see 1 image:\n\n- image\/png, 20 bytes/)
  const svg = { ...seeing, messages: says([{ type: 'image_url', image_url: { url: 'data:image/svg+xml,<svg/>' } }]) }
  t.match(await post(chat, svg, { 'copilot-vision-request': 'true' }), { status: 400,
    json: { error: { message: 'image media type not supported' } } })
})

t.test('a clean request reports no problem', async t => {
  const { emulator, post } = await connect(t)
  await post(chat, hello, { 'x-initiator': 'agent' })
  t.same(emulator.problems, [])
})

t.test('a leak is reported with the header that contained it', async t => {
  const reported: string[] = []
  const { emulator, post, api, headers } = await connect(t, { onProblem: message => reported.push(message) })
  const leaks = { 'x-api-key': 'k', cookie: 'a=b', 'x-initiator': 'robot', 'x-stainless-lang': 'js',
    'openai-organization': 'o', origin: 'https://a.example', referer: 'https://a.example',
    'anthropic-workspace-id': 'w', 'x-custom': 'acpc-aB3dE6gH9j', 'accept-encoding': 'zstd',
    'x-forwarded-for': '1.2.3.4' }
  for (const [name, value] of Object.entries(leaks)) {
    const before = emulator.problems.length
    // fetch would not send some of these.
    await rawRequest(`${api}/models`, { ...headers, 'user-agent': 'x', [name]: value })
    t.match(emulator.problems.slice(before), [new RegExp(name)], name)
  }
  t.same(reported, emulator.problems)
  const before = emulator.problems.length
  await post(`${chat}?key=acpc-aB3dE6gH9j`, hello)
  t.match(emulator.problems.slice(before), [/password in the URL/])
})

t.test('a header sent twice, a foreign host and an upgrade are reported', async t => {
  const { emulator, api, headers } = await connect(t)
  await rawRequest(`${api}/models`, { ...headers, 'x-request-id': ['1', '2'], host: 'gateway.example',
    connection: 'Upgrade', upgrade: 'websocket' })
  t.match(emulator.problems.join('\n'), /x-request-id sent twice/)
  t.match(emulator.problems.join('\n'), /host of another server: gateway\.example/)
  t.match(emulator.problems.join('\n'), /connection: Upgrade/)
})

t.test('every request is recorded with its headers and body', async t => {
  const { emulator, post } = await connect(t)
  await post(`${chat}?beta=true`, hello)
  const record = emulator.requests.at(-1)
  t.match(record, { host: 'plan', label: 'individual', method: 'POST', path: chat, json: hello,
    body: JSON.stringify(hello), aborted: false, status: 200 })
  t.equal(record?.query.get('beta'), 'true')
  t.equal(record?.headers['editor-version'], 'vscode/1.111.0')
  t.ok(record?.rawHeaders.length)
})
