// From upstream's Responses to parts. `docs/spec/translation.md#responses-to-chat`,
// `docs/spec/translation.md#responses-to-messages`; `docs/spec/copilot.md#responses-stream`.
import t from 'tap'
import { collectAnswer } from '../../../../src/relay/collect.ts'
import { openAiResponses as dialect } from '../../../../src/dialects/responses/index.ts'
import { GatewayError } from '../../../../src/errors.ts'
import type { JsonObject } from '../../../../src/json.ts'
import { decode, failed } from '../kit.ts'

/** An event of an item, under a new id each time. */
let ids = 0
const ev = (type: string, output_index: number, more: JsonObject = {}) => ({ type: `response.${type}`, output_index,
  item_id: `opaque${ids++}`, ...more })
const added = (at: number, item: JsonObject) => ev('output_item.added', at, { item: { id: `opaque${ids++}`, ...item } })
const done = (at: number, item: JsonObject) => ev('output_item.done', at, { item: { id: `opaque${ids++}`, ...item } })
const created = { type: 'response.created',
  response: { id: 'AAAA', model: 'gpt-5.1-2025-11-13', created_at: 7, status: 'in_progress', output: [] } }
const completed = (output: JsonObject[], more: JsonObject = {}) => ({ type: 'response.completed',
  response: { id: 'AAAB', model: 'm', status: 'completed', output,
    usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 60 }, output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 8 } }, ...more } })
const message = (...texts: string[]) => ({ type: 'message', role: 'assistant',
  content: texts.map(text => ({ type: 'output_text', text, annotations: [] })) })
const reasoning = (encrypted: string | null, ...parts: string[]) => ({ type: 'reasoning',
  summary: parts.map(text => ({ type: 'summary_text', text })),
  ...(encrypted === null ? {} : { encrypted_content: encrypted }) })
const fn = (args: string, more: JsonObject = {}) => ({ type: 'function_call', call_id: 'call_1', name: 'f',
  arguments: args, ...more })
const answer = (...events: JsonObject[]) => collectAnswer(decode([created, ...events]))

t.test('golden 4, 6, 22, 57: text, a call in five pieces, usage; each event may have another id', t => {
  const got = answer(added(0, { type: 'message', content: [] }),
    ev('content_part.added', 0, { content_index: 0, part: { type: 'output_text', text: '' } }),
    ev('output_text.delta', 0, { content_index: 0, delta: 'Hel', obfuscation: 'x' }),
    ev('output_text.delta', 0, { content_index: 0, delta: 'lo' }),
    ev('output_text.done', 0, { content_index: 0, text: 'Hello' }), done(0, message('Hello')), added(1, fn('')),
    ...['{"a', '":', ' "b', ' c', '"}'].map(delta => ev('function_call_arguments.delta', 1, { delta })),
    ev('function_call_arguments.done', 1, { arguments: '{"a": "b c"}' }), done(1, fn('{"a": "b c"}')),
    completed([message('Hello'), fn('{"a": "b c"}')], { copilot_usage: { total_nano_aiu: 5 } }))
  t.match(got, { id: 'AAAA', model: 'gpt-5.1-2025-11-13', created: 7, finish: 'tool',
    usage: { input: 100, cacheRead: 60, cacheWrite: 0, output: 20, reasoning: 8, nanoCredits: 5 },
    blocks: [{ type: 'text', text: 'Hello', apart: false }, { type: 'tool-call', callId: 'call_1', name: 'f',
      kind: 'function', input: '{"a": "b c"}' }] })
  t.end()
})

t.test('golden 24, 68, 69: reasoning keeps its item; summaries and messages stay separate', t => {
  const item = { ...reasoning('E1', 'One.', 'Two.'), id: 'rs_a' }
  const got = answer(added(0, reasoning('')), ev('reasoning_summary_part.added', 0, { summary_index: 0 }),
    ev('reasoning_summary_text.delta', 0, { summary_index: 0, delta: 'One.' }),
    ev('reasoning_summary_text.delta', 0, { summary_index: 1, delta: 'Tw' }), done(0, item), added(1, reasoning(null)),
    done(1, reasoning(null)), added(2, reasoning('')), done(2, { ...reasoning('E2'), id: 'rs_b' }), added(3, message()),
    ev('output_text.delta', 3, { content_index: 0, delta: 'a' }), done(3, message('a', 'b')), added(4, message()),
    done(4, message('c')), completed([]))
  t.match(got.blocks, [{ type: 'reasoning', text: 'One.\n\nTwo.', carrier: { kind: 'r', item, model: null } }, {
    type: 'reasoning',
    text: '',
    carrier: { item: { id: 'rs_b', encrypted_content: 'E2' } },
  }, { text: 'a', apart: false }, { text: 'b', apart: false }, { text: 'c', apart: true }])
  t.equal(got.blocks.length, 5, 'reasoning without text and state is left out')
  t.equal(got.finish, 'stop')
  t.end()
})

t.test('interleaved items, and deltas of items that were never added', t => {
  const got = answer(added(0, fn('', { call_id: 'a' })), added(5, fn('', { call_id: 'b', name: 'g' })),
    ev('function_call_arguments.delta', 5, { delta: '{"g"' }),
    ev('function_call_arguments.delta', 0, { delta: '{"f":1}' }),
    ev('function_call_arguments.delta', 9, { delta: 'lost' }), ev('function_call_arguments.delta', 5, { delta: ':2}' }),
    done(5, fn('{"g":2}', { call_id: 'b', name: 'g' })), done(0, fn('{"f":1}', { call_id: 'a' })),
    completed([fn(''), fn('')]))
  t.match(got.blocks, [{ callId: 'a', input: '{"f":1}' }, { callId: 'b', input: '{"g":2}' }])
  t.equal(got.blocks.length, 2)
  t.end()
})

t.test('encrypted streaming arguments wait for their plain text; free text does not', t => {
  const call = (...pieces: string[]) =>
    answer(added(0, fn('')), ...pieces.map(delta =>
      ev('function_call_arguments.delta', 0, { delta, obfuscation: 'x' })
    ), ev('function_call_arguments.done', 0, { arguments: '{"a":1}' }), done(0, fn('{"a":1}')), completed([]))
  t.match(call('gAAAAABo', 'abc_-9=='), { blocks: [{ input: '{"a":1}' }] })
  t.match(call('{"a"', ':1}'), { blocks: [{ input: '{"a":1}' }] })
  t.match(call(), { blocks: [{ input: '{"a":1}' }] })
  const custom = { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: '' }
  const live = dialect.createDecoder()
  live.push(JSON.stringify(added(0, custom)), '')
  t.same(live.push(JSON.stringify(ev('custom_tool_call_input.delta', 0, { delta: 'Begin' })), ''), [],
    'it could still be encrypted')
  t.match(live.push(JSON.stringify(ev('custom_tool_call_input.delta', 0, { delta: ' Patch' })), ''), [{
    text: 'Begin Patch',
  }])
  t.match(live.push(JSON.stringify(ev('custom_tool_call_input.done', 0, { input: 'Begin Patch\nEnd' })), ''), [{
    text: '\nEnd',
  }])
  t.end()
})

t.test('golden 31: missing arguments become an empty object', t => {
  t.match(answer(added(0, fn('')), done(0, fn('')), completed([])), { blocks: [{ input: '{}' }] })
  t.end()
})

t.test('an item that was never streamed is taken from the completed event', t => {
  const all = [{ ...reasoning('E', 'Plan.'), id: 'rs' }, message('Hi'), fn('{}')]
  t.match(answer(completed(all)), { finish: 'tool',
    blocks: [{ type: 'reasoning', text: 'Plan.' }, { text: 'Hi' }, { callId: 'call_1' }] })
  t.match(
    answer(added(1, message()), ev('output_text.delta', 1, { content_index: 0, delta: 'H' }), completed(all)).blocks
      .map(block => block.type).sort(),
    ['reasoning', 'text', 'tool-call'],
  )
  t.match(collectAnswer(dialect.decodeAnswer({ id: 'x', model: 'm', status: 'completed', output: all })), { usage: null,
    blocks: [{ text: 'Plan.' }, { text: 'Hi' }, { input: '{}' }] }, 'a whole answer is the same')
  t.end()
})

t.test('golden 71, 85, 95: refusals, citations, filters', t => {
  t.match(
    answer(added(0, message()), ev('refusal.delta', 0, { content_index: 0, delta: 'No' }),
      done(0, { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }), completed([])),
    { finish: 'refusal', blocks: [{ type: 'refusal', text: 'No.' }] },
  )
  const annotation = (url: string) => ({ type: 'url_citation', url, title: 'T', start_index: 0, end_index: 2 })
  t.match(
    answer(added(0, message()),
      ev('output_text.delta', 0, { content_index: 0, delta: 'Hello', logprobs: [{ token: 'Hello', logprob: -1 }] }),
      ev('output_text.annotation.added', 0, { content_index: 0, annotation: annotation('https://a') }),
      done(0, { type: 'message',
        content: [{ type: 'output_text', text: 'Hello',
          annotations: [annotation('https://a'), annotation('https://b'), { type: 'file_path' }] }] }), completed([])),
    {
      blocks: [{ citations: [{ url: 'https://a', citedText: 'He' }, { url: 'https://b', title: 'T' }],
        logprobs: [{ token: 'Hello' }] }],
    },
  )
  const incomplete = (reason: string) =>
    decode([created, { type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason }, output: [message('cut')] } }]).at(-1)
  t.match(incomplete('content_filter'), { reason: 'filter' })
  t.match(incomplete('max_output_tokens'), { reason: 'length' })
  t.end()
})

t.test('golden 51 and failures: cut off, failed, cancelled, an error in either form', t => {
  t.match(failed(() => decode([created, added(0, message())])), { message: 'upstream stream ended before completion',
    status: 502 })
  t.match(
    failed(() =>
      decode([created, { type: 'response.failed',
        response: { error: { code: 'rate_limit_exceeded', message: 'slow' } } }])
    ),
    { code: 'rate_limit_exceeded', status: 429, message: 'slow' },
  )
  t.match(
    failed(() =>
      decode([created, { type: 'error', code: 'server_error', message: 'internal server error', param: null }])
    ),
    { code: 'server_error', status: 502 },
  )
  t.match(failed(() => decode([{ type: 'error', error: { code: 'context_length_exceeded', message: 'long' } }])), {
    code: 'context_length_exceeded',
    status: 400,
  })
  t.match(failed(() => decode([{ error: { code: 'user_global_rate_limited:enterprise', message: 'x' } }])), {
    code: 'user_global_rate_limited',
    status: 429,
  })
  t.match(
    failed(() =>
      dialect.decodeAnswer({ status: 'failed', output: [], error: { code: 'invalid_prompt', message: 'bad' } })
    ),
    { code: 'invalid_prompt', status: 400 },
  )
  t.match(failed(() => dialect.decodeAnswer({ status: 'cancelled', output: [] })), { status: 502 })
  t.match(failed(() => dialect.decodeAnswer({ choices: [] })), { status: 502 })
  t.throws(() => dialect.createDecoder().push('nonsense', ''), GatewayError)
  t.end()
})
