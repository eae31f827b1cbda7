// A whole Chat answer: the fields that Copilot omits, splits and adds. `docs/spec/copilot.md#chat-answer`,
// `docs/spec/copilot.md#chat-choices`.
import t from 'tap'
import { openAiChat } from '../../../../src/dialects/chat/index.ts'
import type { AnswerOptions } from '../../../../src/dialects/contract/dialect.ts'
import type { JsonObject } from '../../../../src/json.ts'
import { readEvents } from '../../../unit/helpers/events.ts'

const options = (n = 1, includeUsage = false): AnswerOptions => ({
  facts: { model: 'm', stream: false, includeUsage, n, initiator: 'user', vision: false, hasTools: false },
  model: 'asked',
  now: () => 9_000,
  newId: () => 'new',
})
const repair = (answer: JsonObject, n = 1) =>
  openAiChat.repairAnswer(answer, options(n)).answer as {
    choices: Array<{ index: number, finish_reason: string, message: JsonObject }>,
  } & JsonObject
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })

t.test('repairAnswer() adds missing fields, and removes the padding', async t => {
  t.strictSame(repair({
    choices: [{ index: 0, finish_reason: 'stop', message: { content: 'Hello', padding: 'abc', role: 'assistant' } }],
    created: 7,
    id: 'x',
    model: 'm',
  }), { choices: [{ index: 0, finish_reason: 'stop', message: { content: 'Hello', role: 'assistant' } }], created: 7,
    id: 'x', model: 'm', object: 'chat.completion' })
  t.match(repair({ choices: [{ finish_reason: 'stop', message: {} }] }), { id: 'chatcmpl-new',
    object: 'chat.completion', created: 9, model: 'asked',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: '' } }] })
  t.match(repair({ choices: [null, { message: null, finish_reason: 'length' }] }), {
    choices: [{ index: 0, finish_reason: 'length', message: { role: 'assistant', content: '' } }],
  })
})

t.test('repairAnswer() joins the choices of one Claude answer if the client asked for one choice', async t => {
  const split = () => ({
    choices: [{ finish_reason: 'stop', index: 0, message: { content: 'I will ', role: 'assistant' } }, {
      finish_reason: 'tool_calls',
      index: 0,
      message: { content: 'read.', role: 'assistant', tool_calls: [call('A')] },
    }, { finish_reason: 'stop', index: 0, message: { role: 'assistant', tool_calls: [call('B')] } }],
  })
  t.strictSame(repair(split()).choices, [{ finish_reason: 'tool_calls', index: 0,
    message: { content: 'I will read.', role: 'assistant', tool_calls: [call('A'), call('B')] } }])
  t.equal(repair({
    choices: [{ index: 0, finish_reason: 'stop', message: { content: 'a' } }, { index: 1, finish_reason: 'length',
      message: { content: 'b' } }],
  }, 2).choices.length, 2)
})

t.test('repairAnswer() completes tool calls', async t => {
  const { choices: [choice] } = repair({
    choices: [{ finish_reason: 'tool_calls', message: {
      tool_calls: [{ function: { name: 'f' } }, { id: 'B', function: { name: 'g', arguments: ' ' } }, null],
    } }],
  })
  t.strictSame(choice, { index: 0, finish_reason: 'tool_calls',
    message: { role: 'assistant', content: null,
      tool_calls: [{ id: 'call_new', type: 'function', function: { name: 'f', arguments: '{}' } }, { id: 'B',
        type: 'function', function: { name: 'g', arguments: '{}' } }] } })
})

t.test('repairAnswer() returns the missing fields as text if nothing else is wrong, and only then', async t => {
  const whole = (message: JsonObject = {}, more: JsonObject = {}) => ({ id: 'x', created: 7, model: 'm',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello', ...message } }],
    ...more })
  const missing = (answer: JsonObject, n = 1) => openAiChat.repairAnswer(answer, options(n)).missing
  t.equal(missing(whole()), '"object":"chat.completion",')
  t.equal(missing(whole({}, { object: 'chat.completion' })), '')
  for (const more of [{ id: '' }, { created: 0 }, { model: null }, { object: 'other' }]) {
    t.equal(missing(whole({}, more)), undefined, JSON.stringify(more))
  }
  for (const message of [{ role: null }, { content: null }, { padding: 'abc' }, { reasoning_text: 'Hm' }, {
    tool_calls: [call('A')],
  }]) t.equal(missing(whole(message)), undefined, JSON.stringify(message))
  const two = whole({}, {
    choices: [0, 1].map(index => ({ index, finish_reason: 'stop', message: { role: 'assistant', content: '' } })),
  })
  t.equal(missing(structuredClone(two)), undefined, 'two choices, where the client asked for one')
  t.equal(missing(two, 2), '"object":"chat.completion",')
})

t.test('repairAnswer() refuses an answer that has no choice, no end or no message', async t => {
  for (const answer of [{}, { choices: [] }, { choices: null }, { choices: [null] }, {
    choices: [{ message: { content: 'x' } }],
  }, { choices: [{ message: {}, finish_reason: null }] }, { choices: [{ finish_reason: 'stop' }] }, {
    choices: [{ message: null, finish_reason: 'tool_calls' }],
  }]) {
    t.throws(() => repair(answer), { code: 'upstream_error', status: 502 }, JSON.stringify(answer))
  }
})

t.test('repairAnswer() marks an answer whose call broke off as cut, and does not complete the call', async t => {
  const cut = (input: string | undefined, reason = 'tool_calls') =>
    repair({
      choices: [{ finish_reason: reason,
        message: { tool_calls: [call('A'), { id: 'B', function: { name: 'f', arguments: input } }] } }],
    }).choices[0]
  t.match(cut('{"command":"rm -rf /home/me/pro'), { finish_reason: 'length',
    message: { tool_calls: [{}, { function: { arguments: '{"command":"rm -rf /home/me/pro' } }] } })
  t.match(cut('{"a":1}'), { finish_reason: 'tool_calls' })
  t.match(cut(undefined), { finish_reason: 'tool_calls',
    message: { tool_calls: [{}, { function: { arguments: '{}' } }] } })
  t.match(cut(undefined, 'length'), { finish_reason: 'length',
    message: { tool_calls: [{}, { function: { arguments: '' } }] } })
  t.match(cut('{"a', 'content_filter'), { finish_reason: 'content_filter' })
})

t.test('repairAnswer() throws an error that came with status 200', async t => {
  t.throws(() => openAiChat.repairAnswer({ error: { code: 'died', message: 'It died.' } }, options()), { code: 'died',
    message: 'It died.', status: 502 })
})

t.test('toStream() writes the same answer in chunks, with calls numbered by position', async t => {
  const answer = repair({
    choices: [{ finish_reason: 'tool_calls',
      message: { content: 'a', tool_calls: [{ ...call('A'), index: 0 }, { ...call('B'), index: 0 }] } }],
    usage: { prompt_tokens: 1 },
    id: 'x',
    created: 7,
    model: 'm',
  })
  const chunks = (includeUsage: boolean) =>
    readEvents(openAiChat.toStream?.(answer, options(1, includeUsage)) ?? '').map(({ data }) =>
      data === '[DONE]' ? data : JSON.parse(data) as JsonObject
    )
  t.match(chunks(true), [{ id: 'x', object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { role: 'assistant' }, finish_reason: null }] }, {
    choices: [{ delta: { content: 'a' } }],
  }, { choices: [{ delta: { tool_calls: [{ index: 0, id: 'A' }, { index: 1, id: 'B' }] } }] }, {
    choices: [{ delta: {}, finish_reason: 'tool_calls' }],
  }, { choices: [], usage: { prompt_tokens: 1 } }, '[DONE]'])
  t.equal(chunks(false).length, 5)
})
