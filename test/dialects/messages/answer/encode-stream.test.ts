import t from 'tap'
import type { Part } from '../../../../src/dialects/contract/part.ts'
import { accumulate, dialect, encode, events, head, options, tail, usage, vercel, type Json } from '../fixtures.ts'

const types = (sse: string): unknown[] => events(sse).map(event => event.type)
const call = (block: number, callId: string, name = 'f'): Part => ({ type: 'tool-call-start', block, callId, name,
  namespace: null, kind: 'function', builtin: null })
const input = (block: number, text: string): Part => ({ type: 'tool-call-delta', block, text })
const say = (block: number, text: string): Part => ({ type: 'text-delta', block, text })
const think = (block: number, text: string): Part => ({ type: 'reasoning-delta', block, text })
const end = (block: number): Part => ({ type: 'block-end', block })
const text = (block: number): Part => ({ type: 'text-start', block, apart: false })
const carrier = { kind: 'r', item: { type: 'reasoning', id: 'rs_a', summary: [], encrypted_content: 'E1' },
  model: 'gpt-5.1' } as const
const done: Part = { ...tail, reason: 'tool' } as Part

t.test('a stream of reasoning, text and a call is written event by event', async t => {
  const sse = encode([head, { type: 'reasoning-start', block: 0 }, think(0, 'Plan.'), { type: 'block-end', block: 0,
    carrier }, text(1), say(1, 'Hi'), end(1), call(2, 'call_1'), input(2, '{"a":1}'), end(2), usage, done])
  t.same(types(sse), ['message_start', 'ping', 'content_block_start', 'content_block_delta', 'content_block_delta',
    'content_block_stop', 'content_block_start', 'content_block_delta', 'content_block_stop', 'content_block_start',
    'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop'])
  t.match(events(sse)[0].message, { id: 'msg_1', model: 'asked', content: [],
    usage: { input_tokens: 98, output_tokens: 0 } })
  t.match(events(sse).at(-2), { delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { input_tokens: 30, cache_read_input_tokens: 60, cache_creation_input_tokens: 10, output_tokens: 20 } })
  const message = await accumulate(sse)
  t.match(message.content, [{ type: 'thinking', thinking: 'Plan.', signature: /^cpt1\.r\./ }, { type: 'text',
    text: 'Hi' }, { type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } }])
  t.notOk((await vercel(sse)).some(part => part.type === 'error'))
})

t.test('overlapping blocks are written one after another, each whole (golden 30, 65)', async t => {
  const sse = encode([head, call(0, 'a'), input(0, '{"x"'), call(1, 'b', 'g'), input(1, '{"y":'), input(0, ':1}'),
    text(2), say(2, 'so'), input(1, '2}'), end(1), end(2), end(0), done])
  const seen = events(sse).filter(event => 'index' in event).map(event => event.index as number)
  t.same(seen, seen.toSorted(), 'no index is used twice')
  t.match((await accumulate(sse)).content, [{ id: 'a', input: { x: 1 } }, { id: 'b', name: 'g', input: { y: 2 } }, {
    type: 'text',
    text: 'so',
  }])
})

t.test('the first open block streams as it arrives, also after it had to wait', t => {
  const encoder = dialect.createEncoder(options())
  const push = (part: Part): unknown[] => types(encoder.push(part))
  push(head)
  push(text(0))
  t.same(push(say(0, 'a')), ['content_block_start', 'content_block_delta'])
  t.same(push(call(1, 'x')), [])
  t.same(push(input(1, '{"a":')), [])
  t.same(push(end(0)), ['content_block_stop', 'content_block_start', 'content_block_delta'])
  t.same(push(input(1, '1}')), ['content_block_delta'])
  t.end()
})

t.test('no block is empty, and hidden blocks leave no gap in the indices', async t => {
  const parts: Part[] = [head, { type: 'reasoning-start', block: 0 }, end(0), text(1), end(1), text(2), say(2, 'x'),
    end(2), tail]
  t.match((await accumulate(encode(parts))).content, [{ type: 'text', text: 'x' }])
  t.same((await accumulate(encode([head, tail]))).content, [])
})

t.test('only a client with thinking gets thoughts, and only one that wants it their text', async t => {
  const parts: Part[] = [head, { type: 'reasoning-start', block: 0 }, think(0, 'hm'), { type: 'block-end', block: 0,
    carrier }, text(1), say(1, 'x'), end(1), tail]
  for (const thinking of [null, 'off'] as const) {
    t.match((await accumulate(encode(parts, { thinking }))).content, [{ type: 'text' }])
  }
  t.match((await accumulate(encode(parts, { showReasoning: false }))).content, [{ type: 'thinking', thinking: '',
    signature: /^cpt1/ }, { type: 'text' }])
  t.match((await accumulate(encode(parts, { thinking: 'on' }))).content, [{ type: 'thinking', thinking: 'hm' }, {
    type: 'text',
  }])
})

t.test('state without text is a thinking block from Responses, a redacted one from Chat (golden 67, 68)', async t => {
  const empty = (
    kind: 'r' | 'c',
  ): Part[] => [head, { type: 'reasoning-start', block: 0 }, { type: 'block-end', block: 0,
    carrier: { kind, item: { x: 1 }, model: null } }, tail]
  t.match((await accumulate(encode(empty('r')))).content, [{ type: 'thinking', thinking: '', signature: /^cpt1\.r/ }])
  t.match((await accumulate(encode(empty('c')))).content, [{ type: 'redacted_thinking', data: /^cpt1\.c/ }])
  t.notOk((await vercel(encode(empty('c')))).some(part => part.type === 'error'))
})

t.test("a tool's input is a JSON object, or the stream fails", async t => {
  const inputs: ReadonlyArray<readonly [string[], object]> = [[[], {}], [[''], {}], [['{}'], {}], [['null'], {}], [[
    '  ',
    'nu',
    'll',
  ], {}], [['{"a":1} '], { a: 1 }], [['{"a":"line\n', 'break \\', 'd"}'], { a: 'line\nbreak \\d' }]]
  for (const [pieces, expected] of inputs) {
    const sse = encode([head, call(0, 'a'), ...pieces.map(piece => input(0, piece)), end(0), done])
    const message: Json = await accumulate(sse)
    t.same(message.content[0].input, expected, pieces.join(''))
  }
  for (const pieces of [['{"a":"x'], ['{"a":1}', 'junk'], ['nonsense'], ['[1]'], ['{"a":tru'], ['{"a":1,'], ['"{}"'], [
    'nul',
  ]]) {
    t.throws(() => encode([head, call(0, 'a'), ...pieces.map(piece => input(0, piece)), end(0), done]), {
      code: 'upstream_error',
    }, pieces.join(''))
  }
  const custom: Part[] = [head, { ...call(0, 'a'), kind: 'custom' } as Part, input(0, 'say "hi"\n'), input(0, '\ud83d'),
    input(0, '\ude00'), end(0), done]
  t.same((await accumulate(encode(custom))).content[0].input, { input: 'say "hi"\n😀' })
})

t.test('citations belong to their text, also if they come before it (golden 85)', async t => {
  const citation: Part = { type: 'citation', block: 0, url: 'https://a.example', title: 'A', citedText: null }
  const sse = encode([head, text(0), citation, say(0, 'x'), { ...citation, title: 'B', citedText: 'x' }, end(0), tail])
  t.match((await accumulate(sse)).content[0].citations, [{ type: 'web_search_result_location', title: 'A',
    cited_text: '' }, { title: 'B', cited_text: 'x' }])
  t.notOk((await vercel(sse)).some(part => part.type === 'error'))
})

t.test('every finish reason has its stop reason', async t => {
  const table = [['stop', 'end_turn'], ['length', 'max_tokens'], ['context', 'max_tokens'], ['filter', 'refusal'], [
    'refusal',
    'refusal',
  ], ['pause', 'pause_turn'], ['tool', 'end_turn']] as const
  for (const [reason, word] of table) {
    t.equal((await accumulate(encode([head, text(0), say(0, 'x'), end(0), { ...tail, reason } as Part]))).stop_reason,
      word, reason)
  }
  t.match(await accumulate(encode([head, { ...tail, reason: 'stop_sequence', stopSequence: 'END' } as Part])), {
    stop_reason: 'stop_sequence',
    stop_sequence: 'END',
  })
  t.match(await accumulate(encode([head, { ...tail, reason: 'filter', explanation: 'why' } as Part])), {
    stop_details: { type: 'refusal', category: null, explanation: 'why' },
  })
  t.equal((await accumulate(encode([head, call(0, 'a'), end(0), tail]))).stop_reason, 'tool_use')
})

t.test('a failure is an error event, nothing follows it, and nothing comes after an end', async t => {
  const encoder = dialect.createEncoder(options())
  const { GatewayError } = await import('../../../../src/errors.ts')
  const sse = encoder.push(head) + encoder.push(text(0)) + encoder.push(say(0, 'x'))
    + encoder.fail(new GatewayError('upstream_error', 'gone'))
  t.same(types(sse).at(-1), 'error')
  t.equal(encoder.push(end(0)) + encoder.push(tail) + encoder.end() + encoder.fail(new GatewayError('internal', 'x')),
    '')
  await t.rejects(accumulate(sse), /gone/)
  t.match((await vercel(sse)).at(-1)?.type ?? '', /error|finish/)
})

t.test('missing usage is estimated, because its fields are required', async t => {
  t.match((await accumulate(encode([head, text(0), say(0, 'four words of text'), end(0), tail]))).usage, {
    input_tokens: 98,
    output_tokens: 5,
  })
})
