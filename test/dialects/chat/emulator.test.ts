// Sends the output of the encoders to an emulator that is as strict as Copilot.
import t from 'tap'
import { encodeFitted, prepareFitted } from '../../fixtures/fitted.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import type { Target } from '../../../src/dialects/contract/dialect.ts'
import type { Answer } from '../../../src/dialects/contract/part.ts'
import type { Block, Prompt, Turn } from '../../../src/dialects/contract/prompt.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import { resolveModel } from '../../../src/relay/resolve-model.ts'
import { toTarget } from '../../../src/relay/target.ts'
import { models } from '../../../src/emulator/model-list.ts'
import { connect, type Client } from '../../emulator/client.ts'
import { facts, ledger, parts, prompt, result, text, tool } from './help.ts'

const all = ['gpt-4.1', 'gpt-4o', 'gpt-5-mini', 'gpt-5.1', 'claude-sonnet-4', 'claude-haiku-4.5', 'claude-opus-4.6',
  'gemini-2.5-pro', 'gemini-3.1-pro-preview', 'o1', 'o3-mini', 'oswe-vscode-prime']
const list = { models: models as never, byId: new Map(models.map(model => [model.id, model])) as never, fetchedAt: 0 }
const read = tool('read_file', {
  schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  description: 'Reads',
})

function targetOf (id: string, stream: boolean): Target {
  const model = resolveModel(id, list, new Map())
  if (model === null) throw new Error(id)
  return toTarget(model, stream && model.streams)
}

async function ask ({ post }: Client, target: Target, given: Partial<Prompt>): Promise<Answer> {
  const whole = prompt(given)
  const vision = JSON.stringify(given).includes('"image"')
  const { status, json, events, text: body } = await post('/chat/completions',
    encodeFitted(openAiChat, whole, target, ledger(), createToolNames(whole, 64)),
    vision ? { 'copilot-vision-request': 'true' } : {})
  if (status !== 200) throw new Error(`${target.id}: ${status} ${body}`)
  return collectAnswer(target.stream ? parts(events.map(({ data }) => data)) : openAiChat.decodeAnswer(json))
}

/** The answer as it comes back in the history. */
function toTurn ({ blocks }: Answer, model: string): Turn {
  return { role: 'assistant',
    blocks: blocks.map((block): Block =>
      block.type === 'tool-call'
        ? { ...block, id: block.callId }
        : block.type === 'reasoning' && block.carrier !== null
        ? { ...block, carrier: { ...block.carrier, model } }
        : block as Block
    ) }
}

for (const isStream of [false, true]) {
  for (const id of all) {
    t.test(`${id}, ${isStream ? 'streamed' : 'whole'}: tools, a returned reasoning state and sampling are all accepted`,
      async t => {
        const client = await connect(t, { strict: { opaqueRequired: 'all', sampling: true } })
        const target = targetOf(id, isStream)
        const first: Turn = { role: 'user', blocks: [text('Call read_file twice in parallel for "a.txt" and "b.txt"')] }
        const common: Partial<Prompt> = {
          system: [{ type: 'text', text: 'Be brief.', cache: true }],
          tools: [read, tool('patch', { kind: 'custom', schema: null })],
          maxTokens: 20_000,
          temperature: 0,
          topP: 0.9,
          topK: 5,
          effort: 'medium',
          parallelToolCalls: true,
          stop: ['@@'],
          user: 'u',
          cacheKey: 'k',
          serviceTier: 'flex',
          verbosity: 'low',
          stream: isStream,
        }
        const answer = await ask(client, target, { ...common, turns: [first] })
        const calls = answer.blocks.filter(block => block.type === 'tool-call')
        t.equal(calls.length, 2)
        t.equal(answer.finish, 'tool')
        t.match(calls.map(call => JSON.parse(call.input)), [{ path: String }, { path: String }])
        t.ok((answer.usage?.input ?? 0) > 0)
        const image: Block = { type: 'image', source: { mime: 'image/png', data: 'iVBORw0KGgo=' }, detail: null }
        const results = calls.map((call, at): Block =>
          ({ ...result(call.callId, `file ${at}`, at === 1),
            blocks: at === 0 ? [text('file 0'), image] : [text('file 1')] }) as Block
        )
        const turns = [first, toTurn(answer, id), { role: 'user' as const, blocks: [...results, text('And now?')] }]
        t.equal((await ask(client, target, { ...common, turns })).finish, 'stop')
        t.equal(
          (await ask(client, target, { turns: [...turns, { role: 'system', blocks: [text('Mind the gap.')] }],
            maxTokens: 1 })).finish,
          'length',
          'without tools, and with almost no budget',
        )
        t.match(await ask(client, target, { turns: [first, { role: 'assistant', blocks: [text('So ')] }] }), {
          finish: 'stop',
        }, 'ending with the assistant')
        t.ok(
          await ask(client, target, { turns: [first],
            format: { type: 'schema', name: null, description: null,
              schema: { type: 'object', properties: { a: { type: 'string' } } }, strict: null } }),
        )
        t.same(client.emulator.problems, [])
      })
  }
}

t.test("decoders read every oddity of the emulator's answers", async t => {
  const client = await connect(t)
  const [whole, streamed] = [targetOf('claude-sonnet-4', false), targetOf('claude-sonnet-4', true)]
  for (const target of [whole, streamed]) {
    client.emulator.answers.push({ text: ['One', ' two'],
      toolCalls: [{ name: 'f', arguments: [] }, { name: 'g', arguments: ['{"a"', ':1}'] }], reasoning: 'Hm',
      opaque: 'abcd', usage: { inputTokens: 9, cachedTokens: 4 } })
    const answer = await ask(client, target, {})
    t.match(answer, { finish: 'tool', usage: { input: 9, cacheRead: 4 } })
    t.same(answer.blocks.filter(block => block.type === 'tool-call').map(call => [call.name, call.input]), [['f', '{}'],
      ['g', '{"a":1}']])
    t.same(answer.blocks.filter(block => block.type === 'reasoning').flatMap(block => block.carrier?.item ?? []), [{
      reasoning_text: 'Hm',
      reasoning_opaque: 'abcd',
    }])
    client.emulator.answers.push({ text: 'x', choices: [] })
    await t.rejects(ask(client, whole, {}), { code: 'upstream_error' })
  }
  client.emulator.answers.push({ text: 'x', done: false }, { text: 'x', finish: 'content_filter' }, { text: 'x',
    finish: 'failed' })
  t.match(await ask(client, streamed, {}), { finish: 'stop' })
  t.match(await ask(client, streamed, {}), { finish: 'filter' })
  await t.rejects(ask(client, streamed, {}), { code: 'upstream_error' })
})

t.test('every model accepts the output of prepare()', async t => {
  const client = await connect(t, { strict: { sampling: true } })
  for (const id of all) {
    const body = {
      model: 'alias',
      messages: [{ role: 'developer', content: 'Be brief.' }, { role: 'user', content: 'Hi' }, { role: 'assistant',
        content: 'Ho', reasoning_content: 'Hm' }, { role: 'user', content: 'Hi' }],
      max_tokens: 100,
      temperature: 0.5,
      tools: [],
      service_tier: 'flex',
      store: true,
      metadata: { a: 'b' },
      seed: 1,
      stream: true,
    }
    const target = targetOf(id, openAiChat.inspect(body).stream)
    const { status, text: reply } = await client.post('/chat/completions',
      prepareFitted(openAiChat, body, target, ledger()) ?? body)
    t.equal(status, 200, `${id}: ${status === 200 ? '' : reply}`)
    t.equal(target.stream, reply.startsWith('data: '))
  }
  t.equal(facts().n, 1)
})
