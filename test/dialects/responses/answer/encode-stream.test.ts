// From parts to Responses, through the vendors' accumulators. `docs/spec/translation.md#sdk-responses`,
// `docs/spec/translation.md#chat-to-responses`.
import t from 'tap'
import { openAiResponses as dialect } from '../../../../src/dialects/responses/index.ts'
import { GatewayError } from '../../../../src/errors.ts'
import type { Part } from '../../../../src/dialects/contract/part.ts'
import type { JsonObject } from '../../../../src/json.ts'
import { unpackCarrier } from '../../../../src/dialects/shared/carrier.ts'
import { accumulate, call, decodeText, encode, encodeOptions, end, eventsOf, everything, start, usage,
  vercel } from '../kit.ts'

const thought: Part[] = [start, { type: 'reasoning-start', block: 0 }, { type: 'reasoning-delta', block: 0,
  text: 'Plan.' }, { type: 'block-end', block: 0,
  carrier: { kind: 'm', item: { type: 'thinking', thinking: 'Plan.', signature: 'S' }, model: 'claude-sonnet-4.5' } }, {
  type: 'text-start',
  block: 1,
  apart: false,
}, { type: 'text-delta', block: 1, text: 'Hi ' }, { type: 'text-delta', block: 1, text: 'you' }, { type: 'block-end',
  block: 1 }, call(2, 'call_1', 'f'), { type: 'tool-call-delta', block: 2, text: '{"a"' }, { type: 'tool-call-delta',
  block: 2, text: ':1}' }, { type: 'block-end', block: 2 }, { type: 'usage', usage }, end('tool')]

t.test('golden 12 to 14 and 25: created to completed, constant ids, the whole output at the end', async t => {
  const sse = encode(thought)
  const events = eventsOf(sse)
  t.same(events.map(event => event.sequence_number), events.map((_event, at) => at), 'numbered without gaps')
  t.same(events.map(event => event.type.replace('response.', '')), ['created', 'in_progress', 'output_item.added',
    'reasoning_summary_part.added', 'reasoning_summary_text.delta', 'reasoning_summary_text.done',
    'reasoning_summary_part.done', 'output_item.done', 'output_item.added', 'content_part.added', 'output_text.delta',
    'output_text.delta', 'output_text.done', 'content_part.done', 'output_item.done', 'output_item.added',
    'function_call_arguments.delta', 'function_call_arguments.delta', 'function_call_arguments.done',
    'output_item.done', 'completed'])
  const response = await accumulate(sse)
  t.match(response, { id: 'resp_01', status: 'completed', model: 'my-model', created_at: 1_760_000_000,
    output_text: 'Hi you', store: false,
    output: [{ type: 'reasoning', id: /^rs_/, summary: [{ text: 'Plan.' }] }, { type: 'message', id: /^msg_/,
      status: 'completed', content: [{ type: 'output_text', text: 'Hi you', annotations: [] }] }, {
      type: 'function_call',
      id: /^fc_/,
      call_id: 'call_1',
      name: 'f',
      arguments: '{"a":1}',
      status: 'completed',
    }],
    usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 60, cache_write_tokens: 0 }, output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 8 }, total_tokens: 120 } })
  t.same(unpackCarrier(response.output[0].encrypted_content), { kind: 'm',
    item: { type: 'thinking', thinking: 'Plan.', signature: 'S' }, model: 'claude-sonnet-4.5' })
})

t.test('the Vercel AI SDK reads the same answer', async t => {
  const { text, reasoning, calls, errors } = await vercel(encode(thought))
  t.same(errors, [])
  t.match({ text, reasoning, calls }, { text: 'Hi you', reasoning: 'Plan.',
    calls: [{ toolCallId: 'call_1', toolName: 'f' }] })
})

t.test('reasoning shows only the parts that the client asked for', t => {
  for (const [body, shown, kept] of [[{}, false, false], [{ reasoning: { summary: 'auto' } }, true, false], [{
    include: ['reasoning.encrypted_content'],
  }, false, true]] as const) {
    const [item] = eventsOf(encode(thought, { model: 'm', input: 'x', ...body })).at(-1).response.output
    t.equal(item.type, 'reasoning')
    t.equal(item.summary.length > 0, shown)
    t.equal('encrypted_content' in item, kept)
  }
  t.end()
})

t.test('the text of several blocks is one message, unless it is separate', async t => {
  const text = (
    block: number,
    words: string,
    apart = false,
  ): Part[] => [{ type: 'text-start', block, apart }, { type: 'text-delta', block, text: words }, {
    type: 'block-end',
    block,
  }]
  const joined = await accumulate(encode([start, ...text(0, 'a'), ...text(1, 'b'), ...text(2, 'c', true), end()]))
  t.match(joined.output, [{ content: [{ text: 'ab' }] }, { content: [{ text: 'c' }] }])
  t.equal(joined.output.length, 2)
  const around = await accumulate(
    encode([start, ...text(0, 'a'), call(1, 'c1', 'f'), { type: 'block-end', block: 1 }, ...text(2, 'b'), end('tool')]),
  )
  t.match(around.output, [{ type: 'message' }, { type: 'function_call', arguments: '{}' }, { type: 'message',
    content: [{ text: 'b' }] }])
})

t.test('overlapping blocks keep their places', async t => {
  const response = await accumulate(
    encode([start, { type: 'text-start', block: 0, apart: false }, { type: 'text-delta', block: 0, text: 'a' },
      call(1, 'c1', 'f'), call(2, 'c2', 'g'), { type: 'tool-call-delta', block: 2, text: '{"g"' }, {
      type: 'tool-call-delta',
      block: 1,
      text: '{"f":1}',
    }, { type: 'text-delta', block: 0, text: 'b' }, { type: 'tool-call-delta', block: 2, text: ':2}' }, {
      type: 'block-end',
      block: 2,
    }, { type: 'block-end', block: 0 }, { type: 'block-end', block: 1 }, end('tool')]),
  )
  t.match(response.output, [{ content: [{ text: 'ab' }] }, { name: 'f', arguments: '{"f":1}' }, { name: 'g',
    arguments: '{"g":2}' }])
})

t.test('golden 36, 71, 95: how an answer ends', async t => {
  const text: Part[] = [start, { type: 'text-start', block: 0, apart: false }, { type: 'text-delta', block: 0,
    text: 'cut' }, { type: 'block-end', block: 0 }]
  t.match(await accumulate(encode([...text, end('length')])), { status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: [{ status: 'incomplete', content: [{ text: 'cut' }] }] })
  t.match(await accumulate(encode([...text, end('context')])), { status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' } })
  t.match(await accumulate(encode([...text, end('filter')])), { status: 'incomplete',
    incomplete_details: { reason: 'content_filter' }, output: [{ content: [{ text: 'cut' }] }] })
  for (const reason of ['stop', 'stop_sequence', 'pause', 'tool'] as const) {
    t.match(await accumulate(encode([...text, end(reason)])), { status: 'completed', incomplete_details: null })
  }
  const refused = encode([start, { type: 'refusal-start', block: 0 }, { type: 'refusal-delta', block: 0, text: 'No.' },
    { type: 'block-end', block: 0 }, end('refusal')])
  t.match(await accumulate(refused), { status: 'completed',
    output: [{ content: [{ type: 'refusal', refusal: 'No.' }] }] })
  t.same((await vercel(refused)).errors, [])
  t.match(await accumulate(encode([start, end()])), { status: 'completed', output: [], usage: { total_tokens: 0 } },
    'nothing at all')
})

t.test("golden 43, 45: free text, namespaces and the vendor's own tools come back in their form", async t => {
  const whole = (
    block: number,
    name: string,
    more: object,
    text: string,
  ): Part[] => [call(block, `c${block}`, name, more as never), { type: 'tool-call-delta', block, text }, {
    type: 'block-end',
    block,
  }]
  const sse = encode([start, ...whole(0, 'apply_patch', { kind: 'custom' }, '*** Begin'),
    ...whole(1, 'spawn', { namespace: 'agents' }, '{}'),
    ...whole(2, 'local_shell', { builtin: 'local_shell' }, '{"command":["ls","-l"],"workdir":"/tmp","timeout_ms":5}'),
    ...whole(3, 'shell', { builtin: 'shell' }, '{"commands":["ls"]}'),
    ...whole(4, 'apply_patch', { builtin: 'apply_patch' },
      '{"operation":{"type":"create_file","path":"a","diff":"+x"}}'),
    ...whole(5, 'tool_search', { builtin: 'tool_search' }, '{"query":"mail"}'),
    ...whole(6, 'shell', { builtin: 'shell' }, 'not json'), end('tool')])
  const { output } = await accumulate(sse)
  t.match(output, [{ type: 'custom_tool_call', id: /^ctc_/, input: '*** Begin' }, { type: 'function_call',
    name: 'spawn', namespace: 'agents' }, { type: 'local_shell_call', call_id: 'c2',
    action: { type: 'exec', command: ['ls', '-l'], working_directory: '/tmp', timeout_ms: 5, env: {} } }, {
    type: 'shell_call',
    action: { commands: ['ls'] },
  }, { type: 'apply_patch_call', operation: { type: 'create_file', path: 'a', diff: '+x' } }, {
    type: 'tool_search_call',
    execution: 'client',
    arguments: { query: 'mail' },
  }, { type: 'function_call', name: 'shell', arguments: 'not json' }])
  t.ok(output.every((item: { status: string }) => item.status === 'completed'))
})

t.test('an empty or repeated call id is replaced, because the SDK throws at it', async t => {
  const one = (block: number, id: string): Part[] => [call(block, id, 'f'), { type: 'block-end', block }]
  const { output } = await accumulate(encode([start, ...one(0, 'x'), ...one(1, 'x'), ...one(2, ''), end('tool')]))
  t.equal(new Set(output.map((item: { call_id: string }) => item.call_id)).size, 3)
})

t.test('citations point at the cited text, otherwise at the whole block', async t => {
  const response = await accumulate(
    encode([start, { type: 'text-start', block: 0, apart: false }, { type: 'text-delta', block: 0, text: 'One. ' }, {
      type: 'block-end',
      block: 0,
    }, { type: 'text-start', block: 1, apart: false }, { type: 'citation', block: 1, url: 'https://a', title: 'A',
      citedText: 'elsewhere' }, { type: 'text-delta', block: 1, text: 'Two is cited.' }, { type: 'citation', block: 1,
      url: 'https://b', title: 'B', citedText: 'Two' }, { type: 'block-end', block: 1,
      logprobs: [{ token: 'x', logprob: 0, bytes: [1], top_logprobs: [] }] }, end()]),
  )
  const [{ annotations, logprobs }] = response.output[0].content
  t.same(annotations, [{ type: 'url_citation', start_index: 5, end_index: 18, url: 'https://a', title: 'A' }, {
    type: 'url_citation',
    start_index: 5,
    end_index: 8,
    url: 'https://b',
    title: 'B',
  }])
  t.equal(logprobs.length, 1)
})

t.test('golden 51, 52: a failure completes the parts sent so far, even if there are none', async t => {
  const encoder = dialect.createEncoder(encodeOptions(everything))
  const failure = new GatewayError({ code: 'upstream_rate_limited', status: 429 }, 'Slow down.', {
    retryAfterSeconds: 7,
  })
  const sse = encoder.push(start) + encoder.push({ type: 'text-start', block: 0, apart: false })
    + encoder.push({ type: 'text-delta', block: 0, text: 'a' }) + encoder.fail(failure)
  t.match(await accumulate(sse), { status: 'failed',
    error: { code: 'rate_limit_exceeded', message: 'Slow down. Please try again in 7s.' },
    output: [{ content: [{ text: 'a' }] }] })
  t.equal(encoder.push(end()) + encoder.fail(failure), '', 'nothing follows')
  const early = dialect.createEncoder(encodeOptions(everything)).fail(new GatewayError('upstream_error', 'broken'))
  t.match(eventsOf(early), [{ type: 'response.created' }, { type: 'response.in_progress' }, { type: 'response.failed',
    response: { error: { code: 'server_error' } } }])
  t.match(await accumulate(early), { status: 'failed' })
  t.match(
    await accumulate(
      dialect.failStream(new GatewayError({ code: 'x', status: 400 }, 'prompt is too long: 9 tokens > 5 maximum')),
    ),
    { status: 'failed', error: { code: 'context_length_exceeded' } },
  )
  t.throws(() => decodeText(sse), GatewayError)
})

t.test('a completed answer is passed to `completed` once, as its last event has it', async t => {
  const answers: JsonObject[] = []
  const encoded = (reason: Parameters<typeof end>[0]) => {
    const encoder = dialect.createEncoder({ ...encodeOptions(), completed: answer => answers.push(answer) })
    return [...thought.slice(0, -1), end(reason)].map(part => encoder.push(part)).join('') + encoder.end()
  }
  const events = eventsOf(encoded('tool'))
  t.strictSame(JSON.parse(JSON.stringify(answers)), [events.at(-1).response])
  encoded('length')
  t.equal(answers.length, 1, 'a broken answer is not')
})
