// Steps of every session: Chat clients, usage, reasoning that clients return, tools and parallel calls.
// `docs/spec/translation.md#golden-cases`.
import type { GoldenFrame } from './helpers/frame.ts'
import { blocksOf, choiceOf, itemsOf } from './helpers/clients.ts'
import { fileCall, messagesTools, chatTools, responsesTools, rome, romeCall, says,
  weatherSchema } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, claudeOnChat, codex, gemini, gpt } from './helpers/models.ts'
import { vercelTools } from './helpers/vercel.ts'

const thinking = { thinking: { type: 'adaptive', display: 'summarized' } }

export function golden16to30 ({ both, streamed }: GoldenFrame): void {
  both(16, 'C→R, system and user ⇒ two message items, store:false', async (t, g) => {
    g.script({ text: 'hello' })
    t.match(
      choiceOf(await g.chat({ model: codex, messages: [{ role: 'system', content: 'Be brief.' }, ...says('hi')] })),
      { text: 'hello', finish: 'stop' },
    )
    t.same(g.sent('/responses').input, [{ type: 'message', role: 'system',
      content: [{ type: 'input_text', text: 'Be brief.' }] }, { type: 'message', role: 'user',
      content: [{ type: 'input_text', text: 'hi' }] }])
    t.match(g.sent(), { store: false, instructions: undefined })
  })

  streamed(17, 'C→M, text ⇒ role chunk, content chunks, finish_reason stop, [DONE]; no usage chunk unless asked',
    async (t, g) => {
      g.script({ text: ['Hel', 'lo'] })
      t.match(choiceOf(await g.chat({ model: claude, messages: says('hi') })), { text: 'Hello', finish: 'stop' })
      const events = await g.events()
      t.equal(events.pop(), '[DONE]')
      t.match(events[0].choices, [{ delta: { role: 'assistant' } }])
      t.same(events.map(event => event.choices[0].delta.content ?? '').filter(text => text !== ''), ['Hel', 'lo'])
      t.match(events.at(-1).choices, [{ finish_reason: 'stop' }])
      t.ok(events.every(event => event.choices.length === 1 && (event.usage ?? null) === null))
    })

  streamed(18, 'C→M with include_usage ⇒ last chunk choices:[], prompt_tokens = input + cache read + cache creation',
    async (t, g) => {
      g.script({ text: 'Hello', usage: { inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 10, outputTokens: 7 } })
      const completion = await g.chat({ model: claude, messages: says('hi'), stream_options: { include_usage: true } })
      t.match(completion.usage, { prompt_tokens: 100, completion_tokens: 7, total_tokens: 107,
        prompt_tokens_details: { cached_tokens: 60 } })
      t.match((await g.events()).at(-2), { choices: [], usage: { prompt_tokens: 100 } })
      g.script({ text: 'Hello', usage: { inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 10, outputTokens: 7 } })
      t.match(await g.vercel.compatible(claude, { prompt: 'hi' }), { text: 'Hello',
        usage: { input: 100, output: 7, cached: 60 } })
    })

  streamed(19,
    'C→R, tool call ⇒ first tool delta with id, type, name; the rest only arguments; finish_reason tool_calls',
    async (t, g) => {
      g.script({ toolCalls: [romeCall('call_g19')] })
      t.match(choiceOf(await g.chat({ model: codex, messages: says('weather?'), tools: chatTools })), {
        finish: 'tool_calls',
        calls: [['get_weather', { location: 'Rome' }]],
      })
      t.match(g.sent('/responses').tools, [{ type: 'function', name: 'get_weather', strict: false }, { strict: false }],
        'if left out, it would be true')
      const [first, ...rest] = (await g.events()).flatMap(event => event.choices?.[0]?.delta.tool_calls ?? [])
      t.same(first, { index: 0, id: 'call_g19', type: 'function', function: { name: 'get_weather', arguments: '' } })
      t.ok(rest.length > 0)
      for (const delta of rest) t.same(delta, { index: 0, function: { arguments: delta.function.arguments } })
      t.equal(rest.map(delta => delta.function.arguments).join(''), rome)
      g.script({ toolCalls: [romeCall('call_g19b')] }, { toolCalls: [romeCall('call_g19c')] })
      t.match(await g.vercel.chat(codex, { prompt: 'weather?', ...vercelTools('get_weather', 'location') }), {
        calls: [['get_weather', { location: 'Rome' }]],
        finish: 'tool-calls',
      })
      t.match(await g.vercel.compatible(codex, { prompt: 'weather?', ...vercelTools('get_weather', 'location') }), {
        calls: [['get_weather', { location: 'Rome' }]],
        finish: 'tool-calls',
      })
    })

  both(20,
    'C→M, content:null with tool_calls, two results, user text ⇒ an assistant turn, a user turn [result, result, text]',
    async (t, g) => {
      g.script({ text: 'ok' })
      const call = (id: string) => ({ id, type: 'function', function: { name: 'get_weather', arguments: rome } })
      await g.chat({ model: claude, tools: chatTools,
        messages: [...says('go'), { role: 'assistant', content: null, tool_calls: [call('a20'), call('b20')] }, {
          role: 'tool',
          tool_call_id: 'a20',
          content: 'A',
        }, { role: 'tool', tool_call_id: 'b20', content: 'B' }, ...says('and?')] })
      const { messages } = g.sent('/v1/messages')
      t.match(messages, [{ role: 'user' }, { role: 'assistant',
        content: [{ type: 'tool_use', id: 'a20', name: 'get_weather', input: { location: 'Rome' } }, { type: 'tool_use',
          id: 'b20' }] }, { role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'a20', content: 'A' }, { type: 'tool_result', tool_use_id: 'b20',
          content: 'B' }, { type: 'text', text: 'and?' }] }])
      t.same(messages.map((message: { content: unknown[] }) => message.content.length), [1, 2, 3])
    })

  both(21, 'M→C, usage with cached_tokens:60 of 100 ⇒ input_tokens:40, cache_read_input_tokens:60', async (t, g) => {
    const usage = { inputTokens: 100, cachedTokens: 60, outputTokens: 7 }
    g.script({ text: 'hello', usage }, { text: 'hello', usage })
    const message = await g.messages({ model: gpt, messages: says('hi') })
    t.match(message.usage, { input_tokens: 40, cache_read_input_tokens: 60, cache_creation_input_tokens: 0,
      output_tokens: 7 })
    t.match(await g.vercel.messages(gpt, { prompt: 'hi' }), { text: 'hello',
      usage: { input: 100, cached: 60, output: 7 } })
  })

  both(22, 'M→R, usage with cached and reasoning tokens ⇒ the same subtraction; output_tokens unchanged',
    async (t, g) => {
      g.script({ text: 'hello', usage: { inputTokens: 100, cachedTokens: 60, outputTokens: 20, reasoningTokens: 8 } })
      t.match((await g.messages({ model: codex, messages: says('hi') })).usage, { input_tokens: 40,
        cache_read_input_tokens: 60, output_tokens: 20 })
    })

  both(23, 'M→R, adaptive thinking and effort high ⇒ reasoning.effort high', async (t, g) => {
    g.script({ text: 'hello' })
    await g.messages({ model: codex, messages: says('hi'), ...thinking, output_config: { effort: 'high' } })
    t.match(g.sent('/responses').reasoning, { effort: 'high', summary: 'auto' })
  })

  both(24,
    'M→R, encrypted reasoning, then a call; replayed ⇒ the identical reasoning item directly before its function_call',
    async (t, g) => {
      g.script({ reasoning: 'Plan.', opaque: `enc-24-${g.stream}`, toolCalls: [romeCall('call_g24')] }, {
        text: 'sunny',
      })
      const ask = { model: codex, tools: messagesTools, ...thinking }
      const first = await g.messages({ ...ask, messages: says('weather?') })
      t.same(blocksOf(first), [['thinking', 'Plan.'], ['tool_use', 'get_weather', { location: 'Rome' }]])
      t.match(first.content[0], { signature: /^cpt1\.r\./ })
      const second = await g.messages({ ...ask,
        messages: [...says('weather?'), { role: 'assistant', content: first.content }, { role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'call_g24', content: 'sunny' }] }] })
      t.match(blocksOf(second).at(-1), ['text', 'sunny'])
      const { input } = g.sent('/responses')
      t.same(input.map((item: { type: string }) => item.type), ['message', 'reasoning', 'function_call',
        'function_call_output'])
      t.match(input[1], { id: /./, encrypted_content: `enc-24-${g.stream}`,
        summary: [{ type: 'summary_text', text: 'Plan.' }] })
      g.script({ reasoning: 'Plan.', opaque: `enc-24v-${g.stream}`, toolCalls: [romeCall('call_g24v')] }, {
        text: 'sunny',
      })
      const result = await g.vercel.messages(codex, { prompt: 'weather?',
        ...vercelTools('get_weather', 'location', () => 'sunny'),
        providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2048 } } } })
      t.equal(result.text, 'sunny')
      t.equal(g.sent('/responses').input[1].encrypted_content, `enc-24v-${g.stream}`)
    })

  both(25, 'R→M, thinking and tool_use; replayed ⇒ the identical thinking block, first in the assistant turn',
    async (t, g) => {
      g.script({ reasoning: 'Let me think.', opaque: `sig-25-${g.stream}`, toolCalls: [romeCall('toolu_25')] }, {
        text: 'sunny',
      })
      const ask = { model: claudeOnBoth, tools: responsesTools, store: false, include: ['reasoning.encrypted_content'],
        reasoning: { effort: 'high', summary: 'auto' } }
      const first = await g.responses({ ...ask, input: 'weather?' })
      t.same(itemsOf(first), [['reasoning', 'Let me think.'], ['function_call', 'get_weather', { location: 'Rome' }]])
      const output = first.output.map(item => {
        const { parsed_arguments: _parsed, ...rest } = item as { parsed_arguments?: unknown }
        return rest
      })
      await g.responses({ ...ask,
        input: [...says('weather?'), ...output, { type: 'function_call_output', call_id: 'toolu_25',
          output: 'sunny' }] })
      const { messages } = g.sent('/v1/messages')
      t.match(messages[1], { role: 'assistant',
        content: [{ type: 'thinking', thinking: 'Let me think.', signature: `sig-25-${g.stream}` }, { type: 'tool_use',
          id: 'toolu_25' }] })
      t.match(messages[2], { role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_25', content: 'sunny' }] })
      g.script({ reasoning: 'Let me think.', opaque: `sig-25v-${g.stream}`, toolCalls: [romeCall('toolu_25v')] }, {
        text: 'sunny',
      })
      const result = await g.vercel.responses(claudeOnBoth, { prompt: 'weather?',
        ...vercelTools('get_weather', 'location', () => 'sunny'), providerOptions: {
          openai: { store: false, reasoningEffort: 'high', reasoningSummary: 'auto', forceReasoning: true,
            include: ['reasoning.encrypted_content'] },
        } })
      t.equal(result.text, 'sunny')
      t.match(g.sent('/v1/messages').messages[1].content[0], { type: 'thinking', thinking: 'Let me think.',
        signature: `sig-25v-${g.stream}` })
    })

  both(26, 'M→C with reasoning_text and reasoning_opaque ⇒ thinking block first; replayed ⇒ reasoning_opaque restored',
    async (t, g) => {
      for (const model of [claudeOnChat, gemini]) {
        const opaque = `opq-26-${model}-${g.stream}`
        const id = `tooluse_26_${model.slice(0, 6)}`
        g.script({ reasoning: 'Hmm.', opaque, toolCalls: [romeCall(id)] }, { text: 'sunny' })
        const ask = { model, tools: messagesTools, max_tokens: 8_000, ...thinking, output_config: { effort: 'low' } }
        const first = await g.messages({ ...ask, messages: says('weather?') })
        t.same(blocksOf(first).filter(block => (block as unknown[])[0] !== 'redacted_thinking'), [['thinking', 'Hmm.'],
          ['tool_use', 'get_weather', { location: 'Rome' }]], model)
        await g.messages({ ...ask,
          messages: [...says('weather?'), { role: 'assistant', content: first.content }, { role: 'user',
            content: [{ type: 'tool_result', tool_use_id: id, content: 'sunny' }] }] })
        t.match(g.sent('/chat/completions').messages[1], { role: 'assistant', reasoning_opaque: opaque,
          tool_calls: [{ id }] }, model)
      }
    })

  both(27, 'M→R, tools with $schema and cache_control ⇒ flat functions, strict:false, without either', async (t, g) => {
    g.script({ text: 'ok' })
    await g.messages({ model: codex, messages: says('hi'),
      tools: [{ name: 'get_weather', description: 'for weather', cache_control: { type: 'ephemeral' },
        input_schema: { $schema: 'http://json-schema.org/draft-07/schema#', ...weatherSchema } }] })
    t.same(g.sent('/responses').tools, [{ type: 'function', name: 'get_weather', description: 'for weather',
      parameters: weatherSchema, strict: false }])
    t.notMatch(JSON.stringify(g.sent()), /cache_control|\$schema/)
  })

  both(28, 'R→M, function tools with strict:false ⇒ input_schema, no strict', async (t, g) => {
    g.script({ text: 'ok' })
    await g.responses({ model: claudeOnBoth, input: 'hi', tools: responsesTools, store: false })
    t.match(g.sent('/v1/messages').tools, [{ name: 'get_weather', description: 'for get_weather',
      input_schema: weatherSchema }, { name: 'read_file' }])
    t.notMatch(JSON.stringify(g.sent().tools), /strict|"parameters"/)
  })

  streamed(29, "M ⇒ message_start.usage.input_tokens > 0 although upstream's usage comes last", async (t, g) => {
    for (const model of [gpt, codex]) {
      g.script({ text: 'hello', usage: { inputTokens: 77, outputTokens: 2 } })
      t.equal((await g.messages({ model, messages: says('hi') })).usage.input_tokens, 77)
      t.ok((await g.events())[0].message.usage.input_tokens > 0)
    }
  })

  both(30,
    'M→C, two tool calls in one answer ⇒ two tool_use blocks, indices 0 and 1 or after the text, both inputs right',
    async (t, g) => {
      for (const [model, text] of [[gpt, null], [claudeOnChat, 'I will look.']] as const) {
        g.script({ ...(text === null ? {} : { text }),
          toolCalls: [romeCall(`a30_${model}`.replace('.', '_')), fileCall(`b30_${model}`.replace('.', '_'))] })
        const message = await g.messages({ model, messages: says('go'), tools: messagesTools })
        t.same(blocksOf(message), [...(text === null ? [] : [['text', text]]), ['tool_use', 'get_weather', {
          location: 'Rome',
        }], ['tool_use', 'read_file', { path: 'a.txt' }]])
        if (g.stream) {
          t.same((await g.events()).filter(event => event.type === 'content_block_start').map(event => event.index),
            message.content.map((_block, at) => at))
        }
      }
      for (const [provider, model] of [['messages', gpt], ['messages', codex], ['responses', claudeOnBoth], ['chat',
        claude], ['compatible', codex]] as const) {
        g.script({
          toolCalls: [romeCall(`a30_${provider}`), { id: `b30_${provider}`, name: 'get_weather',
            arguments: '{"location":"Oslo"}' }],
        })
        const result = await g.vercel[provider](model, { prompt: 'go', ...vercelTools('get_weather', 'location') })
        t.match(result, { finish: 'tool-calls',
          calls: [['get_weather', { location: 'Rome' }], ['get_weather', { location: 'Oslo' }]] },
          `${provider} ${model}`)
      }
      g.script({ toolCalls: [romeCall('a30c'), fileCall('b30c')] })
      t.same(choiceOf(await g.chat({ model: claude, messages: says('go'), tools: chatTools })).calls, [['get_weather', {
        location: 'Rome',
      }], ['read_file', { path: 'a.txt' }]])
    })
}
