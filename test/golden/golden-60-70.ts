// Daily: formats, effort and stops. Weekly: interleaving, reasoning state, another model in mid-conversation.
// `docs/spec/translation.md#golden-cases`.
import type { Response } from 'openai/resources/responses/responses'
import type { Script } from '../../src/emulator/emulator.ts'
import type { Json } from '../fixtures/http.ts'
import type { Golden, GoldenFrame } from './helpers/frame.ts'
import { blocksOf, choiceOf, itemsOf } from './helpers/clients.ts'
import { chatTools, chatUsage, chunk, done, finished, messageItem, messagesTools, responsesScript, responsesTools, rome,
  romeCall, says } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, claudeOnBudget, claudeOnChat, codex, gemini, gpt, gpt5 } from './helpers/models.ts'
import { vercelObject } from './helpers/vercel.ts'

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'],
  additionalProperties: false }
const loose = { type: 'object', properties: { city: { type: 'string' } } }
const city = '{"city":"Rome"}'
const thinking = { thinking: { type: 'adaptive', display: 'summarized' } }
const at = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] })

export function golden60to70 ({ both, streamed }: GoldenFrame): void {
  both(60, 'response_format json_schema C→M ⇒ output_config.format.schema; R text.format the same', async (t, g) => {
    g.script({ text: city }, { text: city })
    const completion = await g.chat({ model: claude, messages: says('where?'),
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } } })
    t.match(choiceOf(completion), { text: city })
    t.same(g.sent('/v1/messages').output_config, { format: { type: 'json_schema', schema } })
    await g.responses({ model: claudeOnBoth, input: 'where?', store: false,
      text: { format: { type: 'json_schema', name: 'place', schema, strict: true } } })
    t.same(g.sent('/v1/messages').output_config, { format: { type: 'json_schema', schema } })
    for (const [provider, model] of [['chat', claude], ['responses', claudeOnBoth], ['compatible', claude]] as const) {
      g.script({ text: city })
      t.same(JSON.parse((await g.vercel[provider](model, { prompt: 'where?', output: vercelObject(schema) })).text), {
        city: 'Rome',
      }, provider)
    }
    g.script({ text: city })
    await g.chat({ model: claude, messages: says('where?'), response_format: { type: 'json_object' } })
    t.match(g.sent('/v1/messages').system, [{ type: 'text', text: /single valid JSON object/ }],
      'a JSON object without a schema is requested in the instructions')
  })

  both(61, 'output_config.format M→C ⇒ response_format.json_schema with a name', async (t, g) => {
    for (const [given, strict] of [[schema, true], [loose, false]] as const) {
      g.script({ text: city }, { text: city })
      t.same(
        blocksOf(
          await g.messages({ model: gpt, messages: says('where?'),
            output_config: { format: { type: 'json_schema', schema: given } } }),
        ),
        [['text', city]],
      )
      t.same(g.sent('/chat/completions').response_format, { type: 'json_schema',
        json_schema: { name: 'output', schema: given, strict } })
      await g.messages({ model: codex, messages: says('where?'),
        output_config: { format: { type: 'json_schema', schema: given } } })
      t.same(g.sent('/responses').text.format, { type: 'json_schema', name: 'output', schema: given, strict })
    }
  })

  both(62, 'reasoning_effort low C→M ⇒ adaptive thinking with effort, or a budget; max_tokens > budget',
    async (t, g) => {
      g.script({ text: 'ok' }, { text: 'ok' }, { text: 'ok' }, { reasoning: 'Hm.', text: 'ok' })
      await g.chat({ model: claude, messages: says('hi'), reasoning_effort: 'low' })
      t.match(g.sent('/v1/messages'), { thinking: { type: 'adaptive', display: 'summarized' },
        output_config: { effort: 'low' } })
      for (const limit of [{}, { max_completion_tokens: 2_000 }]) {
        await g.chat({ model: claudeOnBudget, messages: says('hi'), reasoning_effort: 'low', ...limit })
        const { thinking, max_tokens: max, output_config: output } = g.sent('/v1/messages')
        t.same(thinking, { type: 'enabled', budget_tokens: 4_096 })
        t.ok(max > 4_096)
        t.equal(output, undefined)
      }
      t.match(
        await g.vercel.compatible(claude, { prompt: 'hi', providerOptions: { gateway: { reasoningEffort: 'low' } } }),
        { text: 'ok', reasoning: 'Hm.' },
      )
      t.match(g.sent('/v1/messages').output_config, { effort: 'low' })
    })

  both(63, 'thinking disabled M→R ⇒ lowest effort; no thinking blocks to the client', async (t, g) => {
    for (const [model, effort] of [[gpt5, 'none'], [codex, 'low']] as const) {
      g.script({ reasoning: 'Hm.', opaque: `enc-63-${model}`, text: 'ok' })
      t.same(blocksOf(await g.messages({ model, messages: says('hi'), thinking: { type: 'disabled' } })), [['text',
        'ok']])
      t.equal(g.sent('/responses').reasoning.effort, effort)
    }
  })

  both(64, 'stop C→M ⇒ stop_sequences; M stop_sequence answer ⇒ C stop', async (t, g) => {
    const completion = await g.chat({ model: claude, messages: says('alpha END beta'), stop: ['END', ' '] })
    t.same(g.sent('/v1/messages').stop_sequences, ['END'], 'upstream refuses white space alone')
    t.match(choiceOf(completion), { finish: 'stop', text: /^\S+$/ },
      'the gateway cuts at the stop that upstream refuses')
    await g.chat({ model: claude, messages: says('alpha END beta'), stop: 'END' })
    t.same(g.sent('/v1/messages').stop_sequences, ['END'])
  })

  streamed(65, 'interleaved tool deltas (index 0,1,0,1) of a C upstream ⇒ M and R clients get both inputs valid',
    async (t, g) => {
      const chunks = [at(0, { id: 'a65', type: 'function', function: { name: 'get_weather', arguments: '' } }),
        at(1, { id: 'b65', type: 'function', function: { name: 'read_file', arguments: '' } }),
        at(0, { function: { arguments: '{"location"' } }), at(1, { function: { arguments: '{"path":' } }),
        at(0, { function: { arguments: ':"Rome"}' } }), at(1, { function: { arguments: '"a.txt"}' } }),
        finished('tool_calls'), chatUsage, done]
      g.script({ chunks }, { chunks }, { chunks })
      const calls = [['get_weather', { location: 'Rome' }], ['read_file', { path: 'a.txt' }]]
      t.same(blocksOf(await g.messages({ model: gpt, messages: says('go'), tools: messagesTools })),
        calls.map(call => ['tool_use', ...call]))
      t.same(itemsOf(await g.responses({ model: gpt, input: 'go', tools: responsesTools, store: false })),
        calls.map(call => ['function_call', ...call]))
      t.same(choiceOf(await g.chat({ model: gpt, messages: says('go'), tools: chatTools })).calls, calls)
    })

  streamed(66, 'text after a tool call in a C stream ⇒ M text block behind', async (t, g) => {
    g.script({
      chunks: [at(0, { id: 'a66', type: 'function', function: { name: 'get_weather', arguments: rome } }),
        chunk({ content: 'I am on it.' }), finished('tool_calls'), chatUsage, done],
    })
    const message = await g.messages({ model: gpt, messages: says('go'), tools: messagesTools })
    t.same(blocksOf(message), [['tool_use', 'get_weather', { location: 'Rome' }], ['text', 'I am on it.']])
    t.equal(message.stop_reason, 'tool_use')
  })

  both(67, 'reasoning_opaque after content ⇒ redacted_thinking; replay restores it', async (t, g) => {
    const opaque = `opq-67-${g.stream}`
    g.script({ reasoning: 'Hmm.', opaque, text: 'I will look.', toolCalls: [romeCall('tooluse_67')] }, {
      text: 'sunny',
    })
    const ask = { model: claudeOnChat, tools: messagesTools, max_tokens: 8_000, ...thinking,
      output_config: { effort: 'low' } }
    const first = await g.messages({ ...ask, messages: says('weather?') })
    const types = first.content.map(block => block.type)
    // In a whole answer, state and text are in one message, and the state signs the thinking itself.
    t.same(types, g.stream ? ['thinking', 'text', 'redacted_thinking', 'tool_use'] : ['thinking', 'text', 'tool_use'])
    await g.messages({ ...ask,
      messages: [...says('weather?'), { role: 'assistant', content: first.content }, { role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'tooluse_67', content: 'sunny' }] }] })
    t.match(g.sent('/chat/completions').messages[1], { role: 'assistant', content: 'I will look.',
      reasoning_opaque: opaque, tool_calls: [{ id: 'tooluse_67' }] })
  })

  both(68, 'R reasoning item with empty summary ⇒ M thinking "" and a signature; replay intact', async (t, g) => {
    const opaque = `enc-68-${g.stream}`
    g.script({ reasoning: '', opaque, toolCalls: [romeCall('call_68')] }, { text: 'sunny' })
    const ask = { model: codex, tools: messagesTools, ...thinking }
    const first = await g.messages({ ...ask, messages: says('weather?') })
    t.match(first.content, [{ type: 'thinking', thinking: '', signature: /^cpt1\.r\./ }, { type: 'tool_use' }])
    await g.messages({ ...ask,
      messages: [...says('weather?'), { role: 'assistant', content: first.content }, { role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'call_68', content: 'sunny' }] }] })
    t.match(g.sent('/responses').input[1], { type: 'reasoning', encrypted_content: opaque, summary: [] })
  })

  both(69,
    'two R message items (commentary, final_answer) ⇒ C content joined with a blank line; M two text blocks or one',
    async (t, g) => {
      const script = responsesScript([messageItem('msg_a', 'I look.', { phase: 'commentary' }),
        messageItem('msg_b', 'Sunny.', { phase: 'final_answer' })])
      g.script(script, script)
      t.match(choiceOf(await g.chat({ model: codex, messages: says('go') })), { text: 'I look.\n\nSunny.' })
      const { content } = await g.messages({ model: codex, messages: says('go') })
      t.match(content.map(block => block.type === 'text' ? block.text : '').join(content.length === 2 ? '\n\n' : ''),
        'I look.\n\nSunny.')
    })

  both(70, 'another model in mid-conversation, all directions ⇒ foreign state dropped, call and result kept, no 400',
    async (t, g) => {
      const models = [codex, claudeOnBoth, gemini, claudeOnChat, gpt, gpt5]
      const pairs = models.flatMap((from, at) =>
        models.flatMap((to, index) =>
          from === to ? [] : [{ from, to, id: `call_70_${at}${index}${g.stream ? 's' : 'w'}` }]
        )
      )
      for (const { from, to, id } of pairs) {
        g.script(scripted(`${id}m`), { text: 'sunny' })
        const ask = { tools: messagesTools, max_tokens: 8_000, ...thinking }
        const first = await g.messages({ ...ask, model: from, messages: says('weather?') })
        const result = await g.messages({ ...ask, model: to,
          messages: [...says('weather?'), { role: 'assistant', content: first.content }, { role: 'user',
            content: [{ type: 'tool_result', tool_use_id: `${id}m`, content: 'sunny' }] }] })
        t.match(blocksOf(result).at(-1), ['text', 'sunny'], `M: ${from} → ${to}`)
        t.ok(g.sent().model === to && JSON.stringify(g.sent()).includes(`${id}m`))

        if (!isNative(from, to)) {
          t.match(itemsOf(await switched(g, from, to, `${id}r`)).at(-1), ['message', 'sunny'], `R: ${from} → ${to}`)
        }

        g.script(scripted(`${id}c`), { text: 'sunny' })
        const { parsed: _parsed, ...message } =
          choiceOf(await g.chat({ model: from, messages: says('weather?'), tools: chatTools })).message
        const last = await g.chat({ model: to, tools: chatTools,
          messages: [...says('weather?'), message, { role: 'tool', tool_call_id: `${id}c`, content: 'sunny' }] })
        t.match(choiceOf(last), { text: 'sunny' }, `C: ${from} → ${to}`)
      }
    })

  both(70, 'R client, from one model that Responses serves natively to another ⇒ no 400', async (t, g) => {
    t.match(itemsOf(await switched(g, codex, gpt5, `call_70_native${g.stream}`)).at(-1), ['message', 'sunny'])
  })
}

function scripted (id: string): Script {
  return { reasoning: 'Plan.', opaque: `opq-${id}`, toolCalls: [romeCall(id)] }
}

function isNative (from: string, to: string): boolean {
  return [from, to].every(model => model === codex || model === gpt5)
}

async function switched (g: Golden, from: string, to: string, id: string): Promise<Response> {
  g.script(scripted(id), { text: 'sunny' })
  const ask = { tools: responsesTools, store: false, include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'low', summary: 'auto' } }
  const { output } = await g.responses({ ...ask, model: from, input: 'weather?' })
  const items = output.map((item: Json) => {
    const { parsed_arguments: _parsed, ...rest } = item
    return rest as object
  })
  return g.responses({ ...ask, model: to,
    input: [...says('weather?'), ...items, { type: 'function_call_output', call_id: id, output: 'sunny' }] })
}
