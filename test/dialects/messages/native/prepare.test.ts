// `docs/spec/copilot.md#messages-body`, row by row.
import t from 'tap'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import { newLedger, older, prepare, target, type Json } from '../fixtures.ts'

const eph = { type: 'ephemeral' }
const textBlock = (value: string, more: object = {}): object => ({ type: 'text', text: value, ...more })
const user = (content: unknown): object => ({ role: 'user', content })
const assistant = (content: unknown): object => ({ role: 'assistant', content })
const lost = (body: object, to = target()): readonly string[] => {
  const ledger = newLedger()
  prepare(body, to, ledger)
  return ledger.lost()
}
const f = { name: 'f', input_schema: { type: 'object', properties: {} } }

t.test('a request that lacks nothing is not changed', t => {
  t.equal(prepare({}), null)
  t.equal(prepare({
    max_tokens: 32_000,
    temperature: 0.5,
    system: [textBlock('be good', { cache_control: eph })],
    tools: [{ ...f, cache_control: eph }],
    tool_choice: { type: 'auto' },
    metadata: { user_id: 'u' },
    stop_sequences: ['x'],
    messages: [user('hi'),
      assistant([{ type: 'thinking', thinking: '', signature: 'S' }, { type: 'tool_use', id: 't', name: 'f',
        input: {} }]), user([{ type: 'tool_result', tool_use_id: 't', content: 'ok', cache_control: eph }])],
  }), null)
  t.end()
})

t.test('fields that upstream does not know are removed, and reported unless they have no effect', t => {
  const body = { service_tier: 'auto', inference_geo: 'eu', speed: 'standard', container: 'c', mcp_servers: [{}],
    betas: ['x'], diagnostics: null, from_the_future: 1, top_k: null }
  const out = prepare(body)
  t.same(Object.keys(out).filter(name => out[name] !== undefined).toSorted(), ['max_tokens', 'messages', 'model',
    'stream'])
  t.same(lost(body), ['inference_geo', 'container', 'mcp_servers', 'from_the_future'])
  t.same(lost({ 'x\r\ny: z, ü': 1 }), ['x__y:_z___'],
    'a field name from the client cannot break the header that lists it')
  t.same(prepare({ metadata: { user_id: 'u', more: 1 } }).metadata, { user_id: 'u' })
  t.end()
})

t.test('model, stream and max_tokens get the values for upstream', t => {
  t.match(prepare({ model: 'claude-sonnet-4-6' }), { model: 'claude-sonnet-4.6' })
  t.equal(prepare({ stream: true }, target({ stream: false })).stream, false)
  t.equal(prepare({ stream: undefined }).stream, true)
  t.equal(prepare({ max_tokens: undefined }).max_tokens, 32_000)
  t.equal(prepare({ max_tokens: undefined, stream: false }, target({ stream: false })).max_tokens, 16_000)
  t.equal(prepare({ max_tokens: undefined }, target({ maxOutputTokens: null })).max_tokens, 8_192)
  t.equal(prepare({ max_tokens: 64_000 }).max_tokens, 32_000)
  t.end()
})

t.test('sampling: one of the two, at its default with thinking, none for the newest models', t => {
  const thinking = { type: 'adaptive' }
  const newest = target({ id: 'claude-opus-4.8' })
  const table: ReadonlyArray<readonly [Json, Json, string[]]> = [[{ temperature: 0.2, top_p: 0.9 }, {
    temperature: 0.2,
  }, ['top_p']], [{ temperature: 1, top_p: 0.9 }, { top_p: 0.9 }, []], [{ temperature: 0.2, top_p: 1 }, {
    temperature: 0.2,
  }, []], [{ temperature: 0.2, top_k: 5, thinking }, {}, ['temperature', 'top_k']], [{ temperature: 1, thinking }, {
    temperature: 1,
  }, []], [{ top_p: 0.96, thinking }, { top_p: 0.96 }, []], [{ top_p: 0.5, thinking }, {}, ['top_p']], [{
    temperature: 1.5,
  }, { temperature: 1 }, ['temperature']]]
  for (const [given, expected, gone] of table) {
    const { temperature, top_p: topP, top_k: topK } = { ...given, ...prepare(given) }
    t.same(JSON.parse(JSON.stringify({ temperature, top_p: topP, top_k: topK })), expected, JSON.stringify(given))
    t.same(lost(given), gone)
  }
  t.same(lost({ temperature: 0.5 }, newest), ['temperature'])
  t.end()
})

t.test('thinking is limited to what the model supports', t => {
  const enabled = (budget: number): object => ({ type: 'enabled', budget_tokens: budget })
  const table: ReadonlyArray<readonly [Json, Json, object, Json?]> = [['adaptive model, adaptive', target(), {
    thinking: { type: 'adaptive', display: 'omitted' },
  }], ['adaptive model, budget', target(), { thinking: enabled(31_999), max_tokens: 32_000 }], [
    "budget over the model's",
    target(),
    { thinking: enabled(60_000), max_tokens: 64_000 },
    { thinking: enabled(31_999), max_tokens: 32_000 },
  ], ['no budgets at all', target({ thinkingBudget: null }), { thinking: enabled(20_000), max_tokens: 32_000 }, {
    thinking: { type: 'adaptive' },
    output_config: { effort: 'high' },
  }], ['newest', target({ id: 'claude-opus-4.7' }), { thinking: enabled(2_000), output_config: { effort: 'medium' } }, {
    thinking: { type: 'adaptive' },
  }], ['older model, adaptive', older(), { max_tokens: 16_000, thinking: { type: 'adaptive' },
    output_config: { effort: 'low' } }, { thinking: enabled(4_096), output_config: undefined }], ['older, Claude Code',
    older(), { max_tokens: 32_000, thinking: enabled(31_999) }, { max_tokens: 16_000, thinking: enabled(15_999) }], [
    'too few tokens to think',
    older(),
    { max_tokens: 500, thinking: enabled(1_024) },
    { thinking: { type: 'disabled' } },
  ], ['between tools', target(), { thinking: { type: 'between_tools' } }, { thinking: { type: 'adaptive' } }], [
    'a tool is forced',
    target(),
    { thinking: { type: 'adaptive' }, tools: [f], tool_choice: { type: 'any' } },
    { thinking: { type: 'disabled' }, tool_choice: { type: 'any' } },
  ], ['a model without thinking', older({ thinkingBudget: null }), { thinking: enabled(2_000) }, {
    thinking: undefined,
  }], ['effort it does not list', target(), { output_config: { effort: 'max', task_budget: {} } }, {
    output_config: { effort: 'high' },
  }], ['an older format', target(), { output_format: { type: 'json_schema', schema: {} } }, { output_format: undefined,
    output_config: { format: { type: 'json_schema' } } }]]
  for (const [name, to, body, expected] of table) {
    const out = prepare(body, to)
    if (expected === undefined) t.equal(out, null, name)
    else {for (const key of Object.keys(expected)) {
        t.match({ v: { ...body, ...out }[key] }, { v: expected[key] }, `${name}: ${key}`)
      }}
  }
  t.end()
})

t.test('a budget requires the thoughts of the current turn', t => {
  const messages = (
    first: object[],
  ): object[] => [user('x'), assistant([...first, { type: 'tool_use', id: 't', name: 'f', input: {} }]),
    user([{ type: 'tool_result', tool_use_id: 't', content: 'ok' }])]
  const body = { max_tokens: 8_000, tools: [f], thinking: { type: 'enabled', budget_tokens: 2_000 } }
  t.equal(prepare({ ...body, messages: messages([{ type: 'thinking', thinking: 'x', signature: 'S' }]) }, older()),
    null)
  t.same(prepare({ ...body, messages: messages([]) }, older()).thinking, { type: 'disabled' })
  t.same(
    prepare({ ...body,
      messages: messages([{ type: 'thinking', thinking: 'x',
        signature: packCarrier({ kind: 'r', item: { id: 'rs' }, model: 'gpt-5.1' }) }]) }, older()).thinking,
    { type: 'disabled' },
  )
  t.end()
})

t.test('context management is kept if it can work', t => {
  const edits = [{ type: 'clear_thinking_20251015', keep: 'all' }, { type: 'clear_tool_uses_20250919' }, {
    type: 'compact_20260112',
  }]
  t.same(prepare({ context_management: { edits } }).context_management, { edits: [edits[1]] })
  t.same(prepare({ context_management: { edits }, thinking: { type: 'adaptive' } }).context_management, {
    edits: edits.slice(0, 2),
  })
  t.equal(prepare({ context_management: { edits: edits.slice(0, 1) } }).context_management, undefined)
  t.equal(prepare({ context_management: { edits: edits.slice(0, 1) }, thinking: { type: 'adaptive' } }), null)
  t.end()
})

t.test("tools: plain definitions; Anthropic's client-run tools become functions, server-run ones go", t => {
  const out = prepare({
    tools: [{ type: 'custom', name: 'f', description: 'd', input_schema: { $schema: 's', type: 'object', $defs: {} },
      strict: true, eager_input_streaming: true, input_examples: [{ a: 1 }] }, { type: 'bash_20250124', name: 'bash' },
      { type: 'web_search_20250305', name: 'web_search' }, { name: 'g', input_schema: { type: 'object' },
      allowed_callers: ['code_execution_20250825'] }, { type: 'tool_search_tool_regex_20251119',
      name: 'tool_search_tool_regex' }, { name: 'h', input_schema: { type: 'object' }, defer_loading: true,
      cache_control: eph }],
  })
  t.same(out.tools[0], { type: 'custom', name: 'f', description: 'd\n\nExample input: {"a":1}',
    input_schema: { type: 'object', properties: {}, $defs: {} } })
  t.match(out.tools.slice(1), [{ name: 'bash', input_schema: { type: 'object' } }, { name: 'tool_search_tool_regex' }, {
    name: 'h',
    defer_loading: true,
  }])
  t.notOk('cache_control' in out.tools[3])
  const search = { type: 'web_search_20250305', name: 'web_search' }
  t.same(prepare({ tools: [search] }).tools ?? [], [], 'to count its tokens')
  const execution = { type: 'code_execution_20250825', name: 'code_execution' }
  t.throws(() => prepare({ tools: [execution, f], tool_choice: { type: 'tool', name: 'code_execution' } }), {
    code: 'unsupported_parameter',
    param: 'tool_choice',
  })
  t.throws(() => prepare({ tools: [execution] }), { code: 'unsupported_parameter', param: 'tools' })
  t.throws(() => prepare({ tools: [f, { type: 'computer_20250124', name: 'computer' }] }), {
    code: 'unsupported_parameter',
    param: 'tools.1',
  })
  t.equal(prepare({ tools: [], tool_choice: { type: 'auto' } }).tool_choice, undefined)
  t.match(prepare({
    messages: [user('x'), assistant([{ type: 'tool_use', id: 't', name: 'f', input: {} }]),
      user([{ type: 'tool_result', tool_use_id: 't' }])],
  }), { tools: [{ name: 'f' }], tool_choice: { type: 'none' } })
  t.end()
})
