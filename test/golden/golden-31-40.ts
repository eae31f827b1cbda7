// Daily events: unusual endings and chunks, limits, images, tool errors. `docs/spec/translation.md#golden-cases`.
import type { GoldenFrame } from './helpers/frame.ts'
import { blocksOf, choiceOf, itemsOf } from './helpers/clients.ts'
import { calledInMessages, calledInResponses, chatTools, chatUsage, chunk, done, finished, messagesTools, png, pngUrl,
  responsesTools, romeCall, says } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, claudeOnChat, codex, gpt } from './helpers/models.ts'

const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }

export function golden31to40 ({ both, streamed }: GoldenFrame): void {
  both(31, 'tool with empty input ⇒ M client {}, C and R client "{}"', async (t, g) => {
    for (const [at, args] of ['', '{}'].entries()) {
      g.script({ toolCalls: [{ id: `call_31_${at}`, name: 'get_weather', arguments: args === '' ? [] : args }] })
      t.same(blocksOf(await g.messages({ model: gpt, messages: says('go'), tools: messagesTools })), [['tool_use',
        'get_weather', {}]])
    }
    g.script({ toolCalls: [{ id: 'toolu_31', name: 'get_weather', arguments: [] }] }, {
      toolCalls: [{ id: 'toolu_31b', name: 'get_weather', arguments: [] }],
    })
    const completion = await g.chat({ model: claude, messages: says('go'), tools: chatTools })
    t.match(completion.choices[0]?.message.tool_calls, [{ function: { arguments: '{}' } }])
    const response = await g.responses({ model: claudeOnBoth, input: 'go', tools: responsesTools, store: false })
    t.match(response.output, [{ type: 'function_call', arguments: '{}' }])
  })

  both(32, 'C upstream says finish_reason stop with tool calls ⇒ M tool_use', async (t, g) => {
    g.script({ toolCalls: [romeCall('call_32')], finish: 'stop' })
    t.equal((await g.messages({ model: gpt, messages: says('go'), tools: messagesTools })).stop_reason, 'tool_use')
  })

  both(33, 'C upstream gives two choices, text in 0, calls in 1 ⇒ one M message with both', async (t, g) => {
    const calls = [{ index: 0, id: 'call_33', type: 'function',
      function: { name: 'get_weather', arguments: '{"location":"Rome"}' } }]
    g.script({
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'I will look.' } }, {
        index: 1,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', tool_calls: calls },
      }],
      ...(g.stream
        ? {
          chunks: [chunk({ role: 'assistant', content: 'I will look.' }),
            chunk({ role: 'assistant', tool_calls: calls }, { index: 1 }), chunk({}, { finish_reason: 'stop' }),
            chunk({}, { index: 1, finish_reason: 'tool_calls' }), done],
        }
        : {}),
    })
    const message = await g.messages({ model: claudeOnChat, messages: says('go'), tools: messagesTools })
    t.same(blocksOf(message), [['text', 'I will look.'], ['tool_use', 'get_weather', { location: 'Rome' }]])
    t.equal(message.stop_reason, 'tool_use')
  })

  streamed(34, 'chunk with choices:null, or choices:[] and a blank id, first ⇒ no output, no crash', async (t, g) => {
    const chunks = [{ choices: null, copilot_references: [] }, { choices: [], id: '', created: 0, model: '',
      prompt_filter_results: [] }, chunk({ role: 'assistant', content: 'Hello' }), finished('stop'), chatUsage, done]
    g.script({ chunks }, { chunks }, { chunks })
    t.same(blocksOf(await g.messages({ model: gpt, messages: says('hi') })), [['text', 'Hello']])
    t.same(itemsOf(await g.responses({ model: gpt, input: 'hi', store: false })), [['message', 'Hello']])
    const completion = await g.chat({ model: gpt, messages: says('hi') })
    t.match(choiceOf(completion), { text: 'Hello', finish: 'stop' })
    t.equal(completion.id, 'chatcmpl-1', 'in the same dialect too')
  })

  streamed(35, 'usage chunk after the finish chunk ⇒ counted', async (t, g) => {
    const chunks = [chunk({ role: 'assistant', content: 'Hello' }), finished('stop'), chatUsage, done]
    g.script({ chunks }, { chunks })
    t.match((await g.messages({ model: gpt, messages: says('hi') })).usage, { input_tokens: 10, output_tokens: 5 })
    t.same(g.sent('/chat/completions').stream_options, { include_usage: true })
    t.match((await g.responses({ model: gpt, input: 'hi', store: false })).usage, { input_tokens: 10, output_tokens: 5,
      total_tokens: 15 })
  })

  both(36, 'limit hit: C length ⇒ M max_tokens, R incomplete/max_output_tokens; M max_tokens ⇒ C length',
    async (t, g) => {
      const script = { text: 'cut of', finish: 'length' }
      g.script(script, script, script, script)
      t.match(await g.messages({ model: gpt, messages: says('hi') }), { stop_reason: 'max_tokens',
        content: [{ text: 'cut of' }] })
      t.match(await g.responses({ model: gpt, input: 'hi', store: false }), { status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' }, output: [{ content: [{ text: 'cut of' }] }] })
      t.match(choiceOf(await g.chat({ model: claude, messages: says('hi') })), { finish: 'length', text: 'cut of' })
      t.match(await g.messages({ model: codex, messages: says('hi') }), { stop_reason: 'max_tokens',
        content: [{ text: 'cut of' }] })
      g.script(script, script)
      t.match(await g.vercel.messages(gpt, { prompt: 'hi' }), { finish: 'length', text: 'cut of' })
      t.match(await g.vercel.responses(gpt, { prompt: 'hi' }), { finish: 'length', text: 'cut of' })
    })

  both(37, 'image M→C ⇒ data URL; M→R ⇒ input_image; C→M ⇒ base64 source with media type; vision header',
    async (t, g) => {
      const script = { text: 'a dot' }
      g.script(script, script, script, script)
      const seen = () => t.equal(g.sentHeaders()['copilot-vision-request'], 'true')
      const text = { type: 'text', text: 'what?' }
      await g.messages({ model: gpt, messages: says([text, image]) })
      t.match(g.sent('/chat/completions').messages[0].content, [text, { type: 'image_url',
        image_url: { url: pngUrl } }])
      seen()
      await g.messages({ model: codex, messages: says([text, image]) })
      t.match(g.sent('/responses').input[0].content, [{ type: 'input_text', text: 'what?' }, { type: 'input_image',
        image_url: pngUrl, detail: 'auto' }])
      seen()
      t.match(
        choiceOf(
          await g.chat({ model: claude, messages: says([text, { type: 'image_url', image_url: { url: pngUrl } }]) }),
        ),
        { text: 'a dot' },
      )
      t.match(g.sent('/v1/messages').messages[0].content, [text, image])
      seen()
      t.match(await g.vercel.messages(gpt, {
        messages: says([text, { type: 'file', mediaType: 'image/png', data: Buffer.from(png, 'base64') }]),
      }), { text: 'a dot' })
      t.match(g.sent('/chat/completions').messages[0].content[1], { type: 'image_url', image_url: { url: pngUrl } })
      seen()
    })

  both(38, 'image in tool_result M→R ⇒ array output; M→C ⇒ tool message, then user message with image_url',
    async (t, g) => {
      g.script({ text: 'a dot' }, { text: 'a dot' })
      const messages = calledInMessages('toolu_38', [{ type: 'text', text: 'shot' }, image])
      await g.messages({ model: codex, messages, tools: messagesTools })
      t.match(g.sent('/responses').input[2], { type: 'function_call_output', call_id: 'toolu_38',
        output: [{ type: 'input_text', text: 'shot' }, { type: 'input_image', image_url: pngUrl }] })
      t.equal(g.sentHeaders()['copilot-vision-request'], 'true')
      await g.messages({ model: gpt, messages, tools: messagesTools })
      const [tool, user] = g.sent('/chat/completions').messages.slice(2)
      t.match(tool, { role: 'tool', tool_call_id: 'toolu_38', content: 'shot' })
      t.equal(user.role, 'user')
      t.match(user.content, [{ type: 'text', text: /toolu_38/ }, { type: 'image_url', image_url: { url: pngUrl } }])
      t.equal(g.sentHeaders()['copilot-vision-request'], 'true')
      t.equal(g.sentHeaders()['x-initiator'], 'agent')
    })

  both(39, 'image in function_call_output R→M ⇒ image block in tool_result', async (t, g) => {
    g.script({ text: 'a dot' })
    await g.responses({ model: claudeOnBoth, tools: responsesTools, store: false,
      input: calledInResponses('call_39', [{ type: 'input_text', text: 'shot' }, { type: 'input_image',
        image_url: pngUrl, detail: 'auto' }]) })
    t.match(g.sent('/v1/messages').messages[2].content, [{ type: 'tool_result', tool_use_id: 'call_39',
      content: [{ type: 'text', text: 'shot' }, image] }])
    t.equal(g.sentHeaders()['copilot-vision-request'], 'true')
  })

  both(40, 'is_error:true M→C ⇒ tool text starts with Error', async (t, g) => {
    g.script({ text: 'oh' }, { text: 'oh' }, { text: 'oh' })
    await g.messages({ model: gpt, messages: calledInMessages('toolu_40', 'no such city', { is_error: true }),
      tools: messagesTools })
    t.equal(g.sent('/chat/completions').messages[2].content, 'Error: no such city')
    await g.messages({ model: gpt, messages: calledInMessages('toolu_40', 'error: gone', { is_error: true }),
      tools: messagesTools })
    t.equal(g.sent('/chat/completions').messages[2].content, 'error: gone', 'only once')
    await g.messages({ model: codex, messages: calledInMessages('toolu_40', 'no such city', { is_error: true }),
      tools: messagesTools })
    t.equal(g.sent('/responses').input[2].output, 'Error: no such city')
  })
}
