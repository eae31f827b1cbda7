// The emulator enforces the known rules of Copilot's Messages endpoint: it must accept everything that this dialect
// sends.
import t from 'tap'
import { betasOf } from '../../../src/dialects/messages/index.ts'
import { packCarrier } from '../../../src/dialects/shared/carrier.ts'
import type { Part } from '../../../src/dialects/contract/part.ts'
import type { Block, Prompt, Turn } from '../../../src/dialects/contract/prompt.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import { createScanner } from '../../../src/relay/scan.ts'
import { connect, type Client, type Got } from '../../emulator/client.ts'
import { accumulate, decodeStream, dialect, older, options, prepare, request, target, type Json } from './fixtures.ts'

const sonnet45 = older({ id: 'claude-sonnet-4.5', maxOutputTokens: 32_000, maxNonStreamingOutputTokens: 16_000 })
const user = (content: unknown): object => ({ role: 'user', content })
const assistant = (content: unknown): object => ({ role: 'assistant', content })

async function post (client: Client, body: Json, to = target(), header?: string): Promise<Got> {
  const betas = betasOf(header, body, to)
  const hasImage = JSON.stringify(body).includes('"image"')
  return client.post('/v1/messages', body, { ...(betas === null ? {} : { 'anthropic-beta': betas }),
    ...(hasImage ? { 'copilot-vision-request': 'true' } : {}) })
}

t.test('the emulator accepts the output of prepare() for requests that it would refuse', async t => {
  const client = await connect(t)
  const tool = { name: 'f', input_schema: { $schema: 's', type: 'object' }, strict: true, eager_input_streaming: true }
  const used = [user('x'), assistant([{ type: 'text', text: '' }, { type: 'tool_use', id: 't', name: 'f', input: {} }]),
    user([{ type: 'tool_result', tool_use_id: 't',
      content: [{ type: 'text', text: 'ok', cache_control: { type: 'ephemeral' } }] }])]
  const marked = (value: string): object => ({ type: 'text', text: value,
    cache_control: { type: 'ephemeral', ttl: '1h', scope: 'global' } })
  const bodies: ReadonlyArray<readonly [string, Json, Json?]> = [['fields', { service_tier: 'auto', speed: 'fast',
    container: null, betas: ['x'], diagnostics: {}, cache_control: { type: 'ephemeral' },
    metadata: { user_id: 'u', x: 1 } }], ['sampling', { temperature: 0.3, top_p: 0.4 }], ['sampling next to thinking', {
    temperature: 0.3,
    thinking: { type: 'adaptive' },
  }], ['tools', {
    tools: [tool, { type: 'bash_20250124', name: 'bash' }, { type: 'web_search_20250305', name: 'web_search' }],
  }], ['history without tools', { messages: used }], ['a result with a mark', { tools: [tool], messages: used }], [
    'five marks',
    { system: [marked('a'), marked('b'), marked('c')], messages: [user([marked('d'), marked('e')])] },
  ], ['a system turn', { tools: [tool], messages: [...used, { role: 'system', content: 'note' }] }], ['an answer begun',
    { messages: [user('x'), assistant('y ')] }], ['an answer begun', { messages: [user('x'), assistant('y ')] },
    older()], ['a forced tool', { tools: [tool], tool_choice: { type: 'tool', name: 'f' },
    thinking: { type: 'enabled', budget_tokens: 2_000 }, max_tokens: 4_000 }], ['a budget too large', {
    thinking: { type: 'enabled', budget_tokens: 63_999 },
    max_tokens: 64_000,
  }, sonnet45], ['a budget too small', { thinking: { type: 'enabled', budget_tokens: 10 }, max_tokens: 64_000 },
    older()], ['adaptive on an older model', { thinking: { type: 'adaptive' }, output_config: { effort: 'max' },
    max_tokens: 20_000 }, sonnet45], ['context management', { thinking: { type: 'adaptive' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } }], ['deferred tools', {
    tools: [{ name: 'g', input_schema: { type: 'object' } }, { ...tool, defer_loading: true }],
  }], ['foreign thoughts', {
    messages: [user('x'),
      assistant([{ type: 'thinking', thinking: 'a', signature: packCarrier({ kind: 'r', item: {}, model: null }) }, {
        type: 'text',
        text: 'y',
      }]), user('z')],
  }], ['no max_tokens', { max_tokens: undefined, stream: false }, target({ stream: false })]]
  for (const [name, body, to = target()] of bodies) {
    const made = prepare(body, to)
    const { status, text } = await post(client,
      made ?? { model: to.id, max_tokens: 100, stream: true, messages: [user('hi')], ...body }, to,
      'claude-code-20250219')
    t.equal(status, 200, `${name}: ${status === 200 ? '' : text}`)
  }
  t.same(client.emulator.problems, [])
})

t.test('the emulator accepts the output of encodeRequest()', async t => {
  const client = await connect(t)
  const text = (value: string): Block => ({ type: 'text', text: value })
  const call: Block = { type: 'tool-call', id: 'call:1', name: 'f', namespace: 'a very long namespace', kind: 'custom',
    builtin: null, input: 'raw' }
  const turns: Turn[] = [{ role: 'assistant', blocks: [text('first')] }, { role: 'user',
    blocks: [text('x'), { type: 'image', source: { mime: 'image/png', data: 'iVBORw0KGgo=' }, detail: 'low' }] }, {
    role: 'assistant',
    blocks: [{ type: 'reasoning', text: 'hm', carrier: null }, text(' '), call],
  }, { role: 'system', blocks: [text('note')] }, { role: 'user', blocks: [text('late')] }, { role: 'user',
    blocks: [{ type: 'tool-result', id: 'call:1', blocks: [], isError: true }] }]
  const tools = [{ name: 'f', namespace: 'a very long namespace', kind: 'custom', builtin: null, description: null,
    schema: null, strict: null, grammar: null, cache: false }] as const
  const prompts: ReadonlyArray<readonly [string, Partial<Prompt>]> = [['a plain one', {}], ['a full one', {
    system: [text('a') as Json, text('b') as Json],
    turns,
    tools,
    temperature: 1.7,
    topP: 0.5,
    stop: ['END', ' '],
    user: 'u',
    maxTokens: 99_999,
  }], ['history without tools', { turns }], ['all efforts', { effort: 'max' }], ['no effort', { effort: 'none' }], [
    'few tokens',
    { effort: 'high', maxTokens: 10 },
  ], ['forced', { effort: 'high', tools, toolChoice: { type: 'required' }, parallelToolCalls: false }], ['nothing', {
    turns: [],
  }], ['ends with the assistant', { turns: turns.slice(0, 1) }], ['JSON', { format: { type: 'json' } }], ['a schema', {
    format: { type: 'schema', name: 'n', description: null, schema: { type: 'object' }, strict: true },
  }]]
  for (const [name, given] of prompts) {
    for (const to of [target(), older(), sonnet45, target({ stream: false }), older({ stream: false })]) {
      const { status, text } = await post(client, request(given, to), to)
      t.equal(status, 200, `${name} to ${to.id}: ${status === 200 ? '' : text}`)
    }
  }
  t.same(client.emulator.problems, [])
})

t.test('thoughts come back unchanged through a client of another dialect (golden 25)', async t => {
  const client = await connect(t)
  client.emulator.answers.push({ reasoning: 'let me see', text: 'so',
    toolCalls: [{ name: 'f', arguments: '{"a":1}' }] })
  const tools = [{ name: 'f', namespace: null, kind: 'function', builtin: null, description: null, schema: null,
    strict: null, grammar: null, cache: false }] as const
  const first: Turn = { role: 'user', blocks: [{ type: 'text', text: 'x' }] }
  const { events } = await post(client, request({ turns: [first], tools, effort: 'low' }, older()), older())
  const answer = collectAnswer(decodeStream(events.map(event => event.data)))
  t.match(answer, { finish: 'tool',
    blocks: [{ type: 'reasoning', text: 'let me see' }, { text: 'so' }, { type: 'tool-call', input: '{"a":1}' }] })
  const [reasoning, , call] = answer.blocks as Json[]
  const second: Turn[] = [first, { role: 'assistant',
    blocks: [{ type: 'text', text: 'so' }, reasoning, { ...call, id: call.callId }] }, { role: 'user',
    blocks: [{ type: 'tool-result', id: call.callId, blocks: [{ type: 'text', text: 'ok' }], isError: null }] }]
  const again = request({ turns: second, tools, effort: 'low' }, older())
  t.match(again, { thinking: { type: 'enabled' },
    messages: [{}, { content: [{ type: 'thinking', thinking: 'let me see' }, { text: 'so' }, { type: 'tool_use' }] }] })
  t.equal((await post(client, again, older())).status, 200)
})

t.test("upstream's stream reaches the SDK intact, passed on or translated there and back", async t => {
  const client = await connect(t)
  const script = { reasoning: 'hm', text: 'Grüße 👋',
    toolCalls: [{ name: 'f', arguments: ['{"a"', ':"ö"}'] }, { name: 'g', arguments: '{}' }] }
  client.emulator.answers.push(script, script)
  const body = { model: 'claude-sonnet-4', max_tokens: 4_000, stream: true,
    thinking: { type: 'enabled', budget_tokens: 1_024 },
    tools: [{ name: 'f', input_schema: { type: 'object' } }, { name: 'g', input_schema: { type: 'object' } }],
    messages: [user('x')] }
  const expected = { stop_reason: 'tool_use',
    content: [{ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'Grüße 👋' }, { name: 'f',
      input: { a: 'ö' } }, { name: 'g', input: {} }] }
  const { text, events } = await post(client, body, older())
  const repair = dialect.createRepair(options())
  const scanner = createScanner(repair)
  const bytes = new TextEncoder().encode(text)
  let out = ''
  for (let at = 0; at < bytes.length; at += 7) {
    const piece = scanner.push(bytes.slice(at, at + 7))
    out += typeof piece === 'string' ? piece : piece === null ? '' : new TextDecoder().decode(piece)
  }
  t.match(await accumulate(out + scanner.end()), expected)
  t.ok((repair.usage()?.output ?? 0) > 0)
  const encoder = dialect.createEncoder(options())
  const parts: Part[] = decodeStream(events.map(event => event.data))
  t.match(await accumulate(parts.map(part => encoder.push(part)).join('') + encoder.end()), expected)
  const { json } = await post(client, { ...body, stream: false }, older())
  t.match(dialect.encodeAnswer(collectAnswer(dialect.decodeAnswer(json)), options()), expected)
})
