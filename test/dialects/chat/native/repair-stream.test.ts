// Every quirk of Copilot's Chat stream, one by one. `docs/spec/copilot.md#chat-stream`.
import t from 'tap'
import { openAiChat } from '../../../../src/dialects/chat/index.ts'
import type { RequestFacts } from '../../../../src/dialects/contract/dialect.ts'
import { readEvents } from '../../../unit/helpers/events.ts'

const facts: RequestFacts = { model: 'gpt-4o', stream: true, includeUsage: false, n: 1, initiator: 'user',
  vision: false, hasTools: false }
const head = { created: 7, id: 'chatcmpl-1', model: 'gpt-4o-2024-11-20' }
const choice = (delta: unknown, more: object = {}) => ({ choices: [{ index: 0, delta, ...more }], ...head })
const repairOf = (changes: Partial<RequestFacts> = {}) =>
  openAiChat.createRepair({ facts: { ...facts, ...changes }, model: 'asked', now: () => 9_000, newId: () => 'new' })

/** The chunks that a client reads; upstream's own text if nothing was changed. */
const run = (chunks: ReadonlyArray<object | string>, changes: Partial<RequestFacts> = {}) => {
  const repair = repairOf(changes)
  const text = chunks.map(chunk => {
    const data = typeof chunk === 'string' ? chunk : JSON.stringify(chunk)
    return repair.event(data, '') ?? `data: ${data}\n\n`
  }).join('') + repair.end()
  return { repair, text,
    seen: readEvents(text).map(({ data }) => data === '[DONE]' ? data : JSON.parse(data) as Record<string, unknown>) }
}
const deltas = (seen: ReturnType<typeof run>['seen']) =>
  seen.filter(chunk => typeof chunk === 'object').map(chunk =>
    (chunk as { choices: Array<{ delta: unknown }> }).choices[0]?.delta
  )
const stop = choice({ content: null }, { finish_reason: 'stop' })

t.test('a first chunk without choices is dropped, and `object` is added to every chunk', async t => {
  const { seen } = run([{ choices: [], created: 0, id: '', prompt_filter_results: [{}] },
    choice({ content: '', role: 'assistant' }), choice({ content: 'Hello' }), stop, '[DONE]'])
  t.equal(seen.length, 4)
  for (const chunk of seen.slice(0, 3)) {
    t.match(chunk, { object: 'chat.completion.chunk', id: 'chatcmpl-1', created: 7, model: 'gpt-4o-2024-11-20' })
  }
  t.equal(seen.at(-1), '[DONE]')
})

t.test('a chunk that lacks nothing is unchanged', async t => {
  const repair = repairOf()
  const whole = (delta: object) => JSON.stringify({ ...choice(delta), object: 'chat.completion.chunk' })
  t.equal(repair.event(whole({ role: 'assistant', content: '' }), ''), null)
  t.equal(repair.event(whole({ content: 'a "quoted" {"tool_calls":1}' }), ''), null)
})

t.test('missing, empty and unusual fields are filled in', async t => {
  const { seen } = run([{ choices: [{ delta: { content: 'a' } }], id: '', model: '' }, {
    choices: [{ index: 0, delta: null }],
  }, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], id: 'later' }, '[DONE]'])
  for (const chunk of seen.slice(0, 3)) {
    t.match(chunk, { id: 'chatcmpl-new', created: 9, model: 'asked', object: 'chat.completion.chunk',
      choices: [{ index: 0 }] })
  }
  t.strictSame(deltas(seen), [{ content: 'a', role: 'assistant' }, {}, {}])
})

t.test('usage is sent only to a client that asked for it, and always counted', async t => {
  const usage = { prompt_tokens: 15, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } }
  const chunks = [choice({ content: 'a', role: 'assistant' }), stop, { choices: [], usage, ...head }, '[DONE]']
  const [asked, not] = [run(chunks, { includeUsage: true }), run(chunks)]
  t.match(asked.seen[2], { choices: [], usage, object: 'chat.completion.chunk' })
  t.equal(not.seen.length, 3)
  for (const { repair } of [asked, not]) t.match(repair.usage(), { input: 15, output: 2, cacheRead: 4 })
  t.match(run([choice({ content: 'a', role: 'assistant' }), { ...stop, usage }, '[DONE]']).repair.usage(), { input: 15,
    output: 2 })
})

t.test("annotations and agents' own chunks are dropped, and an empty error of a filter is ignored", async t => {
  const filter = { content_filter_results: { error: { code: '', message: '' } } }
  const { seen } = run([{ choices: null, copilot_references: [] }, { copilot_confirmation: {} },
    choice({ content: 'a', role: 'assistant' }, filter), choice({ content: 'b', copilot_annotations: {} }, filter),
    stop, '[DONE]'])
  t.strictSame(deltas(seen), [{ content: 'a', role: 'assistant' }, { content: 'b' }, { content: null }])
})

t.test('parallel calls of Claude, all numbered 0, get their own numbers', async t => {
  const call = (fields: object) => choice({ content: null, tool_calls: [{ index: 0, type: 'function', ...fields }] })
  const { seen } = run([call({ id: 'A', function: { name: 'f' } }), call({ function: { arguments: '' } }),
    call({ function: { arguments: '{"a":' } }), call({ function: { arguments: '1}' } }),
    call({ id: 'B', function: { name: 'g' } }), choice({ content: null }, { finish_reason: 'tool_calls' }), '[DONE]'])
  const calls = deltas(seen).flatMap(delta => (delta as { tool_calls?: unknown[] }).tool_calls ?? [])
  t.strictSame(calls, [{ index: 0, id: 'A', type: 'function', function: { name: 'f', arguments: '' } }, { index: 0,
    function: { arguments: '' } }, { index: 0, function: { arguments: '{"a":' } }, { index: 0,
    function: { arguments: '1}' } }, { index: 1, id: 'B', type: 'function', function: { name: 'g', arguments: '' } }, {
    index: 1,
    function: { arguments: '{}' },
  }])
  t.equal((seen.at(-2) as { choices: Array<{ finish_reason: string }> }).choices[0]?.finish_reason, 'tool_calls',
    'the missing arguments come before the end')
})

t.test('a name that comes after its id, and pieces without id or number, find their call', async t => {
  const call = (fields: object) => choice({ tool_calls: [fields] })
  const { seen } = run([call({ index: 0, id: 'A', type: 'function', function: {} }),
    call({ index: 0, function: { name: 'f', arguments: '{}' } }),
    call({ index: 0, id: 'B', type: 'function', function: { name: 'g' } }),
    call({ function: { arguments: '{"x":1}' } }), choice({}, { finish_reason: 'tool_calls' }), '[DONE]'])
  const calls = deltas(seen).flatMap(delta => (delta as { tool_calls?: unknown[] }).tool_calls ?? [])
  t.match(calls[1], { index: 0, function: { name: 'f', arguments: '{}' } })
  t.match(calls[3], { index: 1, function: { arguments: '{"x":1}' } })
  t.equal(calls.length, 4)
})

t.test('a finished stream without [DONE] gets one; an unfinished one is cut off', async t => {
  const cut = { code: 'upstream_error', status: 502, message: /ended before completion/ }
  t.equal(run([choice({ content: 'a', role: 'assistant' }), stop]).seen.at(-1), '[DONE]')
  t.throws(() => run([choice({ content: 'a', role: 'assistant' })]), cut)
  t.throws(() => run([]), cut)
  t.throws(() => run([{ choices: [], id: '' }]), cut)
  const two = { n: 2 }
  t.throws(() =>
    run([choice({ content: 'a', role: 'assistant' }), {
      choices: [{ index: 1, delta: { role: 'assistant', content: 'b' } }],
      ...head,
    }, stop], two), cut, 'one of two choices is finished')
})

t.test('a [DONE] before a finish reason does not complete the answer', async t => {
  const cut = { code: 'upstream_error', status: 502 }
  t.throws(() => run([choice({ content: 'a', role: 'assistant' }), '[DONE]']), cut)
  t.throws(
    () =>
      run([
        choice({ role: 'assistant',
          tool_calls: [{ index: 0, id: 'A', type: 'function', function: { name: 'f', arguments: '{}' } }] }),
        '[DONE]',
      ]),
    cut,
  )
  t.throws(() => run(['[DONE]']), cut)
  t.throws(() => run([{ choices: [], usage: {} }, '[DONE]']), cut)
})

t.test('an error in the stream ends it, in whatever shape it comes', async t => {
  const begun = choice({ content: 'a', role: 'assistant' })
  t.throws(() => run([begun, { error: { code: 'died', message: 'It died.' } }]), { code: 'died', message: 'It died.',
    status: 502 })
  t.throws(() => run([begun, { choices: [], error: { code: '', message: 'It died.' } }, '[DONE]']), {
    code: 'upstream_error',
    message: 'It died.',
  })
  t.throws(() => run([begun, { error: 'It died.' }, '[DONE]']), { message: 'It died.' })
  t.throws(() => run([begun, choice({}, { finish_reason: 'error' }), '[DONE]']), { code: 'upstream_error' })
  t.throws(() => run([begun, '{"choices":[{']), { code: 'upstream_error', message: /not JSON/ })
})

t.test('everything after [DONE] is ignored', async t => {
  const { repair } = run([choice({ content: 'a', role: 'assistant' }), stop, '[DONE]'])
  t.equal(repair.isDone(), true)
  t.equal(repair.end(), '')
})
