import t from 'tap'
import { asFunction } from '../../../src/dialects/custom-tool.ts'
import { call, claude, encode, gemini, gpt, gpt5, result, text, tool } from './help.ts'

const said = (given: Parameters<typeof encode>[0], target = gpt()) => encode(given, target)

t.test('encodeRequest() names the token limit as the model does, within its own', async t => {
  t.match(said({ maxTokens: 100 }).body, { max_tokens: 100 })
  t.match(said({ maxTokens: 100 }, gpt5()).body, { max_completion_tokens: 100, max_tokens: undefined })
  t.match(said({ maxTokens: 1e9 }).body, { max_tokens: 16_384 })
  t.match(said({ maxTokens: 30_000 }, claude({ maxOutputTokens: 32_000, maxNonStreamingOutputTokens: 16_000 })).body, { max_tokens: 16_000 })
  t.match(said({ maxTokens: 30_000 }, claude({ maxOutputTokens: 32_000, maxNonStreamingOutputTokens: 16_000, stream: true })).body, { max_tokens: 30_000 })
  t.notOk('max_tokens' in said({}).body)
})

t.test('encodeRequest() asks for usage whenever it streams', async t => {
  t.match(said({}, gpt({ stream: true })).body, { stream: true, stream_options: { include_usage: true } })
  t.match(said({}).body, { stream: false, stream_options: undefined })
})

t.test('encodeRequest() leaves sampling out where the model has none', async t => {
  t.match(said({ temperature: 0.2, topP: 0.9, topK: 3 }), { body: { temperature: 0.2, top_p: 0.9 }, lost: ['top_k'] })
  t.match(said({ temperature: 0, topP: 0.9 }, gpt5()), { body: { temperature: undefined, top_p: undefined }, lost: ['temperature', 'top_p'] })
  t.match(said({ temperature: 1 }, gpt5()), { body: { temperature: 1 }, lost: [] })
  t.match(said({ temperature: 1.5 }, claude()), { body: { temperature: 1 }, lost: ['temperature'] })
  t.match(said({ temperature: 0.5, effort: 'low' }, claude()), { body: { temperature: undefined }, lost: ['temperature'] })
  t.match(said({ temperature: 0.5, topP: 0.5 }, claude({ id: 'claude-haiku-4.5' })), { body: { temperature: 0.5, top_p: undefined }, lost: ['top_p'] })
})

t.test('encodeRequest() sends four stop sequences, and none to o3', async t => {
  t.same(said({ stop: ['a', 'b', 'c', 'd', 'e'] }).body.stop, ['a', 'b', 'c', 'd'])
  t.match(said({ stop: ['a'] }, gpt({ id: 'o3-mini' })), { body: { stop: undefined }, lost: ['stop'] })
})

t.test('encodeRequest() fits the effort to what the model lists', async t => {
  const effort = (given: Parameters<typeof encode>[0], efforts: string[]) => said(given, gpt5({ efforts })).body.reasoning_effort
  t.equal(effort({ effort: 'high' }, ['low', 'medium', 'high']), 'high')
  t.equal(effort({ effort: 'max' }, ['low', 'medium', 'high']), 'high')
  t.equal(effort({ effort: 'none' }, ['low', 'medium']), 'low')
  t.equal(effort({ thinking: 'off' }, ['none', 'low']), 'none')
  t.equal(effort({ thinking: 'on', thinkingBudget: 10_000 }, ['low', 'medium', 'high']), 'medium')
  t.equal(effort({ thinking: 'adaptive' }, ['low', 'medium', 'high']), undefined)
  t.match(said({ effort: 'high' }), { body: { reasoning_effort: undefined }, lost: ['reasoning'] })
  t.match(said({ effort: 'none' }), { lost: [] })
  t.equal(said({ effort: 'high' }, gpt({ id: 'o1', isListed: false })).body.reasoning_effort, 'high')
})

t.test('encodeRequest() gives Claude and Gemini a budget below the limit of the whole', async t => {
  t.match(said({ effort: 'medium', maxTokens: 16_000 }, claude()).body, { thinking_budget: 10_240, max_tokens: 16_000, reasoning_effort: undefined })
  t.match(said({ thinking: 'on', thinkingBudget: 31_999, maxTokens: 32_000 }, claude({ maxOutputTokens: 64_000, stream: true })).body, { thinking_budget: 31_999, max_tokens: 32_000 })
  t.match(said({ effort: 'high', maxTokens: 5_000 }, claude()).body, { thinking_budget: 4_999, max_tokens: 5_000 })
  t.match(said({ effort: 'low', maxTokens: 100 }, claude()).body, { thinking_budget: 1_024, max_tokens: 2_048 })
  t.match(said({ effort: 'low' }, gemini()).body, { thinking_budget: 4_096, max_tokens: 12_288 })
  t.match(said({ thinking: 'off', effort: 'high' }, claude()), { body: { thinking_budget: undefined }, lost: [] })
  t.match(said({ effort: 'high', tools: [tool('f')], toolChoice: { type: 'required' } }, claude()), { body: { thinking_budget: undefined, tool_choice: 'required' }, lost: ['reasoning'] })
})

t.test('encodeRequest() writes tools with the names, schemas and strictness that Chat takes (golden 27, 28)', async t => {
  const { body } = said({ tools: [
    tool('f', { description: 'd', schema: { $schema: 'x', type: 'object', properties: { a: {} } }, strict: true }), tool('n', { schema: null, strict: false }),
    tool('t', { namespace: 'ns', schema: { type: 'object' } }), tool('c', { kind: 'custom', schema: null, description: 'free', grammar: { syntax: 'lark', definition: 'x' } }), tool('f', { description: 'last' }),
  ], parallelToolCalls: false, toolChoice: { type: 'tool', tool: { name: 't', namespace: 'ns' } } })
  const custom = asFunction({ description: 'free', grammar: { syntax: 'lark', definition: 'x' } })
  t.same(body.tools.map((each: { function: unknown }) => each.function), [
    { name: 'f', description: 'last', parameters: { type: 'object', properties: {} } }, { name: 'n', parameters: { type: 'object', properties: {} } },
    { name: 'ns__t', parameters: { type: 'object', properties: {} } }, { name: 'c', description: custom.description, parameters: custom.schema },
  ])
  t.match(body, { tool_choice: { type: 'function', function: { name: 'ns__t' } }, parallel_tool_calls: false })
  t.equal(said({ tools: [tool('f', { strict: true })] }).body.tools[0].function.strict, true)
  t.match(said({ tools: [tool('f', { strict: true })] }, claude()), { body: { tools: [{ function: { strict: undefined } }] }, lost: ['tools.strict'] })
})

t.test('encodeRequest() wraps the free text of a custom call (golden 44)', async t => {
  const turns = [{ role: 'user' as const, blocks: [text('q')] }, { role: 'assistant' as const, blocks: [{ ...call('c', 'apply_patch', 'a "b"'), kind: 'custom' as const } as never] }, { role: 'user' as const, blocks: [result('c', 'ok')] }]
  t.equal(said({ turns }).body.messages[1].tool_calls[0].function.arguments, '{"input":"a \\"b\\""}')
})

t.test('encodeRequest() says the choice of tools in the words that every model takes (golden 41, 76)', async t => {
  const choice = (toolChoice: never) => said({ tools: [tool('f'), tool('g')], toolChoice }).body
  t.equal(choice({ type: 'auto' } as never).tool_choice, undefined)
  t.equal(choice({ type: 'none' } as never).tool_choice, 'none')
  t.equal(choice({ type: 'required' } as never).tool_choice, 'required')
  const allowed = choice({ type: 'allowed', mode: 'required', tools: [{ name: 'g', namespace: null }] } as never)
  t.match(allowed, { tool_choice: 'required', tools: [{ function: { name: 'g' } }] })
  t.equal(allowed.tools.length, 1)
  t.same(Object.keys(said({ toolChoice: { type: 'required' }, parallelToolCalls: false }).body).filter(name => /tool/.test(name)), [])
})

t.test('encodeRequest() handles tools that a model cannot have, and calls of tools that are no longer offered', async t => {
  const none = { supports: { tools: false, vision: true, structuredOutputs: true, adaptiveThinking: false } }
  t.match(said({ tools: [tool('f')] }, gpt(none)), { body: { tools: undefined }, lost: ['tools'] })
  t.throws(() => said({ tools: [tool('f')], toolChoice: { type: 'required' } }, gpt(none)), { code: 'unsupported_parameter', param: 'tool_choice' })
  const turns = [{ role: 'user' as const, blocks: [text('q')] }, { role: 'assistant' as const, blocks: [call('c', 'gone')] }, { role: 'user' as const, blocks: [result('c', 'ok')] }]
  t.match(said({ turns }, claude()).body, { tools: [{ function: { name: 'gone' } }], tool_choice: 'none' })
  t.equal(said({ turns }).body.tools, undefined)
})

t.test('encodeRequest() asks for the form of the answer, in words where upstream does not see to it (golden 61)', async t => {
  const schema = { $schema: 'x', type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
  const format = (strict: boolean | null, given = schema) => said({ format: { type: 'schema', name: null, description: null, schema: given, strict } }).body.response_format.json_schema
  t.match(format(null), { name: 'output', strict: true, schema: { $schema: undefined } })
  t.match(format(null, { ...schema, required: [] }), { strict: false })
  t.match(format(false), { strict: false })
  t.same(said({ format: { type: 'json' } }).body.response_format, { type: 'json_object' })
  t.match(said({ format: { type: 'json' } }, claude()).body, { response_format: undefined, messages: [{ role: 'system', content: /single valid JSON object/ }, {}] })
  t.match(said({ format: { type: 'schema', name: 'n', description: null, schema, strict: true } }, claude()), { body: { response_format: undefined, messages: [{ content: /"required":\["a"\]/ }] }, lost: ['response_format'] })
})

t.test('encodeRequest() sends hints only where they are known', async t => {
  const hints = { verbosity: 'low' as const, user: 'u', cacheKey: 'k', serviceTier: 'flex' }
  t.match(said(hints, gpt5()), { body: { verbosity: 'low', user: 'u', prompt_cache_key: 'k', service_tier: undefined }, lost: ['service_tier'] })
  t.match(said(hints, claude()), { body: { verbosity: undefined, user: undefined, prompt_cache_key: undefined }, lost: ['verbosity', 'user', 'prompt_cache_key', 'service_tier'] })
  t.match(said({ topLogprobs: 2 }).body, { logprobs: true, top_logprobs: 2 })
  t.throws(() => said({ topLogprobs: 2 }, claude()), { code: 'unsupported_parameter', param: 'top_logprobs' })
})
