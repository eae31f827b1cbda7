// Daily events: tool choice, tools of one dialect only, refusals of upstream. `docs/spec/translation.md#golden-cases`.
import { knownErrors } from '../../src/emulator/emulator.ts'
import type { Json } from '../fixtures/http.ts'
import type { GoldenFrame } from './helpers/frame.ts'
import { itemsOf } from './helpers/clients.ts'
import { calledInMessages, chatTools, messagesTools, responsesTools, says, weatherSchema } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, codex, gpt } from './helpers/models.ts'

const applyPatch = { type: 'custom', name: 'apply_patch', description: 'Edits files.',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: "*** Begin Patch"' } }
const patch = '*** Begin Patch\n*** Add File: "a".txt\n+héllo \\ 🌍\t!\n*** End Patch'

export function golden41to50 ({ both }: GoldenFrame): void {
  both(41, 'tool_choice any, tool and none both ways; required ⇒ any', async (t, g) => {
    const ask = async (send: () => Promise<unknown>, path: string) => {
      g.script({ text: 'ok' })
      await send()
      return g.sent(path).tool_choice
    }
    const name = 'get_weather'
    const messages = (model: string, tool_choice: object) =>
      ask(() => g.messages({ model, messages: says('go'), tools: messagesTools, tool_choice }),
        model === gpt ? '/chat/completions' : '/responses')
    for (const model of [gpt, codex]) {
      t.equal(await messages(model, { type: 'any' }), 'required')
      t.equal(await messages(model, { type: 'none' }), 'none')
    }
    t.same(await messages(gpt, { type: 'tool', name }), { type: 'function', function: { name } })
    t.same(await messages(codex, { type: 'tool', name }), { type: 'function', name })
    const chat = (tool_choice: unknown) =>
      ask(() => g.chat({ model: claude, messages: says('go'), tools: chatTools, tool_choice }), '/v1/messages')
    const responses = (tool_choice: unknown) =>
      ask(() => g.responses({ model: claudeOnBoth, input: 'go', tools: responsesTools, tool_choice, store: false }),
        '/v1/messages')
    for (const send of [chat, responses]) {
      t.same(await send('required'), { type: 'any' })
      t.same(await send('none'), { type: 'none' })
    }
    t.same(await chat({ type: 'function', function: { name } }), { type: 'tool', name })
    t.same(await responses({ type: 'function', name }), { type: 'tool', name })
  })

  both(42, 'disable_parallel_tool_use ⇔ parallel_tool_calls:false, also without explicit tool_choice', async (t, g) => {
    g.script(...Array.from({ length: 5 }, () => ({ text: 'ok' })))
    for (const [model, path] of [[gpt, '/chat/completions'], [codex, '/responses']] as const) {
      await g.messages({ model, messages: says('go'), tools: messagesTools,
        tool_choice: { type: 'auto', disable_parallel_tool_use: true } })
      t.equal(g.sent(path).parallel_tool_calls, false)
    }
    await g.chat({ model: claude, messages: says('go'), tools: chatTools, parallel_tool_calls: false })
    t.same(g.sent('/v1/messages').tool_choice, { type: 'auto', disable_parallel_tool_use: true })
    await g.chat({ model: claude, messages: says('go'), tools: chatTools, parallel_tool_calls: false,
      tool_choice: 'required' })
    t.same(g.sent('/v1/messages').tool_choice, { type: 'any', disable_parallel_tool_use: true })
    await g.responses({ model: claudeOnBoth, input: 'go', tools: responsesTools, parallel_tool_calls: false,
      store: false })
    t.same(g.sent('/v1/messages').tool_choice, { type: 'auto', disable_parallel_tool_use: true })
  })

  both(43,
    'apply_patch custom tool R→M ⇒ function with input up; custom_tool_call with raw text back, deltas unescaped',
    async (t, g) => {
      const json = JSON.stringify({ input: patch }).replace('é', '\\u00e9').replace('🌍', '\\ud83c\\udf0d')
      g.script({ toolCalls: [{ id: 'toolu_43', name: 'apply_patch', arguments: json.match(/.{1,5}/gs) ?? [] }] })
      const response = await g.responses({ model: claudeOnBoth, input: 'edit', tools: [applyPatch], store: false })
      t.match(response.output, [{ type: 'custom_tool_call', call_id: 'toolu_43', name: 'apply_patch', input: patch }])
      const [tool] = g.sent('/v1/messages').tools
      t.match(tool, { name: 'apply_patch', description: /Edits files\.[^]*lark[^]*Begin Patch/,
        input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'],
          additionalProperties: false } })
      if (!g.stream) return
      const deltas = (await g.events()).filter(event => event.type === 'response.custom_tool_call_input.delta').map(
        event => event.delta
      )
      t.equal(deltas.join(''), patch)
      t.ok(deltas.length > 1)
      t.notOk(deltas.some(delta => /[\ud800-\udbff]$/.test(delta)), 'no half of a character')
    })

  both(44, 'history custom_tool_call and its output R→M ⇒ tool_use{input:{input}} and tool_result', async (t, g) => {
    g.script({ text: 'done' })
    await g.responses({ model: claudeOnBoth, tools: [applyPatch], store: false,
      input: [...says('edit'), { type: 'custom_tool_call', call_id: 'call_44', name: 'apply_patch', input: patch }, {
        type: 'custom_tool_call_output',
        call_id: 'call_44',
        output: 'Success.',
      }] })
    t.match(g.sent('/v1/messages').messages.slice(1), [{ role: 'assistant',
      content: [{ type: 'tool_use', id: 'call_44', name: 'apply_patch', input: { input: patch } }] }, { role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'call_44', content: 'Success.' }] }])
  })

  both(45, 'namespace tool R→C ⇒ flat name up; the call comes back with namespace and short name', async (t, g) => {
    g.script({ toolCalls: [{ id: 'call_45', name: 'mcp__fs__read', arguments: '{"location":"x"}' }] }, { text: 'ok' })
    const ask = { model: gpt, store: false,
      tools: [{ type: 'namespace', name: 'mcp__fs', description: 'files',
        tools: [{ type: 'function', name: 'read', parameters: weatherSchema, strict: false }] }, ...responsesTools] }
    const response = await g.responses({ ...ask, input: 'go' })
    t.same(g.sent('/chat/completions').tools.map((tool: Json) => tool.function.name), ['mcp__fs__read', 'get_weather',
      'read_file'])
    t.match(response.output, [{ type: 'function_call', call_id: 'call_45', namespace: 'mcp__fs', name: 'read' }])
    await g.responses({ ...ask,
      input: [...says('go'), { type: 'function_call', call_id: 'call_45', namespace: 'mcp__fs', name: 'read',
        arguments: '{}' }, { type: 'function_call_output', call_id: 'call_45', output: 'x' }] })
    t.match(g.sent('/chat/completions').messages[1].tool_calls, [{ id: 'call_45',
      function: { name: 'mcp__fs__read' } }])
  })

  both(46, 'web_search offered by Codex → M ⇒ a function that the gateway runs, also if it is forced', async (t, g) => {
    g.script({ text: 'ok' })
    t.same(
      itemsOf(
        await g.responses({ model: claudeOnBoth, input: 'go',
          tools: [...responsesTools, { type: 'web_search', external_web_access: false }], store: false }),
      ),
      [['message', 'ok']],
    )
    t.same(g.sent('/v1/messages').tools.map((tool: Json) => tool.name), ['get_weather', 'read_file', 'web_search'])
    t.same(g.lost(), [])
    g.script({ text: 'ok' })
    await g.responses({ model: claudeOnBoth, input: 'go', tools: [...responsesTools, { type: 'web_search' }],
      tool_choice: { type: 'web_search' }, store: false })
    t.match(g.sent('/v1/messages').tool_choice, { type: 'tool', name: 'web_search' })
    const forced = await g.failure(
      g.responses({ model: claudeOnBoth, input: 'go', tools: [...responsesTools, { type: 'file_search' }],
        tool_choice: { type: 'file_search' }, store: false }),
    )
    t.match(forced, { status: 400, param: 'tool_choice', code: 'unsupported_parameter' })
  })

  both(47, 'deferred tools: an unreferenced one is left out; a tool_reference in history ⇒ the tool is sent',
    async (t, g) => {
      g.script({ text: 'ok' }, { text: 'ok' })
      const deferred = (name: string) => ({ name, description: name, input_schema: weatherSchema, defer_loading: true })
      const tools = [{ name: 'ToolSearch', description: 'finds tools', input_schema: weatherSchema },
        deferred('mcp__a'), deferred('mcp__b')]
      const messages = [...says('go'), { role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_47', name: 'ToolSearch', input: {} }] }, { role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_47',
          content: [{ type: 'tool_reference', tool_name: 'mcp__a' }] }] }]
      await g.messages({ model: codex, tools, messages })
      t.same(g.sent('/responses').tools.map((tool: Json) => tool.name), ['ToolSearch', 'mcp__a'])
      t.equal(g.sent().input[2].output, 'Tools now available: mcp__a')
      t.notMatch(JSON.stringify(g.sent()), /defer_loading/)
      await g.messages({ model: gpt, tools, messages })
      t.same(g.sent('/chat/completions').tools.map((tool: Json) => tool.function.name), ['ToolSearch', 'mcp__a'])
    })

  both(48, 'last message of role system M→R ⇒ developer item at the end; M→C ⇒ after the tool messages',
    async (t, g) => {
      g.script({ text: 'ok' }, { text: 'ok' })
      const messages = [...calledInMessages('toolu_48', 'sunny'), { role: 'system', content: 'Stay calm.' }]
      await g.messages({ model: codex, tools: messagesTools, messages })
      t.match(g.sent('/responses').input.at(-1), { type: 'message', role: 'developer',
        content: [{ type: 'input_text', text: 'Stay calm.' }] })
      t.equal(g.sentHeaders()['x-initiator'], 'agent')
      await g.messages({ model: gpt, tools: messagesTools, messages })
      t.match(g.sent('/chat/completions').messages.slice(2), [{ role: 'tool', content: 'sunny' }, { role: 'system',
        content: 'Stay calm.' }])
    })

  both(49, 'upstream 429 with retry-after ⇒ 429, the right body per dialect, the header kept', async (t, g) => {
    const limited = (path: string) => g.emulator.fault({ path }, knownErrors.rateLimited())
    const check = (error: Json) => {
      t.equal(error.constructor.name, 'RateLimitError')
      t.equal(error.status, 429)
      t.equal(error.headers.get('retry-after'), '7')
    }
    for (const [model, path] of [[gpt, '/chat/completions'], [codex, '/responses'], [claudeOnBoth,
      '/v1/messages']] as const) {
      limited(path)
      const error = await g.failure(g.messages({ model, messages: says('hi') }))
      check(error)
      t.match(error.error, { type: 'error',
        error: { type: 'rate_limit_error', message: /exceeded your Copilot token usage/ }, request_id: /./ })
      limited(path)
      const other = await g.failure(g.responses({ model, input: 'hi', store: false }))
      check(other)
      t.match(other.error, { code: 'rate_limited', type: 'rate_limit_error',
        message: /exceeded your Copilot token usage/ })
    }
    limited('/v1/messages')
    check(await g.failure(g.chat({ model: claude, messages: says('hi') })))
    t.equal(g.calls(), 7, 'the call is not repeated')
  })

  both(50,
    'upstream 400 context overflow ⇒ M "prompt is too long: A tokens > B maximum"; C and R context_length_exceeded',
    async (t, g) => {
      const long = knownErrors.coded(400, 'model_max_prompt_tokens_exceeded',
        'prompt token count of 200000 exceeds the limit of 128000')
      for (const [model, path] of [[gpt, '/chat/completions'], [codex, '/responses']] as const) {
        g.emulator.fault({ path }, long)
        const error = await g.failure(g.messages({ model, messages: says('hi') }))
        t.match(error, { status: 400, error: {
          error: { type: 'invalid_request_error', message: 'prompt is too long: 200000 tokens > 128000 maximum' },
        } })
      }
      for (const send of [() => g.chat({ model: claude, messages: says('hi') }),
        () => g.responses({ model: claudeOnBoth, input: 'hi', store: false })]) {
        g.emulator.fault({ path: '/v1/messages' },
          knownErrors.flat('prompt is too long: 200000 tokens > 168000 maximum'))
        t.match(await g.failure(send()), { status: 400, code: 'context_length_exceeded',
          error: { message: /200000 tokens > 168000/ } })
      }
      g.emulator.fault({ path: '/chat/completions' }, long)
      t.match(await g.failure(g.responses({ model: gpt, input: 'hi', store: false })), { status: 400,
        code: 'context_length_exceeded' })
    })
}
