// Rare cases, in requests and in answers.
import t from 'tap'
import type { Answer, Part } from '../../../src/dialects/contract/part.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import { accumulate, decode, decodeStream, dialect, encode, events, head, older, options, prepare, request, tail,
  target, usage, type Json } from './fixtures.ts'

const user = (content: unknown): object => ({ role: 'user', content })
const blocks = (...content: object[]): Json =>
  decode({ messages: [user('x'), { role: 'assistant', content: 'y' }, user(content)] }).turns[2]?.blocks
const code = (run: () => unknown): unknown => {
  try {
    run()
  } catch (thrown) {
    return (thrown as Json).code
  }
  return null
}
const whole = (given: Answer['blocks'], more: Partial<Answer> = {}, to = options()): Json =>
  dialect.encodeAnswer({ id: '', model: 'm', created: null, blocks: given, finish: 'stop', stopSequence: null,
    explanation: null, usage: null, ...more }, to)

t.test('blocks that an answer leaves open get their ends, except for a call that broke off', async t => {
  const parts: Part[] = [head, { type: 'text-start', block: 0, apart: false }, { type: 'text-delta', block: 0,
    text: 'a' }, { type: 'tool-call-start', block: 1, callId: 'c', name: 'f', namespace: null, kind: 'function',
    builtin: null }, { type: 'tool-call-delta', block: 1, text: '{"a":[1, 2' }, usage, tail]
  t.match(failure(() => encode(parts)), { code: 'upstream_error', message: /arguments that are no JSON object/ })
  const cut = [...parts.slice(0, -2), { type: 'block-end', block: 1, isCut: true }, usage, { ...tail,
    reason: 'length' }] as Part[]
  t.notMatch(encode(cut), /\\?"a\\?":\[1, 2\]/)
  t.match(await accumulate(encode(cut)), { stop_reason: 'max_tokens', content: [{ text: 'a' }, { type: 'tool_use' }] })
  t.equal(events(encode(cut.slice(1))).filter(event => event.type === 'message_start').length, 1,
    'also without a start')
})

t.test('whole answers: citations, late state, free text, nothing at all', t => {
  const citations = [{ url: 'https://a.example', title: 'A', citedText: 'a' }]
  t.match(whole([{ type: 'text', text: 'a', apart: false, citations, logprobs: null }]), { id: /^msg_[0-9a-f]{32}$/,
    content: [{ citations: [{ url: 'https://a.example' }] }], usage: { input_tokens: 98, output_tokens: 1 } })
  const late = { type: 'reasoning', text: '', carrier: { kind: 'c', item: { o: 1 }, model: null } } as const
  const native = { type: 'reasoning', text: '',
    carrier: { kind: 'd', item: { type: 'redacted_thinking', data: 'D' }, model: null } } as const
  t.match(whole([late, native]).content, [{ type: 'redacted_thinking', data: /^cpt1/ }, { type: 'redacted_thinking',
    data: 'D' }])
  t.same(whole([late], {}, options({ thinking: 'off' })).content, [])
  t.same(whole([{ type: 'reasoning', text: 'hm', carrier: null }], {}, options({ showReasoning: false })).content, [])
  t.match(
    whole([{ type: 'tool-call', callId: 'c', name: 'f', namespace: null, kind: 'custom', builtin: null,
      input: 'a "b"' }]).content,
    [{ input: { input: 'a "b"' } }],
  )
  t.match(whole([], { finish: 'stop_sequence' }), { stop_reason: 'end_turn', content: [] })
  t.end()
})

t.test("unusual shapes in upstream's stream are read", t => {
  const read = (...sent: Json[]): Json =>
    collectAnswer(
      decodeStream([...sent, { type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' }]),
    )
  const open = (block: object): object => ({ type: 'content_block_start', index: 0, content_block: block })
  t.match(read(open({ type: 'text', text: 'a' }), open({ type: 'text', text: 'b' })).blocks, [{ text: 'a' }, {
    text: 'b',
  }], 'a repeated index, and no start')
  const delta = (given: object): object => ({ type: 'content_block_delta', index: 0, delta: given })
  t.match(
    read(open({ type: 'text', text: 'a' }), delta({ type: 'thinking_delta', thinking: 'x' }),
      delta({ type: 'citations_delta', citation: null }), delta({ type: 'new_delta' }), { type: 'content_block_stop',
      index: 9 }).blocks,
    [{ text: 'a', citations: [] }],
  )
  t.match(read(open({ type: 'tool_use', id: 't', name: 'f' })).blocks, [{ input: '{}' }])
  t.match(read(open({ type: 'redacted_thinking' })).blocks, [{ carrier: null }])
  let deep: Json = {}
  for (let at = 0; at < 20_000; at++) deep = { a: deep }
  t.match(
    collectAnswer(
      dialect.decodeAnswer({ stop_reason: 'tool_use',
        content: [{ type: 'tool_use', id: 't', name: 'f', input: deep }] }),
    ).blocks,
    [{ input: /^\{/ }],
  )
  t.end()
})

t.test('unusual requests are read, or refused with the name of the field', t => {
  t.same(blocks({ type: 'text', text: 'a', citations: [{}] }), [{ type: 'text', text: 'a' }])
  t.match(
    blocks({ type: 'document', cache_control: { type: 'ephemeral' },
      source: { type: 'content',
        content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }, { type: 'new' }] } }),
    [{ text: 'a' }, { text: 'b', cache: true }],
  )
  t.match(
    blocks({ type: 'tool_result', tool_use_id: 'a',
      content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }, { type: 'new' }] }),
    [{ cache: true, blocks: [{ text: 'a' }] }],
  )
  t.match(blocks({ type: 'compaction', content: 'so far' }, { type: 'mcp_tool_result', content: 'the result' }, {
    type: 'web_fetch_tool_result',
    content: { url: 'https://u', content: { type: 'document', title: 'T', source: { data: 'body' } } },
  }, { type: 'tool_search_tool_result', content: { tool_references: [{ tool_name: 'f' }] } }, {
    type: 'from_the_future',
  }), [{ text: 'so far' }, { text: 'the result' }, { text: 'https://u\nbody' }, { text: 'Tools now available: f' }])
  for (const wrong of [{ type: 'tool_use', id: 'a' }, { type: 'tool_result' }, { type: 'image', source: 5 }, {
    type: 'image',
    source: { type: 'x' },
  }]) t.equal(code(() => blocks(wrong)), 'invalid_request')
  t.equal(code(() => blocks({ type: 'container_upload', file_id: 'f' })), 'unsupported_parameter')
  for (const wrong of [{ messages: [] }, { messages: [5] }, { tools: [5] }, { tools: [{}] }, { thinking: 5 }, {
    output_config: { format: { type: 'x' } },
  }, { tool_choice: { type: 'tool' } }]) t.equal(code(() => decode(wrong)), 'invalid_request', JSON.stringify(wrong))
  t.match(
    decode({ system: 'x-anthropic-billing-header: a\nb', tool_choice: { type: 'none' },
      metadata: { user_id: '{"broken' }, cache_control: { type: 'ephemeral' } }),
    { system: [{ text: 'b' }], toolChoice: { type: 'none' }, cacheKey: /^\w{32}$/,
      turns: [{ blocks: [{ cache: true }] }] },
  )
  t.same(decode({
    tools: [{ name: 'f', input_schema: { type: ['object', 'null'] }, allowed_callers: ['direct'],
      eager_input_streaming: true }, { name: 'g', allowed_callers: ['code_execution_20250825'] }],
  }).tools.map(tool => [tool.name, tool.schema]), [['f', { type: 'object' }]])
  t.end()
})

t.test('unusual prompts are written', t => {
  const file = (mime: string, data: string): Json =>
    request({ turns: [{ role: 'user', blocks: [{ type: 'file', source: { mime, data }, name: null }] }] }).messages[0]
      .content[0]
  t.match(file('image/png', 'iVBORw0KGgo='), { type: 'image' })
  t.equal(code(() => file('text/plain', btoa('\xff\xfe'))), 'unsupported_parameter')
  const two: Json = request({
    turns: [{ role: 'user', blocks: [{ type: 'text', text: 'x' }] }, { role: 'assistant',
      blocks: [{ type: 'tool-call', id: 'a', name: 'f', namespace: null, kind: 'function', builtin: null,
        input: ' ' }] }, { role: 'user',
      blocks: [{ type: 'tool-result', id: 'a', isError: null,
        blocks: [{ type: 'text', text: 'a', cache: true }, { type: 'text', text: 'b' }] }] }],
    topK: 4,
    system: [{ type: 'text', text: 's', cache: true }],
  })
  t.match(two, { top_k: 4,
    messages: [{}, { content: [{ input: {} }] }, { content: [{ content: [{ text: 'a' }, { text: 'b' }] }] }] })
  t.notOk(JSON.stringify(two.messages).includes('cache_control'), 'no mark within a result')
  t.match(request({ effort: null, thinking: 'on', showReasoning: true }, older()).thinking, { type: 'enabled',
    budget_tokens: 10_240, display: 'summarized' })
  t.end()
})

t.test('upstreamHeaders() has the betas, or leaves the header out', t => {
  t.same(dialect.upstreamHeaders?.({ 'anthropic-beta': 'oauth-2025-04-20' }, {}, target()), {
    'anthropic-version': '2023-06-01',
  })
  t.match(dialect.upstreamHeaders?.({}, { context_management: { edits: [] } }, target()), {
    'anthropic-beta': 'context-management-2025-06-27',
  })
  t.same(prepare({ thinking: { type: 'disabled', extra: 1 } }).thinking, { type: 'disabled' })
  t.end()
})

function failure (run: () => unknown): unknown {
  try {
    run()
  } catch (thrown) {
    return thrown
  }
  return null
}
