// Rare events: refused fields, broken histories, limits of caching and length, broken and huge answers.
// `docs/spec/translation.md#golden-cases`.
import { knownErrors } from '../../src/emulator/emulator.ts'
import type { Json } from '../fixtures/http.ts'
import type { Golden, GoldenFrame } from './helpers/frame.ts'
import { blocksOf, choiceOf, itemsOf } from './helpers/clients.ts'
import { chatTools, messagesTools, responsesTools, says, weatherSchema } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, codex, gpt } from './helpers/models.ts'

const marked = (text: string) => ({ type: 'text', text, cache_control: { type: 'ephemeral' } })
const marksIn = (body: Json) => JSON.stringify(body).match(/"cache_control"/g)?.length ?? 0

export function golden86to98 ({ both }: GoldenFrame): void {
  both(86, 'audio, logit_bias, file_id, mcp_servers, container, background:true ⇒ 400 naming the field',
    async (t, g) => {
      const chat = (more: object) =>
        [claude, codex].map(model => () => g.chat({ model, messages: says('hi'), ...more }))
      const messages = (more: object) =>
        [gpt, codex].map(model => () => g.messages({ model, messages: says('hi'), ...more }))
      const responses = (more: object) =>
        [gpt, claudeOnBoth].map(model => () => g.responses({ model, input: 'hi', store: false, ...more }))
      const fields: ReadonlyArray<readonly [RegExp, ReadonlyArray<() => Promise<unknown>>]> = [[/input_audio|audio/,
        chat({ messages: says([{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }]) })], [
        /modalities|audio/,
        chat({ modalities: ['text', 'audio'], audio: { format: 'mp3', voice: 'alloy' } }),
      ], [/logit_bias/, chat({ logit_bias: { 50256: -100 } })], [/file/,
        chat({ messages: says([{ type: 'file', file: { file_id: 'file-1' } }]) })], [/file[_ ]id/,
        messages({ messages: says([{ type: 'image', source: { type: 'file', file_id: 'file_1' } }]) })], [/file[_ ]id/,
        responses({ input: says([{ type: 'input_image', file_id: 'file-1', detail: 'auto' }]) })], [/mcp_servers/,
        messages({ mcp_servers: [{ type: 'url', url: 'https://example.com', name: 'x' }] })], [/container/,
        messages({ container: 'container_1' })], [/background/, responses({ background: true })]]
      for (const [field, sends] of fields) {
        for (const send of sends) {
          const error = await g.failure(send())
          t.equal(error.status, 400, `${field.source}: ${error.message}`)
          t.match(`${error.param ?? ''} ${error.message}`, field)
        }
      }
      t.equal(g.calls(), 0)
    })

  both(87, 'invalid JSON arguments in the history C→M ⇒ {"_raw":…}, no 500', async (t, g) => {
    g.script({ text: 'ok' }, { text: 'ok' })
    const call = { id: 'call_87', type: 'function', function: { name: 'get_weather', arguments: '{"location": "Ro' } }
    await g.chat({ model: claude, tools: chatTools,
      messages: [...says('go'), { role: 'assistant', content: null, tool_calls: [call] }, { role: 'tool',
        tool_call_id: 'call_87', content: 'x' }] })
    t.match(g.sent('/v1/messages').messages[1].content, [{ type: 'tool_use', input: { _raw: '{"location": "Ro' } }])
    await g.responses({ model: claudeOnBoth, tools: responsesTools, store: false,
      input: [...says('go'), { type: 'function_call', call_id: 'call_87', name: 'get_weather', arguments: '[1]' }, {
        type: 'function_call_output',
        call_id: 'call_87',
        output: 'x',
      }] })
    t.match(g.sent('/v1/messages').messages[1].content, [{ type: 'tool_use', input: { _raw: '[1]' } }])
  })

  both(88, 'assistant first, empty user text, a block of white space C→M ⇒ valid M body', async (t, g) => {
    g.script({ text: 'ok' })
    t.match(
      choiceOf(
        await g.chat({ model: claude,
          messages: [{ role: 'assistant', content: 'Hello!' }, { role: 'user', content: '' }, { role: 'assistant',
            content: '  \n' }, { role: 'user',
            content: [{ type: 'text', text: ' ' }, { type: 'text', text: 'hi' }] }] }),
      ),
      { text: 'ok' },
    )
    const { messages } = g.sent('/v1/messages')
    t.same(messages.map((message: Json) => message.role), ['user', 'assistant', 'user'])
    t.match(messages, [{ content: [{ text: '(conversation start)' }] }, { content: [{ text: 'Hello!' }] }, {
      content: [{ text: 'hi' }],
    }])
  })

  both(89, 'tool result without a call ⇒ user text', async (t, g) => {
    const text = '[Result of tool call lost_89]\nsunny'
    g.script(...Array.from({ length: 4 }, () => ({ text: 'ok' })))
    await g.chat({ model: claude, tools: chatTools,
      messages: [...says('go'), { role: 'tool', tool_call_id: 'lost_89', content: 'sunny' }] })
    t.match(g.sent('/v1/messages').messages.at(-1).content, [{ text: 'go' }, { type: 'text', text }])
    await g.responses({ model: claudeOnBoth, store: false,
      input: [...says('go'), { type: 'function_call_output', call_id: 'lost_89', output: 'sunny' }] })
    t.match(g.sent('/v1/messages').messages.at(-1).content, [{ text: 'go' }, { type: 'text', text }])
    for (const [model, path] of [[gpt, '/chat/completions'], [codex, '/responses']] as const) {
      await g.messages({ model, tools: messagesTools,
        messages: [...says('go'), { role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'lost_89', content: 'sunny' }] }] })
      t.match(JSON.stringify(g.sent(path)), /\[Result of tool call lost_89\]\\nsunny/)
      t.notMatch(JSON.stringify(g.sent(path)), /"role":"tool"|function_call_output/)
    }
  })

  both(90, '5 cache breakpoints ⇒ at most 4 reach M', async (t, g) => {
    g.script({ text: 'ok' }, { text: 'ok' }, { text: 'ok' })
    await g.messages({
      model: claudeOnBoth,
      system: [marked('a'), marked('b')],
      tools: messagesTools.map(tool => ({ ...tool, cache_control: { type: 'ephemeral' } })),
      messages: [{ role: 'user', content: [marked('go')] }, { role: 'assistant', content: [marked('yes?')] }, {
        role: 'user',
        content: [marked('on')],
      }],
    })
    t.equal(marksIn(g.sent('/v1/messages')), 4)
    const long = [{ role: 'system', content: 'Be brief.' },
      ...Array.from({ length: 6 }, (_, at) => [...says(`u${at}`), { role: 'assistant', content: `a${at}` }]).flat(),
      ...says('go')]
    await g.chat({ model: claude, messages: long, tools: chatTools })
    const { system, tools, messages } = g.sent('/v1/messages')
    t.equal(marksIn(g.sent()), 4, 'set where a client without cache marks would want them')
    for (const last of [system.at(-1), tools.at(-1), messages.at(-1).content.at(-1), messages.at(-3).content.at(-1)]) {
      t.same(last.cache_control, { type: 'ephemeral' })
    }
    const breakpoint = { prompt_cache_breakpoint: { mode: 'explicit' } }
    await g.chat({ model: claude,
      messages: Array.from({ length: 5 },
        (
          _,
          at,
        ) => [...says([{ type: 'text', text: `u${at}`, ...breakpoint }]),
          ...(at < 4 ? [{ role: 'assistant', content: `a${at}` }] : [])]).flat() })
    t.ok(marksIn(g.sent('/v1/messages')) <= 4)
    t.notMatch(JSON.stringify(g.sent()), /prompt_cache_breakpoint/)
  })

  both(91, 'max_tokens:0 ⇒ local empty answer; max_tokens:1 M→R ⇒ 16', async (t, g) => {
    for (const model of [gpt, codex, claudeOnBoth]) {
      const message = await g.messages({ model, messages: says('warm up'), max_tokens: 0 })
      t.match(message, { role: 'assistant', stop_reason: 'max_tokens', usage: { output_tokens: 0 } })
      t.same(message.content, [])
    }
    t.equal(g.calls(), 0)
    g.script({ text: 'ok' })
    await g.messages({ model: codex, messages: says('quota'), max_tokens: 1 })
    t.equal(g.sent('/responses').max_output_tokens, 16)
  })

  both(92, 'a huge single SSE line, thousands of 1-character deltas ⇒ linear time, bounded memory', async (t, g) => {
    // An event may have 1 MiB (`docs/spec/limits.md#t48`), a whole answer 32.
    const huge = 'x'.repeat(g.stream ? 1_000_000 : 5_000_000)
    g.script({ text: [huge] }, { text: [huge] }, { text: [huge] })
    t.ok(blocksOf(await g.messages({ model: gpt, messages: says('hi') })).flat()[1] === huge)
    t.ok(choiceOf(await g.chat({ model: claude, messages: says('hi') })).text === huge)
    t.ok((await g.responses({ model: claudeOnBoth, input: 'hi', store: false })).output_text === huge)
    if (!g.stream) return
    g.script({ text: [huge.repeat(5)] })
    t.match(await g.failure(g.messages({ model: gpt, messages: says('hi') })), { message: /event of more than/ },
      'a larger answer is refused, not buffered')
    const timed = async (model: string, count: number) => {
      g.script({ text: ['y'], repeat: count })
      const from = performance.now()
      const { text } = await g.post('/messages', { model, max_tokens: 512, messages: says('hi'), stream: true })
      t.equal(text.split('"text":"y"').length - 1, count, model)
      return performance.now() - from
    }
    for (const model of [gpt, codex]) {
      await timed(model, 500)
      const [few, many] = [await timed(model, 500), await timed(model, 8_000)]
      // The input is 16 times as large. Code that reads all of it again with every delta takes 256 times as long.
      t.ok(many < 64 * few + 500, `${model}: ${Math.round(few)} ms for 500, ${Math.round(many)} ms for 8000`)
    }
  })

  both(93, 'upstream answers 200 with a JSON error body ⇒ HTTP error, not an empty answer', async (t, g) => {
    const broken = (path: string) =>
      g.emulator.fault({ path }, { kind: 'not-json', contentType: 'application/json',
        body: '{"error":{"message":"boom","code":"server_error"}}' })
    for (const [path, send] of every(g)) {
      broken(path)
      t.match(await g.failure(send()), { status: 502, message: /boom/ }, path)
    }
  })

  both(94, 'upstream error body is HTML or text ⇒ well-formed error in the dialect', async (t, g) => {
    for (const [path, send] of every(g)) {
      g.emulator.fault({ path }, knownErrors.unicorn())
      const page = await g.failure(send())
      t.equal(page.status, 502)
      t.match(g.last.headers.get('content-type'), /^application\/json/)
      t.notMatch(JSON.stringify(page.error), /Unicorn|</)
      t.match(page.error.error?.message ?? page.error.message, /./)
      g.emulator.fault({ path }, knownErrors.filtered())
      t.match(await g.failure(send()), { status: 422, message: /filtered by the Responsible AI Service/ })
    }
  })

  both(95, 'content_filter in mid-text ⇒ M refusal, R incomplete/content_filter, text kept', async (t, g) => {
    const script = { text: 'Once upon', finish: 'content_filter' }
    g.script(script, script, script, script)
    for (const model of [gpt, codex]) {
      t.match(await g.messages({ model, messages: says('hi') }), { stop_reason: 'refusal',
        content: [{ type: 'text', text: 'Once upon' }] })
    }
    t.match(await g.responses({ model: gpt, input: 'hi', store: false }), { status: 'incomplete',
      incomplete_details: { reason: 'content_filter' }, output: [{ content: [{ text: 'Once upon' }] }] })
    t.match(choiceOf(await g.chat({ model: codex, messages: says('hi') })), { finish: 'content_filter',
      text: 'Once upon' })
  })

  both(96, 'model_context_window_exceeded ⇒ C length', async (t, g) => {
    const script = { text: 'Once upon', finish: 'model_context_window_exceeded' }
    g.script(script, script)
    t.match(choiceOf(await g.chat({ model: claude, messages: says('hi') })), { finish: 'length', text: 'Once upon' })
    t.match(await g.responses({ model: claudeOnBoth, input: 'hi', store: false }), { status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' } })
  })

  both(97, 'duplicate tool definitions, duplicate call ids ⇒ valid M body', async (t, g) => {
    g.script({ text: 'ok' })
    const call = { id: 'call_0', type: 'function', function: { name: 'get_weather', arguments: '{}' } }
    const round = (
      content: string,
    ) => [{ role: 'assistant', content: null, tool_calls: [call] }, { role: 'tool', tool_call_id: 'call_0', content }]
    const second = { type: 'function',
      function: { name: 'get_weather', description: 'the later one', parameters: weatherSchema } }
    t.match(
      choiceOf(
        await g.chat({ model: claude, tools: [...chatTools, second],
          messages: [...says('go'), ...round('one'), ...round('two')] }),
      ),
      { text: 'ok' },
    )
    const { tools, messages } = g.sent('/v1/messages')
    t.same(tools.map((tool: Json) => [tool.name, tool.description]).toSorted(), [['get_weather', 'the later one'], [
      'read_file',
      'for read_file',
    ]])
    t.match(messages.slice(1), [{ content: [{ id: 'call_0' }] }, {
      content: [{ tool_use_id: 'call_0', content: 'one' }],
    }, { content: [{ id: 'call_0_2' }] }, { content: [{ tool_use_id: 'call_0_2', content: 'two' }] }])
  })

  both(98, 'R configuration_update and additional_tools in mid-input ⇒ folded', async (t, g) => {
    const input = [...says('go'), { type: 'additional_tools', role: 'developer', tools: [responsesTools[1]] }, {
      type: 'configuration_update',
      reasoning: { effort: 'high' },
      text: { format: { type: 'json_schema', name: 'x', schema: weatherSchema } },
    }, ...says('on')]
    for (const [model, path] of [[claudeOnBoth, '/v1/messages'], [gpt, '/chat/completions']] as const) {
      g.script({ text: '{"location":"Rome"}' })
      t.same(
        itemsOf(
          await g.responses({ model, input, tools: [responsesTools[0]], reasoning: { effort: 'low' }, store: false }),
        ),
        [['message', '{"location":"Rome"}']],
      )
      t.same(g.sent(path).tools.map((tool: Json) => tool.name ?? tool.function.name), ['get_weather', 'read_file'])
      t.match(JSON.stringify(g.sent().output_config ?? g.sent().response_format), /json_schema.*location/)
      t.notMatch(JSON.stringify(g.sent()), /configuration_update|additional_tools/)
    }
    t.match(g.target.seen('/v1/messages').map(request => (request.json as Json).output_config.effort), ['high'])
  })

  function every (g: Golden): ReadonlyArray<readonly [string, () => Promise<unknown>]> {
    return [['/chat/completions', () => g.messages({ model: gpt, messages: says('hi') })], ['/responses',
      () => g.messages({ model: codex, messages: says('hi') })], ['/v1/messages',
      () => g.chat({ model: claude, messages: says('hi') })], ['/responses',
      () => g.chat({ model: codex, messages: says('hi') })], ['/v1/messages',
      () => g.responses({ model: claudeOnBoth, input: 'hi', store: false })], ['/chat/completions',
      () => g.responses({ model: gpt, input: 'hi', store: false })]]
  }
}
