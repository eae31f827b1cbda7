// docs/spec/copilot.md#emulator: the requests that each endpoint refuses. Every line is one request and the message of
// its refusal.
import t from 'tap'
import { chatTools, claudeTools, connect, flatTools, says } from './client.ts'
import type { Test } from 'tap'
import type { Client } from './client.ts'

const chat = '/chat/completions'

/** Sends each body, and expects 400 with a matching text. */
async function refuses (
  t: Test,
  client: Client,
  path: string,
  base: object,
  cases: [string, object, RegExp, Record<string, string>?][],
): Promise<void> {
  t.equal((await client.post(path, base)).status, 200, 'the base request is accepted')
  for (const [name, more, words, headers] of cases) {
    t.match(await client.post(path, { ...base, ...more }, headers), { status: 400, text: words }, name)
  }
}

t.test('chat refuses fields that its models do not support', async t => {
  const client = await connect(t)
  const call = { role: 'assistant',
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] }
  const result = { role: 'tool', tool_call_id: 'c1', content: 'done' }
  const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })
  const image = [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]
  await refuses(t, client, chat, { model: 'gpt-5-mini', messages: says('hello') }, [['max_tokens on newer models', {
    max_tokens: 9,
  }, /Use 'max_completion_tokens' instead/], ['too many tools', {
    tools: Array.from({ length: 129 }, (_, index) => tool(`f${index}`)),
  }, /maximum length 128/], ['no tools on Claude', { model: 'claude-sonnet-4', tools: [] }, /tools/], [
    'a tool name with a slash',
    { tools: [tool('a/b')] },
    /pattern/,
  ], ['a tool name too long', { tools: [tool('a'.repeat(65))] }, /maximum length 64/], ['a result without its call', {
    messages: [...says('x'), result],
  }, /must be a response/], ['a call without its result', { messages: [...says('x'), call, ...says('y')] }, /c1/], [
    'a call at the end',
    { messages: [...says('x'), call] },
    /c1/,
  ], ['a prompt too long', { model: 'gpt-3.5-turbo', messages: says('x'.repeat(60_000)) },
    /"code":"model_max_prompt_tokens_exceeded","message":"prompt token count of 15000 exceeds the limit of 12288"/], [
    'a prefilled answer',
    { model: 'claude-sonnet-4.6', messages: [...says('x'), { role: 'assistant', content: 'I' }] },
    /assistant message prefill/,
  ], ['trailing white space', { model: 'claude-sonnet-4',
    messages: [...says('x'), { role: 'assistant', content: 'I ' }] }, /trailing whitespace/], ['a budget out of bounds',
    { model: 'claude-sonnet-4', thinking_budget: 10 }, /thinking_budget/], ['a linked image', { messages: says(image) },
    /media type/, { 'copilot-vision-request': 'true' }], ['no messages', { messages: [] }, /messages/]])
  const good = [...says('x'), call, result]
  t.equal((await client.post(chat, { model: 'gpt-5-mini', messages: good })).status, 200, 'a call and its result')
  client.emulator.strict.maxTokensName = false
  t.equal((await client.post(chat, { model: 'gpt-5-mini', max_tokens: 9, messages: says('x') })).status, 200,
    'each rule can be switched off')
  t.match(await client.post(chat, '{"model":'), { status: 400, text: 'Bad Request\n' })
})

t.test('a body that is too large is refused in either form', async t => {
  const { emulator, post } = await connect(t, { strict: { maxBodyBytes: 1000 } })
  const body = { model: 'gpt-4o', messages: says('x'.repeat(1000)) }
  const first = await post(chat, body)
  t.match(first, { status: 413, text: 'Request Entity Too Large\n' })
  emulator.strict.bodyTooLarge = 'json'
  t.match(await post(chat, body), { status: 413, json: { error: { message: 'failed to parse request', code: '' } } })
})

t.test('responses refuses stored answers, hosted tools, and ids of other accounts', async t => {
  const client = await connect(t)
  const input = says('x')
  const item = (more: object) => ({ input: [...input, more] })
  await refuses(t, client, '/responses', { model: 'gpt-5.1', input: 'hello' }, [[
    'assistant text with the wrong part type',
    item({ role: 'assistant', content: [{ type: 'input_text', text: 'I' }] }),
    /'output_text', 'refusal'/,
  ], ['a service tier', { service_tier: 'auto' }, /service_tier/], ['image generation', {
    tools: [{ type: 'image_generation' }],
  }, /Unsupported tool type/], ['a nested tool', {
    tools: chatTools,
  }, /tools\[0\]\.name/], ['store', { store: true }, /store/], ['a previous response', {
    previous_response_id: 'resp_1',
  }, /previous_response_not_found/], ['a reference', item({ type: 'item_reference', id: 'rs_1' }),
    /Item with id 'rs_1' not found/], ['an id of an unknown form',
    item({ type: 'message', role: 'assistant', id: 'x', content: [{ type: 'output_text', text: 'I' }] }),
    /begins with 'msg'/], ['reasoning without its content', item({ type: 'reasoning', id: 'rs_1', summary: [] }),
    /not found/], ["another account's reasoning",
    item({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' }), /could not be verified/], [
    'an output without its call',
    item({ type: 'function_call_output', call_id: 'c1', output: 'x' }),
    /No tool call found/,
  ], ['a call without its output', item({ type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }),
    /No tool output found/], ['too few tokens', { max_output_tokens: 15 }, /max_output_tokens/]])
  const earlier = { type: 'message', role: 'assistant', id: 'msg_123', status: 'completed',
    content: [{ type: 'output_text', text: 'I', annotations: [] }] }
  t.equal(
    (await client.post('/responses', { model: 'gpt-5.1', service_tier: null, store: false, tools: flatTools,
      input: [...input, earlier, ...says('y')] })).status,
    200,
  )
})

t.test('responses accepts its own encrypted reasoning back, for the same model', async t => {
  const { post } = await connect(t)
  const first = await post('/responses', { model: 'gpt-5.1', input: 'hello', include: ['reasoning.encrypted_content'] })
  const input = [...says('hello'), { ...first.json.output[0], id: 'rs_1' }, ...says('again')]
  t.equal((await post('/responses', { model: 'gpt-5.1', input })).status, 200)
  t.equal((await post('/responses', { model: 'gpt-5.2', input })).status, 400)
})

t.test('messages refuses everything that the spec lists, with flat errors', async t => {
  const client = await connect(t)
  const cached = (cache_control: object) => [{ type: 'text', text: 'x', cache_control }]
  const ephemeral = { type: 'ephemeral' }
  const call = { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'get_weather', input: {} }] }
  const result = (content: unknown) => ({ role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 't1', content }] })
  const thinking = { type: 'enabled', budget_tokens: 1024 }
  await refuses(t, client, '/v1/messages', { model: 'claude-sonnet-4', max_tokens: 4000, messages: says('hello') }, [[
    'a beta of Claude Code',
    {},
    /Unexpected value\(s\) `claude-code-20250219` for the `anthropic-beta` header/,
    { 'anthropic-beta': 'interleaved-thinking-2025-05-14,claude-code-20250219' },
  ], ['an empty beta', {}, /anthropic-beta/, { 'anthropic-beta': '' }], ['context management without its beta', {
    context_management: { edits: [] },
  }, /^\{"message":"context_management: Extra inputs are not permitted"\}$/], ['cache control at the top', {
    cache_control: ephemeral,
  }, /"cache_control: Extra inputs/], ['cache control of a scope', {
    system: cached({ ...ephemeral, scope: 'global' }),
  }, /system\.0\.cache_control\.ephemeral\.scope: Extra inputs/], ['five times cache control', {
    system: Array.from({ length: 5 }, () => cached(ephemeral)[0]),
  }, /maximum of 4 blocks/], ['cache control in a result', { tools: claudeTools,
    messages: [...says('x'), call, result(cached(ephemeral))] },
    /messages\.2\.content\.0\.tool_result\.content\.0\.cache_control/], ['temperature with thinking', {
    temperature: 0.5,
    thinking,
  }, /temperature/], ['an empty text block', { messages: says([{ type: 'text', text: ' ' }]) }, /non-empty/], [
    'an empty turn',
    { messages: says('') },
    /non-empty/,
  ], ['prefill on newer models', { model: 'claude-opus-4.6',
    messages: [...says('x'), { role: 'assistant', content: 'I' }] }, /prefill/], ['server tools', {
    tools: [{ type: 'web_search_20250305', name: 'web_search' }],
  }, /web_search_20250305/], ['$schema', { tools: [{ name: 'f', input_schema: { $schema: 'x', type: 'object' } }] },
    /\$schema/], ['strict', { tools: [{ name: 'f', strict: true, input_schema: { type: 'object' } }] }, /strict/], [
    'thinking with a forced tool',
    { thinking, tools: claudeTools, tool_choice: { type: 'any' } },
    /tool_choice/,
  ], ['a budget too small', { thinking: { type: 'enabled', budget_tokens: 1 } }, /budget_tokens/], [
    'a budget above max_tokens',
    { thinking: { type: 'enabled', budget_tokens: 4000 } },
    /max_tokens/,
  ], ['adaptive thinking on older models', { thinking: { type: 'adaptive' } }, /adaptive/], ['effort on older models', {
    output_config: { effort: 'low' },
  }, /effort/], ['no max_tokens', { max_tokens: undefined }, /max_tokens: Field required/], [
    'too many tokens unstreamed',
    { model: 'claude-sonnet-4.5', max_tokens: 16_001 },
    /streaming is required/,
  ], ['a foreign signature', {
    messages: [...says('x'), { role: 'assistant',
      content: [{ type: 'thinking', thinking: 'hm', signature: 'EqQ' }, { type: 'text', text: 'I' }] }, ...says('y')],
  }, /Invalid `signature`/], ['an unknown field', { service_tier: 'auto' },
    /^\{"message":"service_tier: Extra inputs are not permitted"\}$/], ['a result without its call', {
    tools: claudeTools,
    messages: [result('x')],
  }, /tool_use_id/], ['a call without its result', { tools: claudeTools, messages: [...says('x'), call, ...says('y')] },
    /tool_use/], ['a history of tools without tools', { messages: [...says('x'), call, result('y')] },
    /must define tools/], ['a prompt too long', { messages: says('x'.repeat(600_000)) },
    /prompt is too long: 150000 tokens > 128000 maximum/]])
  const managed = await client.post('/v1/messages', { model: 'claude-sonnet-4', max_tokens: 99, messages: says('x'),
    context_management: { edits: [] } }, { 'anthropic-beta': 'context-management-2025-06-27' })
  t.equal(managed.status, 200)
  t.equal((await client.post('/v1/messages/count_tokens', {})).status, 404)
})

t.test('messages accepts its own thinking back, if it is unchanged', async t => {
  const { post } = await connect(t)
  const base = { model: 'claude-sonnet-4', max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 1024 },
    tools: claudeTools }
  const { json } = await post('/v1/messages', { ...base, messages: says('weather in Rome') })
  const [thought] = json.content
  const result = { role: 'user',
    content: [{ type: 'tool_result', tool_use_id: json.content.at(-1).id, content: 'sunny' }] }
  const again = (content: unknown) =>
    post('/v1/messages', { ...base, messages: [...says('weather in Rome'), { role: 'assistant', content }, result] })
  t.match(await again(json.content), { status: 200, json: { content: [{ type: 'thinking' }, { text: /> sunny/ }] } })
  t.equal((await again([{ ...thought, thinking: 'something else' }, ...json.content.slice(1)])).status, 400)
})

t.test('embeddings accepts an array of strings and nothing else', async t => {
  const { post } = await connect(t)
  const ask = (input: unknown, more: object = {}) =>
    post('/embeddings', { model: 'text-embedding-3-small', input, ...more })
  for (const input of ['hello', [], [[1, 2]], [1, 2], Array.from({ length: 513 }, () => 'x'), undefined]) {
    t.match(await ask(input), { status: 400, text: 'Bad Request\n' })
  }
  const { json } = await ask(['hello', 'hello', 'you'], { dimensions: 8 })
  t.equal(json.data.length, 3)
  t.equal(json.data[0].embedding.length, 8)
  t.same(json.data[0].embedding, json.data[1].embedding)
  t.notSame(json.data[0].embedding, json.data[2].embedding)
  t.equal((await ask(['x'])).json.data[0].embedding.length, 1536)
})
