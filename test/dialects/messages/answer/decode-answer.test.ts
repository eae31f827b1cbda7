import t from 'tap'
import { collectAnswer } from '../../../../src/relay/collect.ts'
import { decodeStream, dialect, type Json } from '../fixtures.ts'

const start = { type: 'message_start',
  message: { id: 'msg_bdrk_1', model: 'claude-sonnet-4-6', content: [],
    usage: { input_tokens: 16, cache_read_input_tokens: 4, output_tokens: 1 } } }
const open = (index: number, block: object): object => ({ type: 'content_block_start', index, content_block: block })
const delta = (index: number, given: object): object => ({ type: 'content_block_delta', index, delta: given })
const stop = (index: number): object => ({ type: 'content_block_stop', index })
const ending = (reason: string | null, more: object = {}): object => ({ type: 'message_delta',
  delta: { stop_reason: reason, stop_sequence: null, ...more }, usage: { output_tokens: 7 },
  copilot_usage: { total_nano_aiu: 5 } })
const over = { type: 'message_stop' }
const read = (events: Json[]): Json => collectAnswer(decodeStream(events))

t.test('a stream with everything in it', t => {
  const answer = read([start, { type: 'ping' }, open(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'hm' }), delta(0, { type: 'signature_delta', signature: 'S' }),
    stop(0), open(1, { type: 'redacted_thinking', data: 'D' }), stop(1), open(2, { type: 'text', text: '' }),
    delta(2, { type: 'text_delta', text: 'Hel' }), delta(2, { type: 'text_delta', text: '' }),
    delta(2, { type: 'text_delta', text: 'lo' }),
    delta(2, { type: 'citations_delta',
      citation: { type: 'web_search_result_location', url: 'https://a.example', title: 'A', cited_text: 'c' } }),
    delta(2, { type: 'citations_delta', citation: { type: 'page_location', document_title: 'D' } }), stop(2),
    open(3, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
    delta(3, { type: 'input_json_delta', partial_json: '{}' }), stop(3),
    open(4, { type: 'tool_use', id: 't1', name: 'f', input: {} }),
    delta(4, { type: 'input_json_delta', partial_json: '' }),
    delta(4, { type: 'input_json_delta', partial_json: '{"a":1}' }), stop(4),
    open(5, { type: 'tool_use', id: 't2', name: 'g', input: { b: 2 } }), stop(5),
    open(6, { type: 'tool_use', id: 't3', name: 'h', input: {} }), stop(6), ending('tool_use'), over, '[DONE]'])
  t.match(answer, {
    id: 'msg_bdrk_1',
    model: 'claude-sonnet-4-6',
    finish: 'tool',
    blocks: [{ type: 'reasoning', text: 'hm',
      carrier: { kind: 'm', item: { type: 'thinking', thinking: 'hm', signature: 'S' } } }, { type: 'reasoning',
      text: '', carrier: { kind: 'd', item: { type: 'redacted_thinking', data: 'D' } } }, { type: 'text', text: 'Hello',
      citations: [{ url: 'https://a.example', title: 'A', citedText: 'c' }] }, { callId: 't1', input: '{"a":1}' }, {
      callId: 't2',
      input: '{"b":2}',
    }, { callId: 't3', input: '{}' }],
    usage: { input: 20, cacheRead: 4, cacheWrite: 0, output: 7, reasoning: 0, nanoCredits: 5 },
  })
  t.equal(answer.blocks.length, 6, "a server tool's blocks do not reach the client")
  t.end()
})

t.test('a thought with a signature but no text is still a thought', t => {
  t.match(
    read([start, open(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'signature_delta', signature: 'S' }), stop(0), ending('end_turn'), over]).blocks,
    [{ type: 'reasoning', text: '', carrier: { item: { thinking: '', signature: 'S' } } }],
  )
  t.match(
    read([start, open(0, { type: 'thinking', thinking: 'x', signature: '' }), stop(0), ending('end_turn'), over])
      .blocks,
    [{ text: 'x', carrier: null }],
  )
  t.end()
})

t.test('every stop reason is known, the last one counts, and null does not remove it', t => {
  const table = { end_turn: 'stop', max_tokens: 'length', stop_sequence: 'stop_sequence', tool_use: 'tool',
    pause_turn: 'pause', refusal: 'filter', model_context_window_exceeded: 'context', unknown_reason: 'stop' }
  for (const [word, finish] of Object.entries(table)) t.equal(read([start, ending(word), over]).finish, finish, word)
  t.match(read([start, ending('stop_sequence', { stop_sequence: 'END' }), ending(null), over]), {
    finish: 'stop_sequence',
    stopSequence: 'END',
  })
  t.match(
    read([start, ending('refusal', { stop_details: { type: 'refusal', category: 'cyber', explanation: 'no' } }), over]),
    { finish: 'filter', explanation: 'no', blocks: [] },
    'a refusal without a block',
  )
  t.equal(
    read([start, open(0, { type: 'tool_use', id: 't', name: 'f', input: {} }), stop(0), ending('end_turn'), over])
      .finish,
    'tool',
  )
  t.end()
})

t.test('a cut stream is a failure, unless it already gave its stop reason (golden 51)', t => {
  t.throws(() => read([start, open(0, { type: 'text', text: 'x' })]), { code: 'upstream_error' })
  t.throws(() => read([]), { code: 'upstream_error' })
  t.equal(read([start, open(0, { type: 'text', text: 'x' }), ending('end_turn')]).blocks[0].text, 'x')
  t.throws(() => read(['{"type":']), { code: 'upstream_error' })
  t.end()
})

t.test("upstream's errors keep their meaning, in whatever envelope (golden 52, 93)", t => {
  const table: ReadonlyArray<readonly [Json, Json]> = [[{ type: 'error',
    error: { type: 'overloaded_error', message: 'busy' } }, { status: 503, code: 'upstream_overloaded',
    message: 'busy' }], [{ type: 'error', error: { type: 'rate_limit_error', message: 'slow' } }, { status: 429 }], [{
    type: 'error',
    error: { type: 'api_error', message: 'oh' },
  }, { status: 502, code: 'upstream_error' }], [{ type: 'error',
    error: { type: 'authentication_error', message: 'us' } }, { status: 502 }], [{
    error: { message: 'm', code: 'quota_exceeded' },
  }, { status: 402, code: 'insufficient_quota', message: 'm' }], [{ type: 'error', error: 'words' }, {
    message: 'words',
  }], [{ type: 'error', error: { type: '__proto__' } }, { status: 502 }]]
  for (const [event, expected] of table) {
    t.throws(() => read([start, event]), expected)
    t.throws(() => dialect.decodeAnswer(event), expected)
  }
  t.throws(() => dialect.decodeAnswer({ message: 'flat' }), { message: 'flat' })
  t.throws(() => dialect.decodeAnswer({ id: 'x' }), { code: 'upstream_error' })
  t.end()
})

t.test('a whole answer decodes to the same parts as its stream', t => {
  const answer = collectAnswer(dialect.decodeAnswer({
    id: 'msg_1',
    model: 'c',
    role: 'assistant',
    type: 'message',
    stop_reason: 'tool_use',
    stop_sequence: null,
    context_management: { applied_edits: [] },
    copilot_usage: { total_nano_aiu: 9 },
    content: [{ type: 'thinking', thinking: 'hm', signature: 'S' }, { type: 'text', text: 'Hi', citations: null }, null,
      { type: 'tool_use', id: 't', name: 'f', input: { a: [1] } }] as unknown[],
    usage: { input_tokens: 10, cache_creation_input_tokens: 2, output_tokens: 5,
      output_tokens_details: { thinking_tokens: 3 } },
  }))
  t.match(answer, { finish: 'tool', usage: { input: 12, cacheWrite: 2, output: 5, reasoning: 3, nanoCredits: 9 },
    blocks: [{ carrier: { kind: 'm', item: { thinking: 'hm', signature: 'S' } } }, { text: 'Hi' }, {
      input: '{"a":[1]}',
    }] })
  t.end()
})
