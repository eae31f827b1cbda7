// Steps of every session: instructions, text, a tool and its result. `docs/spec/translation.md#golden-cases`.
import type { GoldenFrame } from './helpers/frame.ts'
import { blocksOf, choiceOf, itemsOf } from './helpers/clients.ts'
import { calledInMessages, messagesTools, responsesTools, rome, romeCall, says } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, codex, gpt } from './helpers/models.ts'
import { vercelTools } from './helpers/vercel.ts'

/** As Claude Code sends it. */
const system = [{ type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1; cch=abc;' }, { type: 'text',
  text: 'You are Claude Code.', cache_control: { type: 'ephemeral' } }, { type: 'text', text: 'Be brief.',
  cache_control: { type: 'ephemeral' } }]
const instructed = [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'You are Codex.' }] }, {
  type: 'message',
  role: 'developer',
  content: [{ type: 'input_text', text: 'Be brief.' }],
}, { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }]
const userItem = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })

export function golden01to15 ({ both, streamed }: GoldenFrame): void {
  both(1,
    'M→C, system array of 3 blocks, one user text ⇒ one system message, then the user; the billing header is gone',
    async (t, g) => {
      g.script({ text: 'hello' })
      t.same(blocksOf(await g.messages({ model: gpt, system, messages: says('hi') })), [['text', 'hello']])
      t.same(g.sent('/chat/completions').messages, [{ role: 'system', content: 'You are Claude Code.\n\nBe brief.' }, {
        role: 'user',
        content: 'hi',
      }])
      t.equal(g.sent().max_tokens, 512)
      t.equal(g.sentHeaders()['x-initiator'], 'user')
    })

  both(2, 'M→R, same ⇒ instructions with both texts, one user item, store:false, encrypted reasoning included',
    async (t, g) => {
      g.script({ text: 'hello' })
      t.same(blocksOf(await g.messages({ model: codex, system, messages: says('hi') })), [['text', 'hello']])
      t.match(g.sent('/responses'), { instructions: 'You are Claude Code.\n\nBe brief.', store: false,
        max_output_tokens: 512 })
      t.same(g.sent().input, [userItem('hi')])
      t.ok(g.sent().include.includes('reasoning.encrypted_content'))
    })

  streamed(3, "M→C, text in three deltas, stop, usage chunk ⇒ one text block, end_turn, upstream's usage",
    async (t, g) => {
      g.script({ text: ['Hel', 'lo ', 'you'], usage: { inputTokens: 11, outputTokens: 3 } })
      const message = await g.messages({ model: gpt, messages: says('hi') })
      t.same(blocksOf(message), [['text', 'Hello you']])
      t.match(message, { stop_reason: 'end_turn', model: gpt, usage: { input_tokens: 11, output_tokens: 3 } })
      t.equal((await g.events()).filter(event => event.type === 'content_block_delta').length, 3, 'delta by delta')
      g.script({ text: ['Hel', 'lo ', 'you'], usage: { inputTokens: 11, outputTokens: 3 } })
      t.match(await g.vercel.messages(gpt, { prompt: 'hi' }), { text: 'Hello you', finish: 'stop',
        usage: { input: 11, output: 3 } })
    })

  streamed(4, 'M→R, text ⇒ block 0 is text; message_delta with the real usage; message_stop', async (t, g) => {
    g.script({ text: ['Hel', 'lo'], usage: { inputTokens: 12, outputTokens: 4 } })
    const message = await g.messages({ model: codex, messages: says('hi') })
    t.same(blocksOf(message), [['text', 'Hello']])
    const events = await g.events()
    t.match(events.find(event => event.type === 'content_block_start'), { index: 0,
      content_block: { type: 'text', text: '' } })
    t.match(events.at(-2), { type: 'message_delta', delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 12, output_tokens: 4 } })
    t.same(events.at(-1), { type: 'message_stop' })
    g.script({ text: 'Hello' })
    t.match(await g.vercel.messages(codex, { prompt: 'hi' }), { text: 'Hello', finish: 'stop' })
  })

  both(5, 'M→C, one tool call ⇒ tool_use with parsed input, stop_reason tool_use', async (t, g) => {
    g.script({ toolCalls: [romeCall('call_g5')] })
    const message = await g.messages({ model: gpt, messages: says('weather?'), tools: messagesTools })
    t.match(message, { stop_reason: 'tool_use',
      content: [{ type: 'tool_use', id: 'call_g5', name: 'get_weather', input: { location: 'Rome' } }] })
    t.equal(message.content.length, 1)
    t.match(g.sent('/chat/completions').tools, [{ type: 'function',
      function: { name: 'get_weather', parameters: { type: 'object', required: ['location'] } } }, {}])
    g.script({ toolCalls: [romeCall('call_g5b')] })
    t.match(await g.vercel.messages(gpt, { prompt: 'weather?', ...vercelTools('get_weather', 'location') }), {
      calls: [['get_weather', { location: 'Rome' }]],
      finish: 'tool-calls',
    })
  })

  both(6, 'M→R, one function_call in five argument deltas ⇒ the same input; the id is the call_id', async (t, g) => {
    g.script({
      toolCalls: [{ id: 'call_g6', name: 'get_weather', arguments: ['{"lo', 'cation"', ':"R', 'om', 'e"}'] }],
    })
    const message = await g.messages({ model: codex, messages: says('weather?'), tools: messagesTools })
    t.match(message, { stop_reason: 'tool_use',
      content: [{ type: 'tool_use', id: 'call_g6', name: 'get_weather', input: { location: 'Rome' } }] })
    t.equal(message.content.length, 1)
  })

  both(7, 'M→C, history tool_use + tool_result ⇒ assistant with tool_calls, then role tool, arguments a JSON string',
    async (t, g) => {
      g.script({ text: 'sunny' })
      await g.messages({ model: gpt, messages: calledInMessages('toolu_7', 'sunny'), tools: messagesTools })
      t.same(g.sent('/chat/completions').messages, [{ role: 'user', content: 'weather?' }, { role: 'assistant',
        content: null,
        tool_calls: [{ id: 'toolu_7', type: 'function', function: { name: 'get_weather', arguments: rome } }] }, {
        role: 'tool',
        tool_call_id: 'toolu_7',
        content: 'sunny',
      }])
      t.equal(g.sentHeaders()['x-initiator'], 'agent')
    })

  both(8, 'M→R, same history ⇒ function_call and function_call_output of equal call_id', async (t, g) => {
    g.script({ text: 'sunny' })
    await g.messages({ model: codex, messages: calledInMessages('toolu_8', 'sunny'), tools: messagesTools })
    t.same(g.sent('/responses').input, [userItem('weather?'), { type: 'function_call', call_id: 'toolu_8',
      name: 'get_weather', arguments: rome }, { type: 'function_call_output', call_id: 'toolu_8', output: 'sunny' }])
  })

  both(9, 'M→C, two tool_result and a trailing <system-reminder> ⇒ two tool messages, then one user message',
    async (t, g) => {
      g.script({ text: 'ok' })
      const use = (id: string) => ({ type: 'tool_use', id, name: 'get_weather', input: {} })
      const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: `of ${id}`, is_error: false })
      const reminder = '<system-reminder>\nmind the gap\n</system-reminder>'
      await g.messages({ model: gpt, tools: messagesTools,
        messages: [...says('go'), { role: 'assistant', content: [use('a9'), use('b9')] }, { role: 'user',
          content: [result('a9'), result('b9'), { type: 'text', text: reminder }] }] })
      t.match(g.sent('/chat/completions').messages.slice(2), [{ role: 'tool', tool_call_id: 'a9', content: 'of a9' }, {
        role: 'tool',
        tool_call_id: 'b9',
        content: 'of b9',
      }, { role: 'user', content: reminder }])
      t.equal(g.sent().messages.length, 5)
      t.equal(g.sentHeaders()['x-initiator'], 'agent', 'a reminder does not count as a message of the user')
    })

  both(10, 'R→M, leading developer messages and a user ⇒ system blocks in order, one user turn, max_tokens filled in',
    async (t, g) => {
      g.script({ text: 'hello' })
      t.same(itemsOf(await g.responses({ model: claudeOnBoth, input: instructed, store: false })), [['message',
        'hello']])
      const { system, messages, max_tokens: max } = g.sent('/v1/messages')
      t.match(system, [{ type: 'text', text: 'You are Codex.' }, { type: 'text', text: 'Be brief.' }])
      t.equal(system.length, 2)
      t.match(messages, [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }])
      t.equal(messages.length, 1)
      t.equal(max, g.stream ? 32_000 : 16_000, "the model's own maximum")
    })

  both(11, 'R→C, same ⇒ system messages in place, then the user', async (t, g) => {
    g.script({ text: 'hello' })
    t.same(itemsOf(await g.responses({ model: gpt, input: instructed, store: false })), [['message', 'hello']])
    t.same(g.sent('/chat/completions').messages, [{ role: 'system', content: 'You are Codex.' }, { role: 'system',
      content: 'Be brief.' }, { role: 'user', content: 'hi' }])
    g.script({ text: 'hello' })
    t.match(await g.vercel.responses(gpt, { prompt: 'hi' }), { text: 'hello', finish: 'stop' })
  })

  streamed(12, 'R→M, text ⇒ created … completed, output[0].content[0].text; ids constant', async (t, g) => {
    g.script({ text: ['Hel', 'lo'] })
    const response = await g.responses({ model: claudeOnBoth, input: 'hi', store: false })
    t.match(response, { status: 'completed', model: claudeOnBoth,
      output: [{ type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'Hello' }] }] })
    t.equal(response.output_text, 'Hello')
    const events = await g.events()
    t.equal(events[0].type, 'response.created')
    t.equal(events.at(-1).type, 'response.completed')
    t.same(events.map(event => event.sequence_number), events.map((_event, at) => at))
    t.equal(new Set(events.filter(event => event.response !== undefined).map(event => event.response.id)).size, 1)
    t.same([...new Set(events.map(event => event.item_id ?? event.item?.id).filter(id => id !== undefined))], [
      response.output[0]?.id,
    ])
    g.script({ text: 'Hello' })
    t.match(await g.vercel.responses(claudeOnBoth, { prompt: 'hi' }), { text: 'Hello', finish: 'stop' })
  })

  both(13, 'R→M, tool_use ⇒ function_call item with call_id, JSON arguments, status completed', async (t, g) => {
    g.script({ toolCalls: [romeCall('toolu_13')] })
    const response = await g.responses({ model: claudeOnBoth, input: 'weather?', tools: responsesTools, store: false })
    t.match(response, { status: 'completed',
      output: [{ type: 'function_call', call_id: 'toolu_13', name: 'get_weather', arguments: rome,
        status: 'completed' }] })
    t.equal(response.output.length, 1)
    g.script({ toolCalls: [romeCall('toolu_13b')] })
    t.match(await g.vercel.responses(claudeOnBoth, { prompt: 'weather?', ...vercelTools('get_weather', 'location') }), {
      calls: [['get_weather', { location: 'Rome' }]],
      finish: 'tool-calls',
    })
  })

  both(14, 'R→C, tool call ⇒ the same; response.completed contains the item', async (t, g) => {
    g.script({ toolCalls: [romeCall('call_g14')] })
    const response = await g.responses({ model: gpt, input: 'weather?', tools: responsesTools, store: false })
    t.match(response, { status: 'completed',
      output: [{ type: 'function_call', call_id: 'call_g14', name: 'get_weather', arguments: rome,
        status: 'completed' }] })
    if (g.stream) {
      t.match((await g.events()).at(-1), { type: 'response.completed',
        response: { output: [{ type: 'function_call', call_id: 'call_g14', arguments: rome }] } })
    }
  })

  both(15, 'C→M, system and user ⇒ system block, user turn, max_tokens', async (t, g) => {
    g.script({ text: 'hello' })
    t.match(
      choiceOf(await g.chat({ model: claude, messages: [{ role: 'system', content: 'Be brief.' }, ...says('hi')] })),
      { text: 'hello', finish: 'stop', calls: [] },
    )
    const { system, messages, max_tokens: max } = g.sent('/v1/messages')
    t.match(system, [{ type: 'text', text: 'Be brief.' }])
    t.match(messages, [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }])
    t.ok(max > 0)
    g.script({ text: 'hello' }, { text: 'hello' })
    t.match(await g.vercel.chat(claude, { prompt: 'hi' }), { text: 'hello', finish: 'stop' })
    t.match(await g.vercel.compatible(claude, { prompt: 'hi' }), { text: 'hello', finish: 'stop' })
  })
}
