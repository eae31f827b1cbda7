import t from 'tap'
import { openAiChat } from '../../../../src/dialects/chat/index.ts'
import { GatewayError } from '../../../../src/errors.ts'
import { chunk, collect, parts } from '../help.ts'

const call = (index: number, id: string, name: string, json?: string) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, ...(json === undefined ? {} : { arguments: json }) } }],
})
const more = (index: number, json: string) => ({ tool_calls: [{ index, function: { arguments: json } }] })
const end = (reason: string, rest = {}) => ({ ...chunk({ content: null }, { finish_reason: reason }), ...rest })
const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 60 }, completion_tokens_details: { reasoning_tokens: 8 } }
const blocks = (chunks: Parameters<typeof collect>[0]) => collect(chunks).blocks
const filtered = { choices: [], created: 0, id: '', prompt_filter_results: [] }

t.test("createDecoder() reads a stream of Copilot's OpenAI models (golden 3, 34, 35)", async t => {
  const answer = collect([filtered, { choices: null, copilot_references: [] },
    chunk({ content: '', role: 'assistant' }), chunk({ content: 'Hel' }), chunk({ content: 'lo' }), end('stop'), {
    choices: [],
    usage,
  }, '[DONE]'])
  t.match(answer, { id: 'chatcmpl-1', model: 'up', created: 1, finish: 'stop',
    usage: { input: 100, cacheRead: 60, output: 20, reasoning: 8 } })
  t.same(answer.blocks.map(block => [block.type, 'text' in block ? block.text : '']), [['text', 'Hello']])
})

t.test('createDecoder() reads usage from the finishing chunk too, and credits from any chunk', async t => {
  t.match(
    collect([chunk({ content: 'x' }), end('stop', { usage, copilot_usage: { total_nano_aiu: 5 } }), '[DONE]']).usage,
    { input: 100, nanoCredits: 5 },
  )
  t.match(
    collect([chunk({ content: 'x' }), end('stop', { copilot_usage: { total_nano_aiu: 5 } }), { choices: [], usage },
      '[DONE]']).usage,
    { input: 100, nanoCredits: 5 },
  )
  t.equal(collect([chunk({ content: 'x' }), end('stop'), '[DONE]']).usage, null)
})

t.test("createDecoder() separates Claude's parallel calls, which all have number 0 (golden 30, 31)", async t => {
  const answer = collect([chunk({ content: 'I look.' }), chunk(call(0, 'a', 'f')), chunk(more(0, '')),
    chunk(more(0, '{"x"')), chunk(more(0, ':1}')), chunk(call(0, 'b', 'g')), end('tool_calls'), '[DONE]'])
  t.match(answer, { finish: 'tool',
    blocks: [{ type: 'text' }, { callId: 'a', name: 'f', input: '{"x":1}' }, { callId: 'b', name: 'g', input: '{}' }] })
})

t.test('createDecoder() keeps interleaved calls apart, and text after them (golden 65, 66)', async t => {
  const answer = collect([chunk(call(0, 'a', 'f', '')), chunk(call(1, 'b', 'g', '')), chunk(more(0, '{"a"')),
    chunk(more(1, '{"b"')), chunk({ content: 'and' }), chunk(more(0, ':1}')), chunk(more(1, ':2}')), end('tool_calls')])
  t.match(answer.blocks, [{ input: '{"a":1}' }, { input: '{"b":2}' }, { type: 'text', text: 'and' }])
})

t.test('createDecoder() waits for a name, and makes an id if there is none', async t => {
  const late = collect([chunk({ tool_calls: [{ index: 0, id: 'a', function: { arguments: '{' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '}' } }] }), end('tool_calls')])
  t.match(late.blocks, [{ callId: 'a', name: 'f', input: '{}' }])
  t.match(blocks([chunk({ tool_calls: [{ index: 0, function: { name: 'f' } }] }), end('stop')]), [{
    callId: /^call_[0-9a-f]{32}$/,
  }])
  t.match(
    blocks([chunk({ function_call: { name: 'f', arguments: '' } }), chunk({ function_call: { arguments: '{"a":1}' } }),
      end('function_call')]),
    [{ name: 'f', input: '{"a":1}', kind: 'function' }],
  )
  t.match(
    blocks([chunk({ tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'p', input: '' } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: 'raw' } }] }), end('tool_calls')]),
    [{ kind: 'custom', name: 'p', input: 'raw' }],
  )
})

t.test('createDecoder() maps every finish reason (golden 32, 36, 71, 95)', async t => {
  for (const [delta, reason, finish] of [[{ content: 'x' }, 'stop', 'stop'], [call(0, 'a', 'f'), 'stop', 'tool'], [
    call(0, 'a', 'f'),
    'function_call',
    'tool',
  ], [{ content: 'x' }, 'function_call', 'stop'], [call(0, 'a', 'f'), 'length', 'length'], [{ content: 'x' }, 'length',
    'length'], [{ content: 'x' }, 'content_filter', 'filter'], [{ refusal: 'no' }, 'stop', 'refusal'], [{
    content: 'x',
  }, 'unknown_reason', 'stop']] as const) {
    t.equal(collect([chunk(delta), end(reason)]).finish, finish, `${reason} → ${finish}`)
  }
  t.match(blocks([chunk({ refusal: 'no' }), end('stop')]), [{ type: 'refusal', text: 'no' }])
})

t.test('createDecoder() reads reasoning under every name, and its state in pieces (golden 26, 67)', async t => {
  for (const name of ['reasoning_text', 'reasoning_content', 'reasoning', 'cot_summary']) {
    t.match(blocks([chunk({ [name]: 'Hm' }), end('stop')]), [{ type: 'reasoning', text: 'Hm', carrier: null }], name)
  }
  const before = blocks([chunk({ reasoning_text: 'Hm' }), chunk({ reasoning_opaque: 'O1' }),
    chunk({ reasoning_opaque: 'O2' }), chunk({ content: 'x' }), end('stop')])
  t.same(before[0], { type: 'reasoning', text: 'Hm',
    carrier: { kind: 'c', item: { reasoning_text: 'Hm', reasoning_opaque: 'O1O2' }, model: null } })
  t.equal(before.length, 2)
  const after = blocks([chunk({ reasoning_text: 'Hm' }), chunk({ content: 'x' }), chunk({ reasoning_opaque: 'O1' }),
    chunk({ reasoning_opaque: 'O2' }), chunk(call(0, 'a', 'f')), end('tool_calls')])
  t.match(after, [{ type: 'reasoning', carrier: null }, { type: 'text' }, { type: 'reasoning', text: '',
    carrier: { item: { reasoning_text: 'Hm', reasoning_opaque: 'O1O2' } } }, { type: 'tool-call' }])
  const withCall = blocks([chunk({ ...call(0, 'a', 'f', '{}'), reasoning_opaque: 'O1' }),
    chunk({ reasoning_opaque: 'O2' }), end('tool_calls')])
  t.match(withCall, [{ type: 'tool-call' }, { type: 'reasoning', carrier: { item: { reasoning_opaque: 'O1O2' } } }])
  t.match(blocks([chunk({ content: 'x' }), end('stop'), chunk({ cot_summary: 'late' })]), [{ type: 'text' }, {
    type: 'reasoning',
    text: 'late',
  }])
  t.same(
    Object.keys(
      (blocks([chunk({ cot_summary: 'Hm' }), chunk({ reasoning_opaque: 'O' }), end('stop')])[0] as {
        carrier: { item: object },
      }).carrier.item,
    ),
    ['reasoning_opaque'],
    "only Copilot's own state is kept",
  )
})

t.test("createDecoder() throws upstream's error, and an error for a cut stream (golden 51, 52)", async t => {
  t.throws(() => parts([chunk({ content: 'x' }), { error: { message: 'Boom', code: 'rate_limited' } }]), {
    code: 'rate_limited',
    message: 'Boom',
  })
  t.throws(() => parts([{ error: 'Boom' }]), { message: 'Boom' })
  t.throws(() => parts([chunk({ content: 'x' }), end('error')]), GatewayError)
  t.throws(() => parts([chunk({ content: 'x' })]), { code: 'upstream_error',
    message: 'upstream stream ended before completion' })
  t.throws(() => parts([]), GatewayError)
  t.throws(() => parts(['no json']), GatewayError)
  t.throws(() => parts(['[]']), GatewayError)
})

t.test('createDecoder() needs no [DONE], and reads nothing after it', async t => {
  t.equal(collect([chunk({ content: 'x' }), end('stop')]).finish, 'stop')
  t.equal(
    collect([chunk({ content: 'x' }), end('stop'), '[DONE]', chunk({ content: 'y' }), { error: {} }]).blocks.length,
    1,
  )
})

t.test("decodeAnswer() merges the choices into which Claude's answer is split (golden 33)", async t => {
  const answer = { id: 'msg_1', created: 1, model: 'claude', usage,
    choices: [{ index: 0, finish_reason: 'tool_calls',
      message: { role: 'assistant', content: 'I look.', reasoning_text: 'Hm', reasoning_opaque: 'O' } }, { index: 0,
      finish_reason: 'tool_calls',
      message: { role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }, { id: 'b',
          function: { name: 'g' } }] } }] }
  t.match(openAiChat.decodeAnswer(answer).filter(part => !part.type.endsWith('-delta')), [{ type: 'message-start',
    id: 'msg_1' }, { type: 'reasoning-start' }, { type: 'block-end',
    carrier: { item: { reasoning_text: 'Hm', reasoning_opaque: 'O' } } }, { type: 'text-start' }, { type: 'block-end' },
    { type: 'tool-call-start', callId: 'a' }, { type: 'tool-call-start', callId: 'b' }, { type: 'block-end' }, {
    type: 'block-end',
  }, { type: 'usage' }, { type: 'message-end', reason: 'tool' }])
})

t.test('an answer without choices or without an end is an error, not an empty answer', async t => {
  for (const choices of [[], null, [{ message: { content: 'x' } }], [{ finish_reason: '', message: {} }]]) {
    t.throws(() => openAiChat.decodeAnswer({ choices }), { code: 'upstream_error' })
  }
  for (const sent of [[filtered, '[DONE]'], ['[DONE]'], [chunk({ content: 'x' }), '[DONE]'], [chunk({ content: 'x' })],
    [{ usage: {} }, '[DONE]']]) t.throws(() => collect(sent), { code: 'upstream_error' })
  t.throws(() => openAiChat.decodeAnswer({}), GatewayError)
  t.throws(() => openAiChat.decodeAnswer({ error: { message: 'Boom' } }), { message: 'Boom' })
})

t.test('decodeAnswer() keeps citations and log-probabilities (golden 85)', async t => {
  const message = { content: 'See here.',
    annotations: [{ type: 'url_citation',
      url_citation: { url: 'https://x.test', title: 'X', start_index: 4, end_index: 8 } }] }
  const decoded = openAiChat.decodeAnswer({
    choices: [{ message, logprobs: { content: [{ token: 'See' }] }, finish_reason: 'stop' }],
  })
  t.match(decoded.find(part => part.type === 'citation'), { url: 'https://x.test', title: 'X', citedText: 'here' })
  t.match(decoded.find(part => part.type === 'block-end'), { logprobs: [{ token: 'See' }] })
})
