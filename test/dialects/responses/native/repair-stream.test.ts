// Repairs Copilot's own Responses answers for OpenAI's SDKs. `docs/spec/copilot.md#responses-answer`,
// `docs/spec/copilot.md#responses-stream`; `docs/spec/translation.md#same-dialect`,
// `docs/spec/translation.md#sdk-responses`.
import t from 'tap'
import { openAiResponses as dialect } from '../../../../src/dialects/responses/index.ts'
import { GatewayError } from '../../../../src/errors.ts'
import type { JsonObject } from '../../../../src/json.ts'
import { accumulate, answerOptions, encode, end, eventsOf, failed, start, repaired, vercel, type Json } from '../kit.ts'

let ids = 0
const id = () => `opaque/${ids++}+=`
const ev = (type: string, output_index: number, more: JsonObject = {}) => ({ type: `response.${type}`, output_index,
  item_id: id(), sequence_number: 99, obfuscation: 'xx', ...more })
const item = (more: JsonObject) => ({ id: id(), ...more })
const response = (status: string, output: JsonObject[] = []) => ({ id: id(), object: 'response', created_at: 7,
  model: 'gpt-5.1-2025-11-13', status, output, output_text: null })
const created = () => ({ type: 'response.created', response: response('in_progress') })
const completed = (...output: JsonObject[]) => ({
  type: 'response.completed',
  response: { ...response('completed', output), copilot_usage: { total_nano_aiu: 3 },
    usage: { input_tokens: 14, input_tokens_details: { cached_tokens: 4 }, output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 1 }, total_tokens: 16 } },
})
const message = (text: string) =>
  item({ type: 'message', role: 'assistant', status: 'completed',
    content: [{ type: 'output_text', text, annotations: [], logprobs: [] }] })
const call = (args: string, more: JsonObject = {}) =>
  item({ type: 'function_call', call_id: 'call_1', name: 'f', status: 'completed', arguments: args, ...more })

const normal = () => [created(), { type: 'response.in_progress', response: response('in_progress') }, {
  type: 'response.copilot.note',
  note: 'x',
}, { type: 'ping' }, { note: 'no type' },
  ev('output_item.added', 0, { item: item({ type: 'reasoning', summary: [], encrypted_content: '' }) }),
  ev('output_item.done', 0, { item: item({ type: 'reasoning', summary: [], encrypted_content: 'E' }) }),
  ev('output_item.added', 1, {
    item: item({ type: 'message', role: 'assistant', status: 'in_progress', content: [] }),
  }),
  ev('content_part.added', 1, { content_index: 0,
    part: { type: 'output_text', text: '', annotations: [], logprobs: [] } }),
  ev('output_text.delta', 1, { content_index: 0, delta: 'Hel', logprobs: [], copilot_annotations: {} }),
  ev('output_text.delta', 1, { content_index: 0, delta: 'lo', logprobs: [] }),
  ev('output_text.done', 1, { content_index: 0, text: 'Hello', logprobs: [] }),
  ev('content_part.done', 1, { content_index: 0,
    part: { type: 'output_text', text: 'Hello', annotations: [], logprobs: [] } }),
  ev('output_item.done', 1, { item: message('Hello') }),
  ev('output_item.added', 2, { item: call('', { status: 'in_progress' }) }),
  ev('function_call_arguments.delta', 2, { delta: '{"a":1}' }),
  ev('function_call_arguments.done', 2, { arguments: '{"a":1}' }), ev('output_item.done', 2, { item: call('{"a":1}') }),
  completed(item({ type: 'reasoning', summary: [], encrypted_content: 'E' }), message('Hello'), call('{"a":1}'))]

t.test('golden 57: constant ids, gapless numbers, no padding, no unknown event', async t => {
  const repair = dialect.createRepair(answerOptions())
  const sse = repaired(normal(), repair)
  const events = eventsOf(sse)
  t.same(events.map(event => event.sequence_number), events.map((_event, at) => at))
  t.notMatch(sse, /obfuscation|copilot_annotations|copilot.note|"output_text":null|ping/)
  t.equal(new Set(events.flatMap(event => event.response?.id ?? [])).size, 1)
  for (const at of [0, 1, 2]) {
    t.equal(
      new Set(events.flatMap(event =>
        event.output_index === at ? [event.item?.id ?? event.item_id] : event.response?.output?.[at]?.id ?? []
      )).size,
      1,
    )
  }
  t.match(await accumulate(sse), { status: 'completed', output_text: 'Hello',
    output: [{ encrypted_content: 'E' }, { content: [{ text: 'Hello' }] }, { arguments: '{"a":1}' }] })
  const { text, calls, errors } = await vercel(sse)
  t.match({ text, calls, errors }, { text: 'Hello', calls: [{ toolName: 'f', input: { a: 1 } }], errors: [] })
  t.same(repair.usage(), { input: 14, cacheRead: 4, cacheWrite: 0, output: 2, reasoning: 1, nanoCredits: 3 })
  t.ok(repair.isDone())
})

t.test('a correct stream passes unchanged', t => {
  const repair = dialect.createRepair(answerOptions())
  const events = eventsOf(
    encode([start, { type: 'text-start', block: 0, apart: false }, { type: 'text-delta', block: 0, text: 'a' }, {
      type: 'block-end',
      block: 0,
    }, end()]),
  )
  const untouched = events.filter(event => repair.event(JSON.stringify(event), event.type) === null).map(event =>
    event.type
  )
  t.same(untouched, ['response.output_item.added', 'response.content_part.added', 'response.output_text.delta',
    'response.output_text.done', 'response.output_item.done'])
  t.end()
})

t.test('encrypted streaming arguments come as one delta in clear text, and empty arguments as {}', async t => {
  const run = (args: string, ...deltas: string[]) =>
    eventsOf(
      repaired([created(), ev('output_item.added', 0, { item: call('') }), ...deltas.map(delta =>
        ev('function_call_arguments.delta', 0, { delta })
      ), ev('function_call_arguments.done', 0, { arguments: args }), ev('output_item.done', 0, { item: call(args) }),
        completed(call(args))]),
    )
  const deltas = (events: Json[]) => events.filter(event => event.type.endsWith('.delta')).map(event => event.delta)
  t.same(deltas(run('{"a":1}', 'gAAAA', 'BBBB==')), ['{"a":1}'])
  t.same(deltas(run('{"a":1}', '{"a"', ':1}')), ['{"a"', ':1}'])
  t.same(deltas(run('{"a":1}', '{"a"')), ['{"a"', ':1}'], 'the rest that was never streamed')
  const empty = run('')
  t.same(deltas(empty), ['{}'])
  t.match([empty.at(-3), empty.at(-2), empty.at(-1)], [{ arguments: '{}' }, { item: { arguments: '{}' } }, {
    response: { output: [{ arguments: '{}' }] },
  }])
})

t.test('missing parts are added: the first event, items, parts, ends, the output', async t => {
  const rows: JsonObject[][] = [[ev('output_item.added', 0, { item: { type: 'message' } }),
    ev('output_text.delta', 0, { content_index: 0, delta: 'Hello' }), completed(message('Hello'))], [created(),
    ev('output_item.done', 0, { item: message('Hello') }), completed()], [created(), completed(message('Hello'))], [
    created(),
    ev('output_text.delta', 0, { content_index: 0, delta: 'Hello' }),
    ev('output_item.added', 1, { item: { type: 'reasoning' } }),
    ev('reasoning_summary_text.delta', 1, { summary_index: 0, delta: 'hm' }),
    completed(message('Hello'), item({ type: 'reasoning' })),
  ], [created(), created(), ev('output_item.added', 0, { item: { type: 'message', id: 'a' } }),
    ev('output_item.added', 0, { item: { type: 'message', id: 'b' } }),
    ev('content_part.added', 0, { content_index: 4, part: { type: 'output_text' } }),
    ev('output_item.done', 0, { item: message('Hello') }), completed()]]
  for (const events of rows) {
    const sse = repaired(events)
    t.match(await accumulate(sse), { status: 'completed', output_text: 'Hello' })
    const sent = eventsOf(sse)
    t.equal(sent.filter(event => event.type === 'response.output_item.done').length, sent.at(-1).response.output.length,
      'every item ends')
    t.same((await vercel(sse)).errors, [])
  }
  const twice = await accumulate(repaired([created(), completed(call('{}', { id: 'x' }), call('{}', { id: 'x' }))]))
  t.equal(new Set(twice.output.map((one: Json) => one.call_id)).size, 2)
})

t.test('failures: early, late, cut off, nested, and the error that the client gets', async t => {
  for (const [event, error] of [[{ type: 'response.failed',
    response: { error: { code: 'server_error', message: 'internal server error' } } }, { code: 'server_error',
    status: 502 }], [{ type: 'error', code: 'rate_limited', message: 'slow' }, { code: 'rate_limited', status: 429 }], [
    { type: 'error', error: { code: 'quota_exceeded', message: 'no' } },
    { code: 'insufficient_quota', status: 402 },
  ], [{ error: { message: 'bare' } }, { code: 'upstream_error', message: 'bare' }], [{ type: 'response.cancelled' }, {
    status: 502,
  }]] as const) {
    t.match(failed(() => repaired([created(), event])), error)
  }
  t.match(failed(() => repaired(normal().slice(0, -1))), { message: 'upstream stream ended before completion' })
  t.match(failed(() => dialect.createRepair(answerOptions()).event('nonsense', '')), { status: 502 })
  t.equal(dialect.createRepair(answerOptions()).event('nonsense', 'ping'), '')
  for (const count of [0, 1, 8, 12, 16]) {
    const repair = dialect.createRepair(answerOptions())
    const sse = normal().slice(0, count).map(event =>
      repair.event(JSON.stringify(event), String(event.type)) ?? ''
    ).join('') + (repair.fail?.(new GatewayError('upstream_error', 'broke')) ?? '')
    t.match(await accumulate(sse), { status: 'failed', error: { code: 'server_error', message: 'broke' } },
      `after ${count} events`)
    t.equal(repair.fail?.(new GatewayError('upstream_error', 'again')), '')
  }
})

t.test('a whole answer: ids, arrays, no output_text; and as a stream', async t => {
  const raw = { ...response('completed', [item({ type: 'reasoning' }), message('Hello'), call(''), call('{}')]), id: '',
    usage: { input_tokens: 1, output_tokens: 2 } }
  const { answer, usage } = dialect.repairAnswer(raw, answerOptions())
  t.match(answer, { id: /^resp_/, object: 'response',
    output: [{ summary: [] }, {}, { arguments: '{}', call_id: 'call_1' }, { call_id: /^call_0/ }] })
  t.notOk('output_text' in answer)
  t.match(usage, { input: 1, output: 2, cacheRead: 0 })
  const other = dialect.repairAnswer({
    ...response('incomplete', [item({ type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }, 7] }),
      item({ type: 'custom_tool_call', call_id: 'c', name: 'p', input: 'free', status: 'completed' }),
      item({ type: 'web_search_call', status: 'completed' }),
      item({ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] })]),
  }, answerOptions()).answer
  t.match(await accumulate(dialect.toStream?.(other, answerOptions()) ?? ''), { status: 'incomplete',
    output: [{ summary: [{ text: 'hm' }] }, { input: 'free' }, { type: 'web_search_call' }, {
      content: [{ refusal: 'No.' }],
    }] })
  const sse = dialect.toStream?.(answer, answerOptions()) ?? ''
  t.same((await accumulate(sse)).output.map((one: Json) => one.id), (answer['output'] as Json[]).map(one => one.id))
  t.match(await vercel(sse), { text: 'Hello', errors: [] })
  t.match(
    failed(() =>
      dialect.repairAnswer({ status: 'failed', output: [], error: { code: 'server_error', message: 'x' } },
        answerOptions())
    ),
    { code: 'server_error', status: 502 },
  )
  t.throws(() => dialect.repairAnswer({ choices: [] }, answerOptions()), GatewayError)
})

t.test('golden 92: many small deltas and one huge one take linear time', t => {
  const many = (count: number) => {
    const events = [created(), ev('output_item.added', 0, { item: call('') }),
      ...Array.from({ length: count }, () => ev('function_call_arguments.delta', 0, { delta: 'A' })),
      ev('function_call_arguments.done', 0, { arguments: '{}' }), completed()]
    const before = performance.now()
    repaired(events)
    const decoder = dialect.createDecoder()
    for (const event of events) decoder.push(JSON.stringify(event), '')
    return performance.now() - before
  }
  many(2_000)
  const [small, large] = [many(4_000), many(40_000)]
  t.ok(large < small * 40 + 200, `${small} ms, ${large} ms`)
  t.end()
})

t.test('a completed answer is passed on once, as its last event has it, with its reasoning states', async t => {
  const answers: JsonObject[] = []
  const states: string[] = []
  const options = { ...answerOptions(), completed: (answer: JsonObject) => answers.push(answer),
    rememberState: (state: string) => states.push(state) }
  const events = eventsOf(repaired(normal(), dialect.createRepair(options)))
  t.strictSame(JSON.parse(JSON.stringify(answers)), [events.at(-1).response])
  t.strictSame(states, ['E'])
  repaired([created(), { type: 'response.incomplete', response: response('incomplete', [message('H')]) }],
    dialect.createRepair(options))
  t.equal(answers.length, 1, 'a broken answer is not')
  const whole = dialect.repairAnswer(completed(message('Hi'))['response'], options).answer
  t.equal(answers.length, 1, 'a whole answer goes back to the caller')
  dialect.toStream?.(whole, options)
  t.equal(answers[1], whole)
})
