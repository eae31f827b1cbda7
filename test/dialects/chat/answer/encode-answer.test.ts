import t from 'tap'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import { openAiChat } from '../../../../src/dialects/chat/index.ts'
import type { Answer, AnswerBlock, Part } from '../../../../src/dialects/contract/part.ts'
import type { Carrier } from '../../../../src/dialects/contract/prompt.ts'
import { GatewayError } from '../../../../src/errors.ts'
import { collectAnswer } from '../../../../src/relay/collect.ts'
import { chunksOf, facts, options, prompt, stream, type Json } from '../help.ts'

const usage = { input: 100, cacheRead: 60, cacheWrite: 10, output: 20, reasoning: 8, nanoCredits: 1 }
const carrier: Carrier = { kind: 'm', item: { type: 'thinking', thinking: 'T', signature: 'S' }, model: 'claude-x' }
const text = (content: string, more = {}): AnswerBlock => ({ type: 'text', text: content, apart: false, citations: [],
  logprobs: null, ...more })
const call = (callId: string, more = {}): AnswerBlock => ({ type: 'tool-call', callId, name: 'f', namespace: null,
  kind: 'function', builtin: null, input: '{"a":1}', ...more })
const encode = (answer: Partial<Answer>, more = {}): Json =>
  openAiChat.encodeAnswer({ id: 'msg_1', model: 'up', created: null, blocks: [], finish: 'stop', stopSequence: null,
    explanation: null, usage: null, ...answer }, options(more))
const start: Part = { type: 'message-start', id: 'resp_ab', model: 'up', created: 5 }
const finish = (reason: 'stop' | 'tool' | 'filter' = 'stop', explanation: string | null = null): Part => ({
  type: 'message-end',
  reason,
  stopSequence: null,
  explanation,
})
const textParts = (
  block: number,
  words: string,
  apart = false,
): Part[] => [{ type: 'text-start', block, apart }, { type: 'text-delta', block, text: words }, {
  type: 'block-end',
  block,
}]
const called = (block: number, callId: string, more = {}): Part => ({ type: 'tool-call-start', block, callId, name: 'f',
  namespace: null, kind: 'function', builtin: null, ...more })
const deltas = (sse: string): Json[] =>
  chunksOf(sse).filter(chunk => chunk !== '[DONE]').flatMap(chunk => chunk.choices.map((choice: Json) => choice.delta))

t.test('encodeAnswer() writes every field that a Chat client reads', async t => {
  const answer = encode({ blocks: [{ type: 'reasoning', text: 'Hm', carrier }, text('Hi')], usage })
  t.same(answer, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'asked',
    choices: [{ index: 0,
      message: { role: 'assistant', content: 'Hi', refusal: null, annotations: [], reasoning_content: 'Hm',
        reasoning_opaque: packCarrier(carrier) }, logprobs: null, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 8, audio_tokens: 0, accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0 },
    },
  })
  t.notOk('usage' in encode({}))
})

t.test('encodeAnswer() has null content next to calls, and an empty text for an empty answer', async t => {
  const message = (...blocks: AnswerBlock[]) => encode({ blocks, finish: 'tool' }).choices[0].message
  t.match(message(call('c')), { content: null,
    tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] })
  t.match(message(call('c', { kind: 'custom', input: 'raw' })), {
    tool_calls: [{ type: 'custom', custom: { name: 'f', input: 'raw' } }],
  })
  t.equal(message().content, '')
  t.notOk('tool_calls' in message())
  t.match(message({ type: 'refusal', text: 'no' }), { content: null, refusal: 'no' })
})

t.test('encodeAnswer() answers with a function_call if the request had functions (golden 73)', async t => {
  const legacy = { prompt: prompt({ body: { functions: [{ name: 'f' }] } }) }
  const [choice] = encode({ blocks: [call('c'), call('d')], finish: 'tool' }, legacy).choices
  t.match(choice, { finish_reason: 'function_call',
    message: { function_call: { name: 'f', arguments: '{"a":1}' }, tool_calls: undefined } })
  t.match(
    deltas(
      stream([start, called(0, 'c'), { type: 'tool-call-delta', block: 0, text: '{}' }, { type: 'block-end', block: 0 },
        called(1, 'd'), finish('tool')], legacy),
    ),
    [{}, { function_call: { name: 'f', arguments: '' } }, { function_call: { arguments: '{}' } }, {}],
  )
})

t.test('encodeAnswer() gives the finish reason (golden 36, 64, 71, 96)', async t => {
  for (const [given, blocks, reason] of [['stop', [], 'stop'], ['stop_sequence', [], 'stop'], ['pause', [], 'stop'], [
    'tool',
    [call('c')],
    'tool_calls',
  ], ['stop', [call('c')], 'tool_calls'], ['tool', [], 'stop'], ['length', [call('c')], 'length'], ['context', [],
    'length'], ['filter', [], 'content_filter'], ['refusal', [], 'stop']] as const) {
    t.equal(encode({ finish: given, blocks }).choices[0].finish_reason, reason, given)
  }
  t.equal(encode({ finish: 'filter', explanation: 'Not this.' }).choices[0].message.refusal, 'Not this.')
})

t.test('encodeAnswer() and createEncoder() join texts alike, and cite in the joined text (golden 69, 85)', async t => {
  const citation = { url: 'https://x.test', title: 'X', citedText: null }
  const given: Part[] = [start, ...textParts(0, 'One'), ...textParts(1, 'Two', true), called(2, 'c'), {
    type: 'block-end',
    block: 2,
  }, { type: 'text-start', block: 3, apart: false }, { type: 'text-delta', block: 3, text: 'Three' }, {
    type: 'citation',
    block: 3,
    ...citation,
  }, { type: 'block-end', block: 3 }, ...textParts(4, '!'), finish('tool')]
  const whole: Json = openAiChat.encodeAnswer(collectAnswer(given), options())
  const content = 'One\n\nTwo\n\nThree!'
  const annotation = { type: 'url_citation',
    url_citation: { url: 'https://x.test', title: 'X', start_index: 10, end_index: 15 } }
  t.match(whole.choices[0].message, { content, annotations: [annotation] })
  const streamed = deltas(stream(given))
  t.equal(streamed.map(delta => delta.content ?? '').join(''), content)
  t.same(streamed.find(delta => delta.annotations !== undefined).annotations, [annotation])
})

t.test('createEncoder() sends one role, null reasons, one reason, and requested usage (golden 17, 18)', async t => {
  const given: Part[] = [start, ...textParts(0, 'Hi'), { type: 'usage', usage }, finish()]
  const silent = chunksOf(stream(given))
  t.same(silent.map(chunk => chunk.choices?.[0].delta), [{ role: 'assistant', content: '' }, { content: 'Hi' }, {},
    undefined])
  t.same(silent.slice(0, 3).map(chunk => chunk.choices[0].finish_reason), [null, null, 'stop'])
  t.match(silent[0], { id: 'chatcmpl-ab', object: 'chat.completion.chunk', created: 5, model: 'asked' })
  t.ok(silent.slice(0, 3).every(chunk => !('usage' in chunk)))
  const counted = chunksOf(stream(given, { facts: facts({ includeUsage: true }) }))
  t.same(counted.slice(0, 3).map(chunk => chunk.usage), [null, null, null])
  t.match(counted.slice(3), [{ choices: [], usage: { prompt_tokens: 100, total_tokens: 120 } }, '[DONE]'])
})

t.test('createEncoder() names a call in its first delta only (golden 19, 31)', async t => {
  const given = (
    block: number,
  ): Part[] => [called(block, `c${block}`), { type: 'tool-call-delta', block, text: '{"a"' }, { type: 'tool-call-delta',
    block, text: ':1}' }, { type: 'block-end', block }]
  t.same(
    deltas(
      stream([start, ...given(0), called(1, 'c1'), { type: 'block-end', block: 1 }, called(2, 'c2', { kind: 'custom' }),
        { type: 'tool-call-delta', block: 2, text: 'raw' }, finish('tool')]),
    ).slice(1, -1).map(delta =>
      delta.tool_calls[0]
    ),
    [{ index: 0, id: 'c0', type: 'function', function: { name: 'f', arguments: '' } }, { index: 0,
      function: { arguments: '{"a"' } }, { index: 0, function: { arguments: ':1}' } }, { index: 1, id: 'c1',
      type: 'function', function: { name: 'f', arguments: '' } }, { index: 1, function: { arguments: '{}' } }, {
      index: 2,
      id: 'c2',
      type: 'custom',
      custom: { name: 'f', input: '' },
    }, { index: 2, custom: { input: 'raw' } }],
  )
})

t.test('createEncoder() keeps the order of overlapping texts', async t => {
  const given: Part[] = [start, { type: 'text-start', block: 0, apart: false }, { type: 'text-start', block: 1,
    apart: true }, { type: 'text-delta', block: 1, text: 'b' }, { type: 'text-delta', block: 0, text: 'a' }, {
    type: 'block-end',
    block: 1,
  }, { type: 'text-delta', block: 0, text: 'A' }, finish()]
  t.equal(deltas(stream(given)).map(delta => delta.content ?? '').join(''), 'aA\n\nb')
})

t.test('createEncoder() sends the state of all reasoning once, at the end', async t => {
  const thought = (
    block: number,
  ): Part[] => [{ type: 'reasoning-start', block }, { type: 'reasoning-delta', block, text: `T${block}` }, {
    type: 'block-end',
    block,
    carrier,
  }]
  const given = deltas(stream([start, ...thought(0), ...textParts(1, 'x'), ...thought(2), finish()]))
  t.same(given.slice(1, -1), [{ reasoning_content: 'T0' }, { content: 'x' }, { reasoning_content: '\n\nT2' }, {
    reasoning_opaque: `${packCarrier(carrier)}~${packCarrier(carrier)}`,
  }])
})

t.test('createEncoder() passes log-probabilities on only if the client asked for them', async t => {
  const given: Part[] = [start, { type: 'text-start', block: 0, apart: false }, { type: 'text-delta', block: 0,
    text: 'x' }, { type: 'block-end', block: 0, logprobs: [{ token: 'x' }] }, finish()]
  t.same(chunksOf(stream(given, { prompt: prompt({ topLogprobs: 1 }) })).map(chunk => chunk.choices?.[0].logprobs), [
    null,
    null,
    { content: [{ token: 'x' }], refusal: null },
    null,
    undefined,
  ])
  t.ok(chunksOf(stream(given)).slice(0, -1).every(chunk => chunk.choices[0].logprobs === null))
})

t.test('createEncoder() ends a broken answer with an error and nothing else', async t => {
  const encoder = openAiChat.createEncoder(options())
  const sse = encoder.push(start) + encoder.fail(new GatewayError('upstream_error', 'Boom')) + encoder.push(finish())
    + encoder.end()
  t.match(chunksOf(sse), [{}, { error: { message: 'Boom', code: 'upstream_error' } }])
  t.equal(chunksOf(sse).length, 2)
})
