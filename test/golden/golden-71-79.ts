// Weekly events: refusals, fields that no dialect can carry, deprecated functions, names, stops and sampling.
// `docs/spec/translation.md#golden-cases`.
import type { Json } from '../fixtures/http.ts'
import type { GoldenFrame } from './helpers/frame.ts'
import { blocksOf, choiceOf } from './helpers/clients.ts'
import { chatTools, messageItem, pdf, responsesScript, rome, romeCall, says,
  weatherSchema } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, codex, gpt } from './helpers/models.ts'

export function golden71to79 ({ both }: GoldenFrame): void {
  both(71, 'refusal: R part ⇒ C message.refusal, M text + refusal; M refusal ⇒ C content_filter', async (t, g) => {
    const refused = { text: 'I cannot.', finish: 'refusal' }
    g.script(refused, refused, refused, refused)
    const completion = await g.chat({ model: codex, messages: says('hi') })
    t.match(completion.choices, [{ finish_reason: 'stop', message: { refusal: 'I cannot.' } }])
    t.notOk(completion.choices[0]?.message.content)
    const message = await g.messages({ model: codex, messages: says('hi') })
    t.same(blocksOf(message), [['text', 'I cannot.']])
    t.equal(message.stop_reason, 'refusal')
    const filtered = await g.chat({ model: claude, messages: says('hi') })
    t.match(filtered.choices, [{ finish_reason: 'content_filter',
      message: { content: 'I cannot.', refusal: 'The request was refused.' } }])
    t.match(await g.responses({ model: claudeOnBoth, input: 'hi', store: false }), { status: 'incomplete',
      incomplete_details: { reason: 'content_filter' } })
  })

  both(72, 'n:2 C→M ⇒ 400 with param n, upstream not called; n:1 passes', async (t, g) => {
    for (const model of [claude, codex]) {
      t.match(await g.failure(g.chat({ model, messages: says('hi'), n: 2 })), { status: 400, param: 'n',
        code: 'unsupported_parameter', type: 'invalid_request_error' })
    }
    t.equal(g.calls(), 0)
    g.script({ text: 'ok' })
    t.match(
      choiceOf(
        await g.chat({ model: claude, messages: says('hi'), n: 1, logprobs: false, frequency_penalty: 0,
          modalities: ['text'], store: null, service_tier: 'auto' }),
      ),
      { text: 'ok' },
    )
    t.same(g.lost(), [], 'a default is no loss')
  })

  both(73, 'legacy functions and function_call C→M ⇒ tools; the answer is a function_call', async (t, g) => {
    g.script({ toolCalls: [romeCall('toolu_73')] }, { text: 'sunny' })
    const ask = { model: claude, functions: [{ name: 'get_weather', parameters: weatherSchema }] }
    const completion = await g.chat({ ...ask, messages: says('weather?'), function_call: { name: 'get_weather' } })
    t.match(g.sent('/v1/messages'), { tools: [{ name: 'get_weather' }],
      tool_choice: { type: 'tool', name: 'get_weather', disable_parallel_tool_use: true } })
    t.match(completion.choices, [{ finish_reason: 'function_call',
      message: { function_call: { name: 'get_weather', arguments: rome } } }])
    t.equal(completion.choices[0]?.message.tool_calls, undefined)
    await g.chat({ ...ask,
      messages: [...says('weather?'), { role: 'assistant', content: null,
        function_call: { name: 'get_weather', arguments: rome } }, { role: 'function', name: 'get_weather',
        content: 'sunny' }] })
    const [, assistant, user] = g.sent('/v1/messages').messages
    t.match(assistant.content, [{ type: 'tool_use', name: 'get_weather', input: { location: 'Rome' } }])
    t.match(user.content, [{ type: 'tool_result', tool_use_id: assistant.content[0].id, content: 'sunny' }])
  })

  both(74, 'PDF base64 document M→R ⇒ input_file; URL image C→M ⇒ url source', async (t, g) => {
    g.script({ text: 'ok' }, { text: 'ok' }, { text: 'ok' }, { text: 'ok' })
    const document = { type: 'document', title: 'report.pdf',
      source: { type: 'base64', media_type: 'application/pdf', data: pdf } }
    const file_data = `data:application/pdf;base64,${pdf}`
    await g.messages({ model: codex, messages: says([document, { type: 'text', text: 'sum up' }]) })
    t.match(g.sent('/responses').input[0].content, [{ type: 'input_file', filename: 'report.pdf', file_data }, {
      type: 'input_text',
      text: 'sum up',
    }])
    await g.messages({ model: gpt, messages: says([document, { type: 'text', text: 'sum up' }]) })
    t.match(g.sent('/chat/completions').messages[0].content, [{ type: 'file',
      file: { filename: 'report.pdf', file_data } }, { type: 'text' }])
    await g.chat({ model: claude,
      messages: says([{ type: 'text', text: 'what?' }, { type: 'image_url',
        image_url: { url: 'https://example.com/a.png' } }]) })
    t.match(g.sent('/v1/messages').messages[0].content, [{ type: 'text' }, { type: 'image',
      source: { type: 'url', url: 'https://example.com/a.png' } }])
    await g.responses({ model: claudeOnBoth, store: false,
      input: says([{ type: 'input_file', filename: 'report.pdf', file_data }]) })
    t.match(g.sent('/v1/messages').messages[0].content, [document])
  })

  both(75, 'tool name of 90 characters M→C ⇒ at most 64 up, the original in the answer', async (t, g) => {
    const name = `mcp__server__${'x'.repeat(77)}`
    const tools = [{ name, input_schema: weatherSchema }]
    for (const [model, path] of [[gpt, '/chat/completions'], [codex, '/responses']] as const) {
      const id = `call_75_${path.slice(1, 5)}`
      // The short name is the same in every request: learned in the first, used in the second.
      g.script({ text: 'ok' })
      await g.messages({ model, messages: says('go'), tools, tool_choice: { type: 'tool', name } })
      const { tools: [sent], tool_choice: choice } = g.sent(path)
      const short = (sent.function ?? sent).name as string
      t.match(short, /^mcp__server__x+_[0-9a-f]{8}$/)
      t.ok(short.length <= 64)
      t.equal((choice.function ?? choice).name, short)
      g.script({ toolCalls: [{ id, name: short, arguments: rome }] }, { text: 'ok' })
      const message = await g.messages({ model, messages: says('go'), tools })
      t.same(blocksOf(message), [['tool_use', name, { location: 'Rome' }]])
      await g.messages({ model, tools,
        messages: [...says('go'), { role: 'assistant', content: message.content }, { role: 'user',
          content: [{ type: 'tool_result', tool_use_id: id, content: 'x' }] }] })
      t.notMatch(JSON.stringify(g.sent(path)), name)
    }
  })

  both(76, 'tool_choice allowed_tools C→M ⇒ a subset of the tools', async (t, g) => {
    g.script({ text: 'ok' }, { text: 'ok' })
    const allowed = (mode: string) => ({ type: 'allowed_tools',
      allowed_tools: { mode, tools: [{ type: 'function', function: { name: 'read_file' } }] } })
    await g.chat({ model: claude, messages: says('go'), tools: chatTools, tool_choice: allowed('required') })
    t.same(g.sent('/v1/messages').tools.map((tool: Json) => tool.name), ['read_file'])
    t.same(g.sent().tool_choice, { type: 'any' })
    await g.chat({ model: claude, messages: says('go'), tools: chatTools, tool_choice: allowed('auto') })
    t.same(g.sent('/v1/messages').tools.map((tool: Json) => tool.name), ['read_file'])
    t.match(g.sent().tool_choice ?? { type: 'auto' }, { type: 'auto' })
  })

  both(77, 'stop sequence M→R ⇒ output cut, stop_reason stop_sequence', async (t, g) => {
    const script = { text: ['one S', 'TO', 'P two'] }
    g.script(script, script, { text: ['one S', 'TO', ' two'] })
    const message = await g.messages({ model: codex, messages: says('count'), stop_sequences: ['STOP'] })
    t.same(blocksOf(message), [['text', 'one ']])
    t.match(message, { stop_reason: 'stop_sequence', stop_sequence: 'STOP' })
    t.match(choiceOf(await g.chat({ model: codex, messages: says('count'), stop: 'STOP' })), { text: 'one ',
      finish: 'stop' })
    const whole = await g.messages({ model: codex, messages: says('count'), stop_sequences: ['STOP'] })
    t.same(blocksOf(whole), [['text', 'one STO two']], 'a text that only begins like the stop is complete')
    t.equal(whole.stop_reason, 'end_turn')
  })

  both(78, 'temperature 1.5 C→M ⇒ 1; removed with thinking', async (t, g) => {
    g.script({ text: 'ok' }, { text: 'ok' }, { text: 'ok' })
    await g.chat({ model: claude, messages: says('hi'), temperature: 1.5 })
    t.equal(g.sent('/v1/messages').temperature, 1)
    await g.chat({ model: claude, messages: says('hi'), temperature: 0.3 })
    t.equal(g.sent('/v1/messages').temperature, 0.3)
    await g.chat({ model: claude, messages: says('hi'), temperature: 0.3, reasoning_effort: 'low' })
    t.notOk('temperature' in g.sent('/v1/messages'))
    t.ok(g.lost().includes('temperature'))
  })

  both(79, 'logprobs:true C→R ⇒ include and back; C→M ⇒ 400', async (t, g) => {
    const logprobs = [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }]
    g.script(
      responsesScript([
        messageItem('msg_79', 'Hi', { content: [{ type: 'output_text', text: 'Hi', annotations: [], logprobs }] }),
      ]),
    )
    const completion = await g.chat({ model: codex, messages: says('hi'), logprobs: true, top_logprobs: 2 })
    t.match(g.sent('/responses'), { top_logprobs: 2 })
    t.ok(g.sent().include.includes('message.output_text.logprobs'))
    t.match(completion.choices[0]?.logprobs?.content, logprobs)
    t.match(await g.failure(g.chat({ model: claude, messages: says('hi'), logprobs: true })), { status: 400,
      param: 'logprobs' })
    t.equal(g.calls(), 1)
  })
}
