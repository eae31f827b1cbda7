import t from 'tap'
import { prepareFitted } from '../../../fixtures/fitted.ts'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import { openAiChat } from '../../../../src/dialects/chat/index.ts'
import type { Target } from '../../../../src/dialects/contract/dialect.ts'
import { chunk, claude, facts, gpt, gpt5, ledger, type Json } from '../help.ts'

const user = { role: 'user', content: 'Hi' }
const answerOptions = { facts: facts(), model: 'm', now: () => 1e12, newId: () => 'f'.repeat(32) }

function prepare (body: Record<string, unknown>, target: Target = gpt()): { body: Json, lost: readonly string[] } {
  const losses = ledger()
  return { body: prepareFitted(openAiChat, { model: target.id, messages: [user], ...body }, target, losses),
    lost: losses.lost() }
}
const assistant = (fields: Record<string, unknown>, target?: Target) =>
  prepare({ messages: [user, { role: 'assistant', content: 'x', ...fields }, user] }, target)

t.test('prepare() changes nothing if nothing has to change', async t => {
  t.equal(prepare({ temperature: 0.5, max_tokens: 5, n: 2, seed: 1, unknown: true }).body, null)
  t.equal(assistant({ reasoning_text: 'T', reasoning_opaque: 'native' }).body, null)
})

t.test('prepare() gives upstream its own state back (docs/spec/translation.md#same-dialect)', async t => {
  const own = packCarrier({ kind: 'c', item: { reasoning_text: 'T', reasoning_opaque: 'O' }, model: 'claude-x' })
  t.match(assistant({ reasoning_content: 'T', reasoning_opaque: own }, claude()), {
    body: {
      messages: [{}, { content: 'x', reasoning_text: 'T', reasoning_opaque: 'O', reasoning_content: undefined }, {}],
    },
    lost: [],
  })
  t.same(assistant({ reasoning_content: 'T', reasoning_opaque: 'native' }).body.messages[1], { role: 'assistant',
    content: 'x', reasoning_text: 'T', reasoning_opaque: 'native' })
  t.same(assistant({ reasoning_content: 'other', reasoning_text: 'T', reasoning_opaque: 'native' }).body.messages[1], {
    role: 'assistant',
    content: 'x',
    reasoning_text: 'T',
    reasoning_opaque: 'native',
  })
})

t.test('prepare() removes state of another dialect or vendor, and a turn with nothing else (golden 70)', async t => {
  const foreign = packCarrier({ kind: 'm', item: { type: 'thinking', thinking: 'T', signature: 'S' },
    model: 'claude-x' })
  const vendor = packCarrier({ kind: 'c', item: { reasoning_opaque: 'O' }, model: 'claude-x' })
  for (const opaque of [foreign, vendor, `${foreign}~${vendor}`, 'cpt1.broken']) {
    const { body, lost } = assistant({ reasoning_content: 'T', reasoning_text: 'T', reasoning_opaque: opaque })
    t.same(body.messages[1], { role: 'assistant', content: 'x' })
    t.same(lost, ['reasoning'])
    t.same(assistant({ content: null, reasoning_opaque: opaque }).body.messages, [user, user])
  }
})

t.test('prepare() drops reasoning that comes without its state', async t => {
  t.match(assistant({ reasoning_content: 'T' }), {
    body: { messages: [{}, { role: 'assistant', content: 'x', reasoning_content: undefined }, {}] },
    lost: ['reasoning_content'],
  })
})

t.test('prepare() fits the body to the model', async t => {
  t.match(prepare({ max_tokens: 5, temperature: 0.5, top_p: 1 }, gpt5()), {
    body: { max_tokens: undefined, max_completion_tokens: 5, temperature: undefined, top_p: 1 },
    lost: ['temperature'],
  })
  t.match(prepare({ max_completion_tokens: 5, seed: 1, user: 'u', frequency_penalty: 0 }, claude()), {
    body: { max_tokens: 5, seed: undefined, user: undefined },
    lost: ['seed', 'user'],
  })
  t.match(prepare({ stream: true, stream_options: { include_usage: true } }, gpt({ streams: false })).body, {
    stream: false,
    stream_options: undefined,
  })
  t.match(prepare({}, gpt({ stream: true })).body, { stream: true, stream_options: { include_usage: true } })
  t.match(prepare({ messages: [{ role: 'developer', content: 'x' }, user] }, claude()).body.messages[0], {
    role: 'system',
  })
  t.match(prepare({ messages: [{ role: 'system', content: 'x' }, user] }, gpt({ id: 'o1' })).body.messages[0], {
    role: 'user',
  })
  t.same(prepare({ tools: [], tool_choice: 'auto', service_tier: 'flex', store: false }).lost, ['service_tier'])
})

t.test('inspect() reads the initiator, the options and the attachments of a request', async t => {
  const read = (body: Record<string, unknown>) => openAiChat.inspect({ messages: [user], ...body })
  t.match(read({ model: 'x', stream: true, stream_options: { include_usage: true }, n: 2, functions: [{}] }), {
    model: 'x',
    stream: true,
    includeUsage: true,
    n: 2,
    initiator: 'user',
    vision: false,
    hasTools: true,
  })
  t.match(
    read({ messages: [user, { role: 'tool', tool_call_id: 'c', content: [{ type: 'image_url', image_url: 'x' }] }] }),
    { initiator: 'agent', vision: true },
  )
  t.throws(() => read({ messages: [] }), { code: 'invalid_request', param: 'messages' })
})

t.test('repairAnswer() repairs an answer, shows its reasoning, and counts it', async t => {
  const given = {
    id: '',
    choices: [{ finish_reason: 'tool_calls', index: 0,
      message: { content: 'a', padding: 'abc', reasoning_text: 'Hm' } }, { finish_reason: 'tool_calls', index: 0,
      message: { tool_calls: [{ id: 'c', function: { name: 'f' } }] } }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  }
  const { answer, usage } = openAiChat.repairAnswer(given, answerOptions)
  t.match(answer, { object: 'chat.completion',
    choices: [{ finish_reason: 'tool_calls',
      message: { content: 'a', padding: undefined, reasoning_text: 'Hm', reasoning_content: 'Hm',
        tool_calls: [{ type: 'function', function: { arguments: '{}' } }] } }] })
  t.match(usage, { input: 3, output: 2 })
  t.match(openAiChat.repairAnswer({
    choices: [{ finish_reason: 'tool_calls',
      message: { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'p', input: 'raw' } }] } }],
  }, answerOptions).answer, {
    choices: [{ message: { tool_calls: [{ type: 'custom', custom: { input: 'raw' }, function: undefined }] } }],
  })
  t.throws(() => openAiChat.repairAnswer({ error: { message: 'Boom', code: 'x' } }, answerOptions), { message: 'Boom',
    code: 'x', status: 502 })
})

t.test('createRepair() leaves plain text unchanged, and keeps free-text calls', async t => {
  const repair = openAiChat.createRepair(answerOptions)
  const send = (value: unknown) => repair.event(JSON.stringify(value), '')
  const object = { object: 'chat.completion.chunk' }
  send({ ...chunk({ role: 'assistant', content: '' }), ...object })
  t.equal(
    send({ choices: [{ index: 0, delta: { content: 'x' } }], ...object, id: 'chatcmpl-1', created: 1, model: 'up' }),
    null,
  )
  const custom = send(chunk({ tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'p', input: '' } }] }))
    ?? ''
  t.match(JSON.parse(custom.slice(6)).choices[0].delta.tool_calls, [{ index: 0, id: 'c', type: 'custom',
    custom: { name: 'p', input: '' } }])
  send(chunk({}, { finish_reason: 'tool_calls' }))
  t.equal(repair.event('[DONE]', ''), 'data: [DONE]\n\n')
  t.equal(repair.isDone(), true)
})

t.test('decoding and encoding take time in proportion to their input (golden 92)', async t => {
  const time = (count: number): number => {
    const started = performance.now()
    const decoder = openAiChat.createDecoder()
    const encoder = openAiChat.createEncoder({ prompt: { body: {}, topLogprobs: null } as never, facts: facts(),
      model: 'm', inputEstimate: 1, now: () => 0, newId: () => 'f' })
    let length = 0
    const push = (delta: Record<string, unknown>): void => {
      for (const part of decoder.push(JSON.stringify(chunk(delta)), '')) length += encoder.push(part).length
    }
    for (let at = 0; at < count; at++) {
      push({ content: 'x' })
      push({ reasoning_text: 'y' })
      if (at % 100 === 0 && at < 12_000) {
        push({ tool_calls: [{ index: at / 100, id: `c${at}`, function: { name: 'f', arguments: '' } }] })
      }
      push({ tool_calls: [{ index: 0, function: { arguments: 'z' } }] })
    }
    t.ok(length > count)
    return performance.now() - started
  }
  time(2_000)
  const [few, many] = [time(5_000), time(40_000)]
  t.ok(many < few * 8 * 4 + 200, `${few.toFixed()} ms for 5 000, ${many.toFixed()} ms for 40 000`)
})
