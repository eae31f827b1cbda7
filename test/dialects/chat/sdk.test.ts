import t from 'tap'
import { jsonSchema, tool } from 'ai'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import type { Part } from '../../../src/dialects/contract/part.ts'
import { GatewayError } from '../../../src/errors.ts'
import { chunk, chunksOf, facts, options, stream } from './help.ts'
import { readWithOpenAi, readWithVercel } from './sdk.ts'

const start: Part = { type: 'message-start', id: 'msg_1', model: 'up', created: null }
const call = (
  block: number,
  callId: string,
  name: string,
  json: string,
  kind: 'function' | 'custom' = 'function',
): Part[] => [{ type: 'tool-call-start', block, callId, name, namespace: null, kind, builtin: null },
  ...(json === '' ? [] : [{ type: 'tool-call-delta', block, text: json } as const]), {
  type: 'block-end',
  block,
}]
const usage: Part = { type: 'usage',
  usage: { input: 10, cacheRead: 4, cacheWrite: 0, output: 5, reasoning: 2, nanoCredits: 0 } }
const answer: Part[] = [start, { type: 'reasoning-start', block: 0 }, { type: 'reasoning-delta', block: 0, text: 'Hm' },
  { type: 'block-end', block: 0, carrier: { kind: 'm', item: { a: 1 }, model: null } }, { type: 'text-start', block: 1,
  apart: false }, { type: 'text-delta', block: 1, text: 'I ' }, { type: 'text-delta', block: 1, text: 'look.' }, {
  type: 'block-end',
  block: 1,
}, ...call(2, 'c1', 'f', '{"a":1}'), ...call(3, 'c2', 'g', ''), usage, { type: 'message-end', reason: 'tool',
  stopSequence: null, explanation: null }]
const withUsage = { facts: facts({ includeUsage: true }) }
const strict = ['f', 'g'].map(name => ({ type: 'function' as const,
  function: { name, strict: true, parameters: { type: 'object' } } })
)

t.test("OpenAI's SDK accepts the stream of createEncoder(), strict tools included", async t => {
  const read = await readWithOpenAi(stream(answer, withUsage), { stream_options: { include_usage: true },
    tools: strict })
  t.match(read, { id: 'chatcmpl-1', model: 'asked', usage: { prompt_tokens: 10, total_tokens: 15 },
    choices: [{ finish_reason: 'tool_calls', message: {
      role: 'assistant',
      content: 'I look.',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }, { id: 'c2',
        function: { name: 'g', arguments: '{}' } }],
    } }] })
})

t.test('it accepts free-text calls and the deprecated functions too', async t => {
  const finish: Part = { type: 'message-end', reason: 'tool', stopSequence: null, explanation: null }
  const custom = await readWithOpenAi(stream([start, ...call(0, 'c', 'patch', 'raw', 'custom'), finish]))
  t.match(custom.choices[0], { finish_reason: 'tool_calls', message: { tool_calls: [{ id: 'c', type: 'custom' }] } })
  const legacy = await readWithOpenAi(stream([start, ...call(0, 'c', 'f', '{"a":1}'), finish], {
    prompt: { ...options().prompt, body: { functions: [{ name: 'f' }] } },
  }))
  t.match(legacy.choices[0], { finish_reason: 'function_call',
    message: { function_call: { name: 'f', arguments: '{"a":1}' } } })
})

t.test('it accepts a stream with only an end, and throws for a failure', async t => {
  t.match(
    (await readWithOpenAi(
      stream([start, { type: 'message-end', reason: 'stop', stopSequence: null, explanation: null }]),
    )).choices[0],
    { finish_reason: 'stop', message: { content: '' } },
  )
  const encoder = openAiChat.createEncoder(options())
  await t.rejects(readWithOpenAi(encoder.push(start) + encoder.fail(new GatewayError('upstream_error', 'Boom'))), {
    message: /Boom/,
  })
})

for (const provider of ['openai', 'compatible'] as const) {
  t.test(`Vercel's provider "${provider}" accepts the stream of createEncoder()`, async t => {
    const schema = jsonSchema({ type: 'object', properties: {} })
    const read = await readWithVercel(provider, stream(answer, withUsage), { f: tool({ inputSchema: schema }),
      g: tool({ inputSchema: schema }) })
    t.match(read, { text: 'I look.', finish: 'tool-calls', errors: [], inputTokens: 10 })
    t.same(read.calls, [{ id: 'c1', name: 'f', input: { a: 1 } }, { id: 'c2', name: 'g', input: {} }])
    if (provider === 'compatible') t.equal(read.reasoning, 'Hm')
  })
}

t.test("createRepair() makes Copilot's stream readable for the SDK, and its reasoning visible", async t => {
  const repair = openAiChat.createRepair({ facts: facts(), model: 'm', now: () => 1e12, newId: () => 'f' })
  const events = [{ choices: [], created: 0, id: '' }, chunk({ reasoning_text: 'Hm', role: 'assistant' }),
    chunk({ content: 'Hi', role: 'assistant' }), chunk({ content: ' you', reasoning_text: 'm' }), {
    ...chunk({ content: '!' }),
    choices: [{ index: 1, delta: { content: '!' } }],
  }, chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f' } }] }),
    chunk({ content: null }, { finish_reason: 'stop' })].map(event => JSON.stringify(event))
  const sse = [...events, '[DONE]'].map(data => repair.event(data, '') ?? `data: ${data}\n\n`).join('')
  t.match((await readWithOpenAi(sse)).choices, [{ index: 0,
    message: { content: 'Hi you!', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] } }])
  t.match(await readWithVercel('compatible', sse, { f: tool({ inputSchema: jsonSchema({ type: 'object' }) }) }), {
    text: 'Hi you!',
    reasoning: 'Hmm',
    errors: [],
  })
  t.same(
    chunksOf(sse).filter(each => each !== '[DONE]' && each.choices[0].delta.reasoning_text !== undefined).map(each =>
      each.choices[0].delta.reasoning_content
    ),
    ['Hm', 'm'],
  )
})
