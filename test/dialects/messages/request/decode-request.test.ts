import t from 'tap'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import { decode, newLedger, request, target, type Json } from '../fixtures.ts'

const user = (content: unknown): object => ({ role: 'user', content })
const assistant = (content: unknown): object => ({ role: 'assistant', content })
const use = (id: string, name = 'f', input: unknown = {}): object => ({ type: 'tool_use', id, name, input })
const result = (content?: unknown, more: object = {}): object => ({ type: 'tool_result', tool_use_id: 'a', content,
  ...more })
const blocks = (content: unknown, role = 'user'): Json =>
  decode({ messages: [user('x'), { role, content }] }).turns[1]?.blocks
const lost = (body: object): readonly string[] => {
  const ledger = newLedger()
  decode(body, ledger)
  return ledger.lost()
}
const refused = (body: object): unknown => {
  try {
    decode(body)
  } catch (thrown) {
    return (thrown as Json).param
  }
  return null
}

t.test('a request of Claude Code is decoded as it sends it (golden 1, 2, 9, 23, 27, 48)', t => {
  const prompt = decode({
    model: 'gpt-5.1',
    max_tokens: 32_000,
    stream: true,
    thinking: { type: 'adaptive', display: 'omitted' },
    output_config: { effort: 'high' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: 'a', session_id: 's-1' }) },
    system: [{ type: 'text', text: 'x-anthropic-billing-header: cc=1' }, { type: 'text', text: 'a',
      cache_control: { type: 'ephemeral' } }, { type: 'text', text: 'b' }],
    tools: [{ name: 'f', description: 'd', input_schema: { $schema: 's', type: 'object', properties: {} },
      cache_control: { type: 'ephemeral' } }],
    messages: [user([{ type: 'text', text: 'x' }]),
      assistant([{ type: 'thinking', thinking: '', signature: 'foreign' }, use('a'), use('b')]),
      user([{ type: 'text', text: '<system-reminder>r</system-reminder>' },
        result('ok', { is_error: false, cache_control: { type: 'ephemeral' } }), { type: 'tool_result',
        tool_use_id: 'b' }]), { role: 'system', content: 'late' }],
  })
  t.match(prompt, {
    model: 'gpt-5.1',
    maxTokens: 32_000,
    stream: true,
    thinking: 'adaptive',
    effort: 'high',
    showReasoning: false,
    thinkingBudget: null,
    cacheKey: /^[0-9a-f]{32}$/,
    user: null,
    system: [{ text: 'a', cache: true }, { text: 'b' }],
    tools: [{ name: 'f', description: 'd', schema: { type: 'object', properties: {} }, strict: false, cache: true,
      kind: 'function', namespace: null }],
  })
  t.notOk(JSON.stringify(prompt.tools).includes('$schema'))
  t.equal(prompt.system.length, 2)
  t.match(prompt.turns, [{ role: 'user' }, { role: 'assistant',
    blocks: [{ type: 'reasoning', carrier: { kind: 'm', model: null, item: { signature: 'foreign' } } }, {
      type: 'tool-call',
      id: 'a',
      input: '{}',
    }, { id: 'b' }] }, {
    role: 'user',
    blocks: [{ type: 'tool-result', id: 'a', isError: false, cache: true }, { type: 'tool-result', id: 'b', blocks: [],
      isError: null }, { type: 'text' }],
  }, { role: 'system', blocks: [{ text: 'late' }] }])
  t.end()
})

t.test('each session has its own key, made of parts that do not change within it', t => {
  const key = (userId: string, system = 's'): string | null =>
    decode({ metadata: { user_id: userId }, system }).cacheKey
  const session = (id: string, device: string): string => JSON.stringify({ device_id: device, session_id: id })
  t.equal(key(session('1', 'a')), key(session('1', 'b'), 'other'))
  t.not(key(session('1', 'a')), key(session('2', 'a')))
  t.not(decode({ system: 'a' }).cacheKey, decode({ system: 'b' }).cacheKey)
  t.equal(decode({}).cacheKey, null)
  t.end()
})

t.test('blocks of every kind (golden 37, 38, 40, 74)', t => {
  t.same(blocks([{ type: 'image', source: { type: 'base64', media_type: 'image/jpg', data: 'iVBOR w0KGgo=' } }]), [{
    type: 'image',
    source: { mime: 'image/png', data: 'iVBORw0KGgo=' },
    detail: null,
  }])
  t.match(blocks([{ type: 'image', source: { type: 'url', url: 'https://a.example/x' } }]), [{
    source: { url: 'https://a.example/x' },
  }])
  t.match(
    blocks([{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' }, title: 'T',
      context: 'C' }]),
    [{ type: 'file', source: { mime: 'application/pdf' }, name: 'T', context: 'C' }],
  )
  t.match(blocks([{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } }]), [{
    type: 'file',
    source: { text: 'words' },
    name: null,
  }])
  t.match(
    blocks([{ type: 'document', title: 'T', source: { type: 'content', content: [{ type: 'text', text: 'inner' }] } }]),
    [{ text: 'T' }, { text: 'inner' }],
  )
  t.match(
    blocks([{ type: 'search_result', title: 'T', source: 'https://s', content: [{ type: 'text', text: 'body' }] }]),
    [{ text: 'T\nhttps://s\nbody' }],
  )
  t.match(
    blocks([result([{ type: 'text', text: 'see' }, { type: 'image', source: { type: 'url', url: 'https://i' } }], {
      is_error: true,
    })]),
    [{ isError: true, blocks: [{ text: 'see' }, { type: 'image' }] }],
  )
  t.match(blocks([result([{ type: 'tool_reference', tool_name: 'a' }, { type: 'tool_reference', tool_name: 'b' }])]), [{
    blocks: [{ text: 'Tools now available: a, b' }],
  }])
  t.match(blocks([use('a', 'f', 'broken')], 'assistant'), [{ input: '{"_raw":"broken"}' }])
  const carrier = { kind: 'r', item: { id: 'rs_1', encrypted_content: 'E' }, model: 'gpt-5.1' } as const
  t.same(
    blocks([{ type: 'thinking', thinking: 'p', signature: packCarrier(carrier) }, { type: 'redacted_thinking',
      data: packCarrier(carrier) }], 'assistant'),
    [{ type: 'reasoning', text: 'p', carrier }, { type: 'reasoning', text: '', carrier }],
  )
  t.match(
    blocks([{ type: 'server_tool_use', name: 'web_search', input: { query: 'q' } }, { type: 'web_search_tool_result',
      content: [{ title: 'T', url: 'https://u', encrypted_content: 'E' }] }, { type: 'web_search_tool_result',
      content: { type: 'web_search_tool_result_error', error_code: 'unavailable' } }, {
      type: 'bash_code_execution_tool_result',
      content: { stdout: 'out', stderr: '' },
    }], 'assistant').map((block: Json) => block.text),
    ['[web_search: q]', 'T: https://u', '[web_search failed: unavailable]', 'out'],
  )
  t.end()
})

t.test('tools: deferred ones once loaded, client-run ones as functions, no server tools (golden 46, 47)', t => {
  const deferred = [{ name: 'ToolSearch', input_schema: { type: 'object' } }, { name: 'a',
    input_schema: { type: 'object' }, defer_loading: true }, { name: 'b', input_schema: { type: 'object' },
    defer_loading: true }]
  const names = (body: object): string[] => decode(body).tools.map(tool => tool.name)
  t.same(names({ tools: deferred }), ['ToolSearch'])
  t.same(
    names({ tools: deferred,
      messages: [user('x'), assistant([use('a', 'ToolSearch')]),
        user([result([{ type: 'tool_reference', tool_name: 'b' }])])] }),
    ['ToolSearch', 'b'],
  )
  t.same(names({ tools: deferred.slice(1) }), ['a', 'b'])
  t.same(names({ tools: [{ type: 'tool_search_tool_regex_20251119', name: 's' }, ...deferred.slice(1)] }), ['a', 'b'])
  const bash = decode({ tools: [{ type: 'bash_20250124', name: 'bash' }],
    messages: [user('x'), assistant([use('a', 'bash', { command: 'ls' })]), user([result()])] })
  t.match(bash, { tools: [{ name: 'bash', builtin: 'bash', schema: { properties: { command: {} } } }],
    turns: [{}, { blocks: [{ builtin: 'bash' }] }, {}] })
  t.match(decode({
    tools: [{ type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' }, { type: 'memory_20250818',
      name: 'memory' }],
  }).tools.map(tool => tool.builtin), ['text_editor', 'memory'])
  const search = { type: 'web_search_20250305', name: 'web_search' }
  t.same(names({ tools: [search, deferred[0]] }), ['ToolSearch'])
  t.same(lost({ tools: [search, deferred[0]] }), [], 'decoded for the gateway or a model that searches')
  t.match(decode({
    tools: [{ ...search, max_uses: 3, allowed_domains: ['a.example'], blocked_domains: null,
      user_location: { type: 'approximate', country: 'NO' } }],
  }).webTools, { fetches: false, forced: null,
    search: { maxUses: 3, allowedDomains: ['a.example'], blockedDomains: [], location: { country: 'NO' } } })
  t.match(decode({ tools: [search, deferred[0]], tool_choice: { type: 'tool', name: 'web_search' } }), {
    toolChoice: null,
    webTools: { forced: 'web_search' },
  })
  t.match(decode({ tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] }).webTools, { search: null,
    fetches: true })
  t.equal(decode({ tools: deferred }).webTools, null)
  const execution = { type: 'code_execution_20250825', name: 'code_execution' }
  t.same(lost({ tools: [execution, deferred[0]] }), ['tools.code_execution'])
  t.equal(refused({ tools: [execution] }), 'tools')
  t.equal(refused({ tools: [execution, deferred[0]], tool_choice: { type: 'tool', name: 'code_execution' } }),
    'tool_choice')
  t.equal(refused({ tools: [{ type: 'computer_20250124', name: 'computer' }] }), 'tools.0')
  t.match(decode({ tools: [{ name: 'f', description: 'd', input_examples: [{ a: 1 }], strict: true }] }).tools[0], {
    description: 'd\n\nExample input: {"a":1}',
    schema: { type: 'object' },
    strict: true,
  })
  t.match(decode({
    messages: [user('x'), { role: 'system',
      content: [{ type: 'text', text: 'n' }, { type: 'tool_addition',
        tool: { type: 'tool_definition', definition: { name: 'late', input_schema: { type: 'object' } } } }] }],
  }).tools, [{ name: 'late' }])
  t.end()
})

t.test('thinking, effort and format (golden 23, 61, 63)', t => {
  const table: ReadonlyArray<readonly [Json, Json]> = [[{}, { thinking: null, effort: null, showReasoning: false }], [{
    thinking: { type: 'enabled', budget_tokens: 10_000 },
  }, { thinking: 'on', thinkingBudget: 10_000, effort: 'medium', showReasoning: true }], [{
    thinking: { type: 'enabled', budget_tokens: 31_999 },
    output_config: { effort: 'low' },
  }, { effort: 'low' }], [{ thinking: { type: 'disabled' } }, { thinking: 'off', effort: 'none',
    showReasoning: false }], [{ thinking: { type: 'between_tools' } }, { thinking: 'adaptive', effort: null }], [{
    output_config: { effort: 'xhigh' },
  }, { thinking: null, effort: 'xhigh' }], [{ output_config: { format: { type: 'json_schema', schema: { a: 1 } } } }, {
    format: { type: 'schema', name: null, schema: { a: 1 }, strict: null },
  }], [{ output_format: { type: 'json_schema', schema: {} } }, { format: { type: 'schema' } }], [{
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  }, { toolChoice: { type: 'required' }, parallelToolCalls: false }], [{ tool_choice: { type: 'tool', name: 'f' } }, {
    toolChoice: { type: 'tool', tool: { name: 'f' } },
    parallelToolCalls: null,
  }], [{ service_tier: 'standard_only' }, { serviceTier: 'default' }], [{ stop_sequences: ['a', ''], top_k: 5 }, {
    stop: ['a'],
    topK: 5,
  }]]
  for (const [body, expected] of table) t.match(decode(body), expected, JSON.stringify(body))
  t.same(decode({ stop_sequences: ['a', ''] }).stop, ['a'])
  t.same(
    lost({ context_management: { edits: [{}] }, speed: 'fast', service_tier: 'auto', betas: ['x'], inference_geo: null,
      unknown: 1 }),
    ['context_management', 'speed', 'unknown'],
  )
  t.end()
})

t.test('fields that no other dialect can carry are refused by name (golden 86)', t => {
  const table: ReadonlyArray<readonly [object, string]> = [[{ container: 'c' }, 'container'], [{ mcp_servers: [{}] },
    'mcp_servers'], [{ thinking: { type: 'x' } }, 'thinking.type'], [{ output_config: { effort: 'x' } },
    'output_config.effort'], [{ messages: [user([{ type: 'image', source: { type: 'file', file_id: 'f' } }])] },
    'messages.0.content.0.source.file_id'], [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'], [{
    messages: [user(5)],
  }, 'messages.0.content'], [{ messages: [user([{ type: 'compaction', encrypted_content: 'E' }])] },
    'messages.0.content.0'], [{ tool_choice: { type: 'x' } }, 'tool_choice.type']]
  for (const [body, param] of table) t.equal(refused(body), param, JSON.stringify(body))
  t.equal(refused({ mcp_servers: [], container: null }), null)
  t.end()
})

t.test('everything that this dialect can express survives encoding and decoding', t => {
  const first = decode({
    system: 'be good',
    tools: [{ name: 'f', description: 'd', input_schema: { type: 'object', properties: {} } }],
    thinking: { type: 'adaptive' },
    output_config: { effort: 'high',
      format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } } },
    top_k: undefined,
    stream: true,
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    stop_sequences: ['END'],
    messages: [user([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }, {
      type: 'text',
      text: 'x',
      cache_control: { type: 'ephemeral' },
    }]), assistant([{ type: 'text', text: 'y' }, use('a', 'f', { q: 1 })]),
      user([result('no', { is_error: true }), { type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'words' }, title: 'T', context: 'C' }])],
  })
  const { body: _first, cacheKey: _key, ...again } = decode(request({ ...first, cacheKey: null }, target()))
  const { body: _again, cacheKey: _other, ...before } = first
  t.same(again, { ...before, model: 'claude-sonnet-4.6' })
  t.end()
})
