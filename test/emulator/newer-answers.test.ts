// docs/spec/copilot.md#emulator: responses and messages.
import t from 'tap'
import { claudeTools, connect, flatTools, says } from './client.ts'
import type { Json } from './client.ts'

const types = (events: { data: Json }[]): unknown[] => events.map(event => event.data.type ?? event.data)

t.test('responses, streamed: names and numbers in order, no id used twice, one unknown event', async t => {
  const { post } = await connect(t)
  const { events } = await post('/responses', { model: 'gpt-5.1', input: 'hi', stream: true })
  t.ok(events.every((event, index) => event.event === event.data.type && event.data.sequence_number === index))
  t.same([...new Set(types(events))], ['response.created', 'response.in_progress', 'response.copilot.note',
    'response.output_item.added', 'response.output_item.done', 'response.content_part.added',
    'response.output_text.delta', 'response.output_text.done', 'response.content_part.done', 'response.completed'])
  const ids = events.flatMap((
    { data },
  ) => [data.item_id, data.item?.id, data.response?.id, ...(data.response?.output ?? []).map((item: Json) => item.id)])
    .filter(Boolean)
  t.equal(new Set(ids).size, ids.length)
  t.ok(ids.every(id => String(id).length === 400))
  t.match(events[3]?.data.item, { type: 'reasoning', summary: [] }, 'an empty reasoning item')
  const texts = events.filter(event => event.event === 'response.output_text.delta')
  t.ok(texts.every(event => typeof event.data.obfuscation === 'string'))
  t.match(events.at(-1)?.data.response, { model: 'gpt-5.1-2025-11-13', output_text: null, status: 'completed',
    copilot_usage: {}, copilot_quota_snapshots: { premium_interactions: { entitlement: '300' } },
    output: [{}, { content: [{ text: texts.map(event => String(event.data.delta)).join('') }] }] })
})

t.test('responses, whole: opaque ids; tools come back stricter than sent', async t => {
  const { post } = await connect(t)
  const { json } = await post('/responses', { model: 'gpt-5.3-codex', input: 'weather in Rome', tools: flatTools })
  t.match(json, { output_text: null, tools: [{ strict: true, parameters: { additionalProperties: false } }, {}],
    output: [{ type: 'reasoning' }, { type: 'function_call', name: 'get_weather', arguments: '{"location":"Rome"}',
      call_id: /^call_/ }] })
})

t.test('responses streams calls, custom tools, summaries and refusals', async t => {
  const { emulator, post } = await connect(t)
  emulator.answers.push({ reasoning: 'hm',
    toolCalls: [{ name: 'f', arguments: ['{"a"', ':1}'] }, { name: 'patch', arguments: 'free text' }] }, { text: 'no',
    finish: 'refusal' }, { finish: 'failed' })
  const ask = (more: object = {}) => post('/responses', { model: 'gpt-5.1', input: 'x', stream: true, ...more })
  const { events } = await ask({ tools: [{ type: 'custom', name: 'patch' }] })
  const at = (type: string): Json[] => events.filter(event => event.event === type).map(event => event.data)
  t.match(at('response.reasoning_summary_text.done'), [{ text: 'hm', summary_index: 0 }])
  t.match(at('response.function_call_arguments.delta'), [{ delta: '{"a"', output_index: 1 }, { delta: ':1}' }])
  t.match(at('response.function_call_arguments.done'), [{ arguments: '{"a":1}' }])
  t.match(at('response.custom_tool_call_input.done'), [{ input: 'free text', output_index: 2 }])
  t.match(at('response.completed')[0].response.output[2], { type: 'custom_tool_call', input: 'free text' })
  t.match((await ask()).events.find(event => event.event === 'response.refusal.done')?.data, { refusal: 'no' })
  t.match((await ask()).events.at(-1)?.data, { type: 'response.failed',
    response: { status: 'failed', error: { code: String } } })
})

t.test('responses may add [DONE], and may fail right after response.created', async t => {
  const { emulator, post } = await connect(t)
  emulator.answers.push({ text: 'x', done: true })
  const ask = () => post('/responses', { model: 'gpt-5.1', input: 'x', stream: true })
  t.equal((await ask()).events.at(-1)?.data, '[DONE]')
  emulator.fault({ path: '/responses' }, { kind: 'error-after', events: 1, form: 'failed' })
  t.same(types((await ask()).events), ['response.created', 'response.failed'])
  emulator.fault({ path: '/responses' }, { kind: 'error-after', events: 1,
    error: { code: 'rate_limited', message: 'slow' } })
  t.match((await ask()).events.at(-1), { event: 'error',
    data: { type: 'error', code: 'rate_limited', message: 'slow' } })
})

t.test('messages streamed: Anthropic’s events, Copilot’s additions, [DONE]', async t => {
  const { post } = await connect(t)
  const base = { model: 'claude-sonnet-4', max_tokens: 4000, stream: true, tools: claudeTools }
  const { events } = await post('/v1/messages', { ...base, thinking: { type: 'enabled', budget_tokens: 1024 },
    messages: says('weather in Rome') })
  t.match(types(events).slice(0, 3), ['message_start', 'ping', 'content_block_start'])
  t.same(types(events).slice(-3), ['message_delta', 'message_stop', '[DONE]'])
  t.equal(events[0]?.data.message.model, 'claude-sonnet-4-20250514')
  t.match(events[0]?.data.message.id, /^msg_bdrk_/)
  const starts = events.filter(event => event.event === 'content_block_start').map(event => event.data)
  t.match(starts, [{ index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }, { index: 1,
    content_block: { type: 'text' } }, { index: 2,
    content_block: { type: 'tool_use', name: 'get_weather', input: {} } }])
  t.match(events.at(-3)?.data, { context_management: { applied_edits: [] }, copilot_usage: { total_nano_aiu: Number },
    delta: { stop_reason: 'tool_use' }, usage: { input_tokens: Number, cache_read_input_tokens: 0 } })
})

t.test('messages: newer models hide their thinking, a tool may have no arguments, a refusal no content', async t => {
  const { emulator, post } = await connect(t)
  const base = { model: 'claude-opus-4.6', max_tokens: 4000, messages: says('x') }
  const { events } = await post('/v1/messages', { ...base, stream: true, thinking: { type: 'adaptive' } })
  const thought = events.filter(event => event.event === 'content_block_delta' && event.data.index === 0)
  t.match(thought.map(event => event.data.delta), [{ type: 'signature_delta', signature: String }])
  emulator.answers.push({ toolCalls: [{ name: 'now', arguments: '{}' }] }, { finish: 'refusal' }, { finish: 'refusal' })
  const call = await post('/v1/messages', { ...base, stream: true })
  t.match(call.events.find(event => event.data.delta?.type === 'input_json_delta')?.data, {
    delta: { partial_json: '' },
  })
  const refused = await post('/v1/messages', { ...base, stream: true })
  t.same(types(refused.events), ['message_start', 'ping', 'message_delta', 'message_stop', '[DONE]'])
  t.match(refused.events[2]?.data.delta, { stop_reason: 'refusal', stop_details: { type: 'refusal', category: null } })
  t.match((await post('/v1/messages', base)).json, { content: [], stop_reason: 'refusal' })
})
