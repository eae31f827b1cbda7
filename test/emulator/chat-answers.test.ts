// docs/spec/copilot.md#emulator: chat completions and their headers.
import t from 'tap'
import { chatTools, connect, says } from './client.ts'
import type { Json } from './client.ts'

const chat = '/chat/completions'
const both = { messages: says('call get_weather and read_file'), tools: chatTools }
const deltas = (events: { data: Json }[]): Json[] =>
  events.flatMap(event => event.data.choices ?? []).map((choice: Json) => choice.delta)

t.test('OpenAI, whole: no object, sorted keys, padding, a dated model', async t => {
  const { post } = await connect(t)
  const { json, text } = await post(chat, { model: 'gpt-4o', messages: says('hi') })
  t.notOk('object' in json)
  t.same(Object.keys(json), Object.keys(json).toSorted())
  t.match(json, { model: 'gpt-4o-2024-11-20', created: Number, choices: [{ message: { padding: /^a/ } }],
    copilot_usage: { total_nano_aiu: 0 } })
  t.notMatch(text, /"content_filter_results":\{\}/)
  const mini = await post(chat, { model: 'gpt-4o-mini', messages: says('hi') })
  t.notOk('created' in mini.json, 'one model has no created')
  const call = await post(chat, { model: 'gpt-4o', ...both })
  t.notOk('content' in call.json.choices[0].message, 'an answer with calls has no content')
  t.equal(call.json.choices[0].message.tool_calls.length, 2)
})

t.test('OpenAI, streamed: an empty first chunk, the finish reason only in the last, with the usage', async t => {
  const { post } = await connect(t)
  const { events, headers } = await post(chat, { model: 'gpt-5.1', messages: says('hi'), stream: true })
  t.match(headers.get('content-type'), /^text\/event-stream/)
  t.match(events[0]?.data, { choices: [], created: 0, id: '', prompt_filter_results: [{}] })
  const chunks = events.slice(1, -1).map(event => event.data)
  t.ok(chunks.every(chunk => !('object' in chunk)))
  t.ok(chunks.slice(0, -1).every(chunk => !('finish_reason' in chunk.choices[0]) && !('usage' in chunk)))
  t.match(chunks.at(-1), { choices: [{ finish_reason: 'stop', delta: { content: null } }],
    usage: { total_tokens: Number }, copilot_usage: { token_details: Array } })
  t.equal(events.at(-1)?.data, '[DONE]')
  const whole = await post(chat, { model: 'gpt-5.1', messages: says('hi') })
  const streamed = deltas(events).map(delta => delta.content ?? '').join('')
  t.equal(streamed.replace('**streamed**', 'comes **whole**').replace('is comes', 'comes'),
    whole.json.choices[0].message.content)
})

t.test('with include_usage, usage has a chunk of its own', async t => {
  const { post } = await connect(t)
  for (const model of ['gpt-4o', 'claude-sonnet-4']) {
    const { events } = await post(chat, { model, messages: says('hi'), stream: true,
      stream_options: { include_usage: true } })
    t.match(events.at(-2)?.data, { choices: [], usage: { total_tokens: Number } })
    t.equal(events.at(-3)?.data.usage, null)
    t.equal(events.at(-3)?.data.choices[0].finish_reason, 'stop')
  }
})

t.test('a stream may end without [DONE]', async t => {
  const { emulator, post } = await connect(t)
  emulator.answers.push({ text: 'x', done: false })
  const { events } = await post(chat, { model: 'gpt-4o', messages: says('hi'), stream: true })
  t.equal(events.at(-1)?.data.choices[0].finish_reason, 'stop')
})

t.test('OpenAI streams parallel calls with an index each', async t => {
  const { post } = await connect(t)
  const { events } = await post(chat, { model: 'gpt-4o', ...both, stream: true })
  const calls = deltas(events).flatMap(delta => delta.tool_calls ?? [])
  t.match(calls[0], { function: { arguments: '', name: 'get_weather' }, id: /^call_/, index: 0, type: 'function' })
  t.same([...new Set(calls.map(call => call.index))], [0, 1])
  t.notOk('id' in calls[1])
})

t.test('Claude, streamed: no filter chunk, unusual severities, a role in each chunk, calls at index 0', async t => {
  const { emulator, post } = await connect(t)
  const { events } = await post(chat, { model: 'claude-sonnet-4.5', ...both, stream: true })
  const first = events[0]?.data ?? {}
  t.notOk('prompt_filter_results' in first)
  t.match(first, { model: 'claude-sonnet-4.5', choices: [{ delta: { role: 'assistant' } }] })
  t.notOk('system_fingerprint' in first)
  t.match(events[1]?.data.choices[0].content_filter_results, { error: { code: '', message: '' },
    hate: { severity: '0' } })
  const calls = deltas(events).flatMap(delta => delta.tool_calls ?? [])
  t.ok(calls.every(call => call.index === 0 && call.type === 'function'))
  t.equal(new Set(calls.map(call => call.id).filter(Boolean)).size, 2)
  t.same(calls[0].function, { name: 'get_weather' }, 'a name without arguments')
  t.match(calls[0].id, /^tooluse_/)
  emulator.answers.push({ toolCalls: [{ name: 'f', arguments: [] }] })
  const bare = await post(chat, { model: 'claude-sonnet-4.5', messages: says('x'), stream: true })
  t.equal(deltas(bare.events).filter(delta => delta.tool_calls).length, 1, 'a tool without parameters may stream none')
})

t.test('Claude, whole: text in one choice, calls in another', async t => {
  const { post } = await connect(t)
  const { json } = await post(chat, { model: 'claude-sonnet-4.5', ...both })
  t.match(json.choices, [{ index: 0, finish_reason: 'tool_calls', message: { content: /get_weather/ } }, { index: 0,
    finish_reason: 'tool_calls', message: { tool_calls: [{}, {}] } }])
  t.notOk('content' in json.choices[1].message)
})

t.test('reasoning comes with opaque state in two pieces, which must come back unchanged', async t => {
  const { post } = await connect(t)
  const base = { model: 'gemini-3.1-pro-preview', tools: chatTools, reasoning_effort: 'low' }
  const { events } = await post(chat, { ...base, messages: says('weather in Rome'), stream: true })
  const all = deltas(events)
  const pieces = all.map(delta => delta.reasoning_opaque).filter(Boolean)
  t.equal(pieces.length, 2)
  const [call] = all.flatMap(delta => delta.tool_calls ?? [])
  const message = { role: 'assistant', content: null, tool_calls: [call],
    reasoning_text: all.map(delta => delta.reasoning_text ?? '').join(''), reasoning_opaque: pieces.join('') }
  const again = (assistant: object) =>
    post(chat, { ...base,
      messages: [...says('weather in Rome'), assistant, { role: 'tool', tool_call_id: call.id, name: call.function.name,
        content: 'sunny' }] })
  t.equal((await again(message)).status, 200)
  t.equal((await again({ ...message, reasoning_opaque: pieces[0] })).status, 400, 'only half of the state')
  t.equal((await again({ ...message, reasoning_opaque: undefined })).status, 400, 'Gemini requires the state')
  t.equal((await again({ ...message, reasoning_text: 'else' })).status, 400, 'changed text')
})

t.test('Claude accepts a history without reasoning, unless the rule requires it of all models', async t => {
  const { emulator, post } = await connect(t)
  const base = { model: 'claude-sonnet-4', tools: chatTools, thinking_budget: 1024 }
  const { json } = await post(chat, { ...base, messages: says('weather in Rome') })
  t.match(json.choices[0].message, { reasoning_text: /weather/, reasoning_opaque: String })
  const { tool_calls: calls } = json.choices[1].message
  const messages = [...says('weather in Rome'), { role: 'assistant', tool_calls: calls }, { role: 'tool',
    tool_call_id: calls[0].id, content: 'sunny' }]
  t.equal((await post(chat, { ...base, messages })).status, 200)
  emulator.strict.opaqueRequired = 'all'
  t.equal((await post(chat, { ...base, messages })).status, 400)
})

t.test("a success has the edge's headers and the quota headers", async t => {
  const { post } = await connect(t)
  const { headers } = await post(chat, { model: 'gpt-4o', messages: says('hi'), stream: true }, {
    'x-request-id': 'mine',
  })
  t.equal(headers.get('x-request-id'), 'mine')
  t.match(headers.get('x-github-request-id'), /^AA70:[0-9A-F:]+$/)
  t.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox")
  t.equal(headers.get('x-content-type-options'), 'nosniff')
  t.match(headers.get('x-quota-snapshot-premium_models'),
    /^ent=300&ov=0\.0&ovPerm=false&rem=71\.2&rst=\d{4}-\d\d-01T00%3A00%3A00Z$/)
  t.equal(headers.get('content-encoding'), null)
})
