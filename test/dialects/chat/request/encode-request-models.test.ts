import t from 'tap'
import { asFunction } from '../../../../src/dialects/shared/custom-tool.ts'
import { call, claude, encode, gemini, gpt, gpt5, result, text, tool } from '../help.ts'

const encoded = (given: Parameters<typeof encode>[0], target = gpt()) => encode(given, target)

t.test('encodeRequest() uses the name of the token limit that the model knows, up to its own limit', async t => {
  t.match(encoded({ maxTokens: 100 }).body, { max_tokens: 100 })
  t.match(encoded({ maxTokens: 100 }, gpt5()).body, { max_completion_tokens: 100, max_tokens: undefined })
  t.match(encoded({ maxTokens: 1e9 }).body, { max_tokens: 16_384 })
  t.match(encoded({ maxTokens: 30_000 }, claude({ maxOutputTokens: 32_000, maxNonStreamingOutputTokens: 16_000 })).body,
    {
      max_tokens: 16_000,
    })
  t.match(
    encoded({ maxTokens: 30_000 },
      claude({ maxOutputTokens: 32_000, maxNonStreamingOutputTokens: 16_000, stream: true })).body,
    { max_tokens: 30_000 },
  )
  t.notOk('max_tokens' in encoded({}).body)
})

t.test('encodeRequest() asks for usage whenever it streams', async t => {
  t.match(encoded({}, gpt({ stream: true })).body, { stream: true, stream_options: { include_usage: true } })
  t.match(encoded({}).body, { stream: false, stream_options: undefined })
})

t.test('encodeRequest() leaves sampling out for models without it', async t => {
  t.match(encoded({ temperature: 0.2, topP: 0.9, topK: 3 }), { body: { temperature: 0.2, top_p: 0.9 },
    lost: ['top_k'] })
  t.match(encoded({ temperature: 0, topP: 0.9 }, gpt5()), { body: { temperature: undefined, top_p: undefined },
    lost: ['temperature', 'top_p'] })
  t.match(encoded({ temperature: 1 }, gpt5()), { body: { temperature: 1 }, lost: [] })
  t.match(encoded({ temperature: 1.5 }, claude()), { body: { temperature: 1 }, lost: ['temperature'] })
  t.match(encoded({ temperature: 0.5, effort: 'low' }, claude()), { body: { temperature: undefined },
    lost: ['temperature'] })
  t.match(encoded({ temperature: 0.5, topP: 0.5 }, claude({ id: 'claude-haiku-4.5' })), {
    body: { temperature: 0.5, top_p: undefined },
    lost: ['top_p'],
  })
})

t.test('encodeRequest() sends four stop sequences, and none to o3', async t => {
  t.same(encoded({ stop: ['a', 'b', 'c', 'd', 'e'] }).body.stop, ['a', 'b', 'c', 'd'])
  t.match(encoded({ stop: ['a'] }, gpt({ id: 'o3-mini' })), { body: { stop: undefined }, lost: [] })
})

t.test('encodeRequest() picks an effort that the model lists', async t => {
  const effort = (given: Parameters<typeof encode>[0], efforts: string[]) =>
    encoded(given, gpt5({ efforts })).body.reasoning_effort
  t.equal(effort({ effort: 'high' }, ['low', 'medium', 'high']), 'high')
  t.equal(effort({ effort: 'max' }, ['low', 'medium', 'high']), 'high')
  t.equal(effort({ effort: 'none' }, ['low', 'medium']), 'low')
  t.equal(effort({ thinking: 'off' }, ['none', 'low']), 'none')
  t.equal(effort({ thinking: 'on', thinkingBudget: 10_000 }, ['low', 'medium', 'high']), 'medium')
  t.equal(effort({ thinking: 'adaptive' }, ['low', 'medium', 'high']), undefined)
  t.match(encoded({ effort: 'high' }), { body: { reasoning_effort: undefined }, lost: ['reasoning'] })
  t.match(encoded({ effort: 'none' }), { lost: [] })
  t.equal(encoded({ effort: 'high' }, gpt({ id: 'o1', isListed: false })).body.reasoning_effort, 'high')
})

t.test('encodeRequest() gives Claude and Gemini a budget below the total limit', async t => {
  t.match(encoded({ effort: 'medium', maxTokens: 16_000 }, claude()).body, { thinking_budget: 10_240,
    max_tokens: 16_000, reasoning_effort: undefined })
  t.match(
    encoded({ thinking: 'on', thinkingBudget: 31_999, maxTokens: 32_000 },
      claude({ maxOutputTokens: 64_000, stream: true })).body,
    { thinking_budget: 31_999, max_tokens: 32_000 },
  )
  t.match(encoded({ effort: 'high', maxTokens: 5_000 }, claude()).body, { thinking_budget: 4_999, max_tokens: 5_000 })
  t.match(encoded({ effort: 'low', maxTokens: 100 }, claude()).body, { thinking_budget: 1_024, max_tokens: 2_048 })
  t.match(encoded({ effort: 'low' }, gemini()).body, { thinking_budget: 4_096, max_tokens: 12_288 })
  t.match(encoded({ thinking: 'off', effort: 'high' }, claude()), { body: { thinking_budget: undefined }, lost: [] })
  t.match(encoded({ effort: 'high', tools: [tool('f')], toolChoice: { type: 'required' } }, claude()), {
    body: { thinking_budget: undefined, tool_choice: 'required' },
    lost: ['reasoning'],
  })
})

t.test('encodeRequest() writes tools with names, schemas and strictness that Chat accepts (golden 27, 28)', async t => {
  const { body } = encoded({
    tools: [
      tool('f', { description: 'd', schema: { $schema: 'x', type: 'object', properties: { a: {} } }, strict: true }),
      tool('n', { schema: null, strict: false }),
      tool('t', { namespace: 'ns', schema: { type: 'object' } }),
      tool('c', { kind: 'custom', schema: null, description: 'free', grammar: { syntax: 'lark', definition: 'x' } }),
      tool('f', { description: 'last' }),
    ],
    parallelToolCalls: false,
    toolChoice: { type: 'tool', tool: { name: 't', namespace: 'ns' } },
  })
  const custom = asFunction({ description: 'free', grammar: { syntax: 'lark', definition: 'x' } })
  t.same(body.tools.map((each: { function: unknown }) => each.function), [{ name: 'f', description: 'last',
    parameters: { type: 'object', properties: {} } }, { name: 'n', parameters: { type: 'object', properties: {} } }, {
    name: 'ns__t',
    parameters: { type: 'object', properties: {} },
  }, { name: 'c', description: custom.description, parameters: custom.schema }])
  t.match(body, { tool_choice: { type: 'function', function: { name: 'ns__t' } }, parallel_tool_calls: false })
  t.equal(encoded({ tools: [tool('f', { strict: true })] }).body.tools[0].function.strict, true)
  t.match(encoded({ tools: [tool('f', { strict: true })] }, claude()), {
    body: { tools: [{ function: { strict: undefined } }] },
    lost: ['tools.strict'],
  })
})

t.test('encodeRequest() wraps the free text of a custom call (golden 44)', async t => {
  const turns = [{ role: 'user' as const, blocks: [text('q')] }, { role: 'assistant' as const,
    blocks: [{ ...call('c', 'apply_patch', 'a "b"'), kind: 'custom' as const } as never] }, { role: 'user' as const,
    blocks: [result('c', 'ok')] }]
  t.equal(encoded({ turns }).body.messages[1].tool_calls[0].function.arguments, '{"input":"a \\"b\\""}')
})

t.test('encodeRequest() writes the tool choice in a form that every model accepts (golden 41, 76)', async t => {
  const choice = (toolChoice: never) => encoded({ tools: [tool('f'), tool('g')], toolChoice }).body
  t.equal(choice({ type: 'auto' } as never).tool_choice, undefined)
  t.equal(choice({ type: 'none' } as never).tool_choice, 'none')
  t.equal(choice({ type: 'required' } as never).tool_choice, 'required')
  const allowed = choice({ type: 'allowed', mode: 'required', tools: [{ name: 'g', namespace: null }] } as never)
  t.match(allowed, { tool_choice: 'required', tools: [{ function: { name: 'g' } }] })
  t.equal(allowed.tools.length, 1)
  t.same(
    Object.keys(encoded({ toolChoice: { type: 'required' }, parallelToolCalls: false }).body).filter(name =>
      /tool/.test(name)
    ),
    [],
  )
})

t.test('encodeRequest() handles tools that a model cannot have, and calls of tools no longer offered', async t => {
  const none = { supports: { tools: false, vision: true, structuredOutputs: true, adaptiveThinking: false } }
  t.match(encoded({ tools: [tool('f')] }, gpt(none)), { body: { tools: undefined }, lost: ['tools'] })
  t.throws(() => encoded({ tools: [tool('f')], toolChoice: { type: 'required' } }, gpt(none)), {
    code: 'unsupported_parameter',
    param: 'tool_choice',
  })
  const turns = [{ role: 'user' as const, blocks: [text('q')] }, { role: 'assistant' as const,
    blocks: [call('c', 'gone')] }, { role: 'user' as const, blocks: [result('c', 'ok')] }]
  t.match(encoded({ turns }, claude()).body, { tools: [{ function: { name: 'gone' } }], tool_choice: 'none' })
  t.equal(encoded({ turns }).body.tools, undefined)
})

t.test('encodeRequest() asks for the answer format, in text if upstream does not enforce it (golden 61)', async t => {
  const schema = { $schema: 'x', type: 'object', properties: { a: { type: 'string' } }, required: ['a'],
    additionalProperties: false }
  const format = (strict: boolean | null, given = schema) =>
    encoded({ format: { type: 'schema', name: null, description: null, schema: given, strict } }).body.response_format
      .json_schema
  t.match(format(null), { name: 'output', strict: true, schema: { $schema: undefined } })
  t.match(format(null, { ...schema, required: [] }), { strict: false })
  t.match(format(false), { strict: false })
  t.same(encoded({ format: { type: 'json' } }).body.response_format, { type: 'json_object' })
  t.match(encoded({ format: { type: 'json' } }, claude()).body, { response_format: undefined,
    messages: [{ role: 'system', content: /single valid JSON object/ }, {}] })
  t.match(
    encoded({ format: { type: 'schema', name: 'n', description: null, schema, strict: true }, tools: [tool('f')] },
      claude()),
    { body: { response_format: undefined, messages: [{ content: /"required":\["a"\]/ }] }, lost: ['response_format'] },
  )
  t.match(encoded({ format: { type: 'schema', name: 'n', description: null, schema, strict: true } }, claude()), {
    body: { response_format: undefined,
      tools: [{ function: { name: 'structured_answer', parameters: { required: ['a'] } } }],
      tool_choice: { function: { name: 'structured_answer' } } },
    lost: [],
  }, 'a forced tool if nothing prevents it')
})

t.test('encodeRequest() sends hints only to models that know them', async t => {
  const hints = { verbosity: 'low' as const, user: 'u', cacheKey: 'k', serviceTier: 'flex' }
  t.match(encoded(hints, gpt5()), {
    body: { verbosity: 'low', user: 'u', prompt_cache_key: 'k', service_tier: undefined },
    lost: ['service_tier'],
  })
  t.match(encoded(hints, claude()), { body: { verbosity: undefined, user: undefined, prompt_cache_key: undefined },
    lost: ['service_tier', 'user', 'prompt_cache_key', 'verbosity'] })
  t.match(encoded({ topLogprobs: 2 }).body, { logprobs: true, top_logprobs: 2 })
  t.match(encoded({ topLogprobs: 2 }, claude()), { body: { logprobs: undefined, top_logprobs: undefined },
    lost: ['logprobs'] })
})
