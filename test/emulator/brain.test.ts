// How the emulated model behaves: which words make it call a tool, and how it answers results, images, schemas and
// limits.
import t from 'tap'
import { chatTools, claudeTools, connect, flatTools, png, says } from './client.ts'
import type { Test } from 'tap'
import type { Json } from './client.ts'

const chat = '/chat/completions'
const names = (message: Json): string[] => (message.tool_calls ?? []).map((call: Json) => String(call.function.name))

async function talk (t: Test, base: object = {}) {
  const client = await connect(t)
  return async (words: unknown, more: object = {}, headers = {}) => {
    const { json } = await client.post(chat, { model: 'gpt-4o', messages: says(words), tools: chatTools, ...base,
      ...more }, headers)
    return json.choices[0]
  }
}

t.test('a tool is called when the prompt asks for it', async t => {
  const ask = await talk(t)
  t.same(names((await ask('What is the weather in Tokyo?')).message), ['get_weather'])
  t.same(names((await ask('please read notes.txt')).message), ['read_file'])
  t.same(names((await ask('use the tool')).message), ['get_weather'])
  t.same(names((await ask('hello there')).message), [])
  t.same(names((await ask('hello there', { tool_choice: 'required' })).message), ['get_weather'])
  t.same(
    names((await ask('hello there', { tool_choice: { type: 'function', function: { name: 'read_file' } } })).message),
    ['read_file'],
  )
  t.same(names((await ask('the weather', { tool_choice: 'none' })).message), [])
  t.same(names((await ask('hello <system-reminder>read the weather</system-reminder>')).message), [])
})

t.test('arguments come from the prompt', async t => {
  const ask = await talk(t)
  const argumentsOf = async (words: string) =>
    (await ask(words)).message.tool_calls.map((call: Json) => JSON.parse(call.function.arguments))
  t.same(await argumentsOf('weather in Tokyo'), [{ location: 'Tokyo' }])
  t.same(await argumentsOf('weather at "New York"'), [{ location: 'New York' }])
  t.same(await argumentsOf('both in parallel: `src/a.ts` and Oslo weather in Oslo'), [{ location: 'Oslo' }, {
    path: 'src/a.ts',
  }])
  t.same(await argumentsOf('weather in parallel for "Rome" and "Oslo"'), [{ location: 'Rome' }, { location: 'Oslo' }])
})

t.test('naming two tools calls both, unless calls may not be parallel', async t => {
  const ask = await talk(t)
  t.same(names((await ask('call get_weather and read_file')).message), ['get_weather', 'read_file'])
  t.same(names((await ask('call get_weather and read_file', { parallel_tool_calls: false })).message), ['get_weather'])
})

t.test('results are quoted, in every dialect', async t => {
  const { post } = await connect(t)
  const asked = says('weather in Rome')
  const call = { role: 'assistant',
    tool_calls: [{ id: 'c', type: 'function', function: { name: 'get_weather', arguments: '{}' } }] }
  const first = await post(chat, { model: 'gpt-4o', tools: chatTools,
    messages: [...asked, call, { role: 'tool', tool_call_id: 'c', content: 'sunny' }] })
  t.match(first.json.choices[0], { finish_reason: 'stop', message: { content: /> sunny/ } })
  const input = [...asked, { type: 'function_call', call_id: 'c', name: 'get_weather', arguments: '{}' }, {
    type: 'function_call_output',
    call_id: 'c',
    output: 'sunny',
  }]
  const second = await post('/responses', { model: 'gpt-5.1', tools: flatTools, input })
  t.match(second.json.output.at(-1).content[0].text, /> sunny/)
  const messages = [...asked, { role: 'assistant',
    content: [{ type: 'tool_use', id: 'c', name: 'get_weather', input: {} }] }, { role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 'c', content: 'sunny' }] }]
  const third = await post('/v1/messages', { model: 'claude-sonnet-4', max_tokens: 99, tools: claudeTools, messages })
  t.match(third.json, { stop_reason: 'end_turn', content: [{ text: /> sunny/ }] })
})

t.test('prose names the model, quotes the user, and contains code if the prompt asks for code', async t => {
  const ask = await talk(t)
  const { message } = await ask('write a function')
  t.match(message.content, /## Hello from GPT-4o/)
  t.match(message.content, /> write a function/)
  t.match(message.content, /```js/)
  t.equal((await ask('write a function')).message.content, message.content, 'always the same')
  t.match(
    (await ask([{ type: 'image_url', image_url: { url: png } }], {}, { 'copilot-vision-request': 'true' })).message
      .content,
    /I see 1 image/,
  )
})

t.test('a schema is answered with JSON that conforms, in every dialect', async t => {
  const { post } = await connect(t)
  const schema = { type: 'object', additionalProperties: false, required: ['kind', 'count', 'tags', 'inner'],
    properties: {
      kind: { enum: ['a', 'b'] },
      count: { type: 'integer', minimum: 3 },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
      inner: { $ref: '#/$defs/inner' },
    }, $defs: {
      inner: { type: 'object', required: ['ok'],
        properties: { ok: { type: 'boolean' }, maybe: { type: ['string', 'null'] } } },
    } }
  const wanted = { kind: 'a', count: 3, tags: ['x', String], inner: { ok: true } }
  const first = await post(chat, { model: 'gpt-4.1', messages: says('fill in "x"'),
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema } } })
  t.match(JSON.parse(first.json.choices[0].message.content), wanted)
  const second = await post('/responses', { model: 'gpt-5.1', input: 'fill in "x"',
    text: { format: { type: 'json_schema', name: 'n', schema } } })
  t.match(JSON.parse(second.json.output.at(-1).content[0].text), wanted)
  const third = await post('/v1/messages', { model: 'claude-sonnet-4.6', max_tokens: 99, messages: says('fill in "x"'),
    output_config: { format: { type: 'json_schema', schema } } })
  t.match(JSON.parse(third.json.content[0].text), wanted)
})

t.test('a schema in words is followed too, in every dialect', async t => {
  const { post } = await connect(t)
  const schema = JSON.stringify({ type: 'object', required: ['n'], properties: { n: { enum: ['one'] } } })
  const words = `Respond with JSON. It must match this JSON schema:\n${schema}`
  const first = await post(chat, { model: 'gemini-2.5-pro',
    messages: [{ role: 'system', content: words }, ...says('hi')] })
  t.equal(first.json.choices[0].message.content, '{"n":"one"}')
  const second = await post('/responses', { model: 'gpt-5.1', instructions: words, input: 'hi',
    text: { format: { type: 'json_object' } } })
  t.equal(second.json.output.at(-1).content[0].text, '{"n":"one"}')
  const third = await post('/v1/messages', { model: 'claude-sonnet-4.6', max_tokens: 99, messages: says('hi'),
    system: words })
  t.equal(third.json.content[0].text, '{"n":"one"}')
})

t.test('Claude announces a call of its own, but not one that the request forces', async t => {
  const { post } = await connect(t)
  const blocks = async (more: object): Promise<string[]> => {
    const { json } = await post('/v1/messages', { model: 'claude-sonnet-4.6', max_tokens: 99,
      messages: says('weather in Tokyo'), tools: claudeTools, ...more })
    return json.content.map(({ type }: Json) => String(type))
  }
  t.same(await blocks({}), ['text', 'tool_use'])
  t.same(await blocks({ tool_choice: { type: 'any' } }), ['tool_use'])
  t.same(await blocks({ tool_choice: { type: 'tool', name: 'get_weather' } }), ['tool_use'])
})

t.test("few tokens and stop sequences cut the answer, with the dialect's own reason", async t => {
  const { post } = await connect(t)
  const first = await post(chat, { model: 'gpt-4o', max_tokens: 2, messages: says('hi') })
  t.match(first.json.choices[0], { finish_reason: 'length', message: { content: '## Hello' } })
  const second = await post('/responses', { model: 'gpt-5.1', max_output_tokens: 16, input: 'hi' })
  t.match(second.json, { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
  const third = await post('/v1/messages', { model: 'claude-sonnet-4', max_tokens: 2, messages: says('hi') })
  t.match(third.json, { stop_reason: 'max_tokens' })
  const fourth = await post('/v1/messages', { model: 'claude-sonnet-4', max_tokens: 99, stop_sequences: ['from'],
    messages: says('hi') })
  t.match(fourth.json, { stop_reason: 'stop_sequence', stop_sequence: 'from', content: [{ text: '## Hello ' }] })
})

t.test('a script overrides the model once, the same in all three dialects', async t => {
  const { emulator, post } = await connect(t)
  const script = { text: 'scripted', toolCalls: [{ id: 'call_1', name: 'f', arguments: '{"a":1}' }],
    usage: { inputTokens: 100, cachedTokens: 40, outputTokens: 7 } }
  emulator.answers.push({ path: '/v1/messages', ...script }, { path: '/responses', ...script }, { model: 'gpt-4o',
    ...script })
  const first = await post(chat, { model: 'gpt-4o', messages: says('x') })
  t.match(first.json, {
    choices: [{ finish_reason: 'tool_calls',
      message: { content: 'scripted',
        tool_calls: [{ id: 'call_1', function: { name: 'f', arguments: '{"a":1}' } }] } }],
    usage: { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 40 }, completion_tokens: 7 },
  })
  const second = await post('/responses', { model: 'gpt-5.1', input: 'x' })
  t.match(second.json.output.slice(1), [{ content: [{ text: 'scripted' }] }, { call_id: 'call_1',
    arguments: '{"a":1}' }])
  const third = await post('/v1/messages', { model: 'claude-sonnet-4', max_tokens: 9, messages: says('x') })
  t.match(third.json, { content: [{ text: 'scripted' }, { type: 'tool_use', id: 'call_1', input: { a: 1 } }],
    usage: { input_tokens: 60, cache_read_input_tokens: 40 } })
  t.equal(emulator.answers.pending, 0)
  t.match((await post(chat, { model: 'gpt-4o', messages: says('x') })).json.choices[0].message.content, /Hello/,
    'the next answer is not scripted')
})

t.test('a script may specify every part', async t => {
  const { emulator, post } = await connect(t)
  emulator.answers.push({ body: { hello: 'world' } }, {
    chunks: [{ choices: null }, 'data: not json\n\n: comment\n\n'],
  }, { choices: [] }, { choices: [] })
  const ask = { model: 'claude-sonnet-4', messages: says('x') }
  t.same((await post(chat, ask)).json, { hello: 'world' })
  t.equal((await post(chat, { ...ask, stream: true })).text,
    'data: {"choices":null}\n\ndata: not json\n\n: comment\n\n')
  t.same((await post(chat, ask)).json.choices, [])
  t.same((await post(chat, { ...ask, stream: true })).events.map(event => event.data.choices ?? event.data), [[],
    '[DONE]'])
})
