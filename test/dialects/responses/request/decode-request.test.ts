// From Responses requests to prompts. `docs/spec/translation.md#responses-items`,
// `docs/spec/translation.md#responses-tools`.
import t from 'tap'
import { openAiResponses as dialect } from '../../../../src/dialects/responses/index.ts'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import type { JsonObject } from '../../../../src/json.ts'
import { failed, ledger } from '../kit.ts'

const read = (body: JsonObject, notes = ledger()) => dialect.decodeRequest({ model: 'm', ...body }, notes)
const lost = (body: JsonObject) => {
  const notes = ledger()
  read({ input: 'x', ...body }, notes)
  return notes.lost()
}
const says = (role: string, content: unknown) => ({ type: 'message', role, content })
const call = (call_id: string, more: JsonObject = {}) => ({ type: 'function_call', call_id, name: 'f', arguments: '{}',
  ...more })
const output = (call_id: string, value: unknown = 'ok') => ({ type: 'function_call_output', call_id, output: value })

t.test('golden 10, 11: instructions, then leading system and developer items, then turns; later ones stay', t => {
  const prompt = read({ instructions: 'I',
    input: [says('developer', 'A'),
      says('system', [{ type: 'input_text', text: 'B' }, { type: 'input_text', text: 'C' }]), says('user', 'hi'),
      says('developer', 'later')] })
  t.same(prompt.system, [{ type: 'text', text: 'I' }, { type: 'text', text: 'A', role: 'developer', apart: true }, {
    type: 'text',
    text: 'B',
    role: 'system',
    apart: true,
  }, { type: 'text', text: 'C', role: 'system' }])
  t.match(prompt.turns, [{ role: 'user', blocks: [{ text: 'hi' }] }, { role: 'system',
    blocks: [{ text: 'later', role: 'developer' }] }])
  t.match(read({ input: 'hi' }).turns, [{ role: 'user', blocks: [{ type: 'text', text: 'hi' }] }])
  t.end()
})

t.test('assistant items make one turn, outputs and the message after them another', t => {
  const { turns } = read({
    input: [{ role: 'user', content: 'go' }, { type: 'reasoning', id: 'rs',
      summary: [{ type: 'summary_text', text: 'a' }, { type: 'summary_text', text: 'b' }], content: null,
      encrypted_content: null },
      says('assistant', [{ type: 'output_text', text: 'one' }, { type: 'output_text', text: 'two' }]),
      says('assistant', [{ type: 'refusal', refusal: 'no' }]), says('assistant', 'three'),
      call('c1', { namespace: 'ns' }), call('c2', { arguments: '' }), output('c1'),
      output('c2', [{ type: 'input_text', text: 'see' }, { type: 'input_image',
        image_url: 'data:image/jpg;base64,/9j/AA' }]), says('user', 'and'), says('user', 'more')],
  })
  t.same(turns.map(turn => turn.role), ['user', 'assistant', 'user', 'user'])
  t.match(turns[1]?.blocks, [{ type: 'reasoning', text: 'a\n\nb', carrier: null }, { text: 'one', apart: undefined }, {
    text: 'two',
    apart: undefined,
  }, { type: 'refusal', text: 'no' }, { text: 'three', apart: true }, { type: 'tool-call', id: 'c1', name: 'f',
    namespace: 'ns', kind: 'function', builtin: null, input: '{}' }, { id: 'c2', input: '{}' }])
  t.match(turns[2]?.blocks, [{ type: 'tool-result', id: 'c1', blocks: [{ text: 'ok' }], isError: null }, { id: 'c2',
    blocks: [{ text: 'see' }, { type: 'image', source: { mime: 'image/jpeg', data: '/9j/AA' }, detail: null }] }, {
    text: 'and',
  }])
  t.end()
})

t.test("golden 25, 70: our own state is unpacked; an upstream's own stays its item", t => {
  const carrier = { kind: 'm' as const, item: { type: 'thinking', thinking: 'x', signature: 'S' },
    model: 'claude-sonnet-4.5' }
  const native = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' }
  const { turns } = read({
    input: [{ type: 'reasoning', id: 'rs', summary: [], encrypted_content: packCarrier(carrier) }, { ...native,
      content: null, internal_chat_message_metadata_passthrough: {} }, { type: 'reasoning', summary: [],
      encrypted_content: 'cpt1.m.broken' }],
  })
  t.same(turns[0]?.blocks.map(block => block.type === 'reasoning' ? block.carrier : 0), [carrier, { kind: 'r',
    item: native, model: null }, null])
  t.end()
})

t.test('golden 43 to 45, 98: tools of every kind, also added by items; the later of one name wins', t => {
  const { tools, toolChoice } = read({
    input: [{ type: 'additional_tools', role: 'developer',
      tools: [{ type: 'namespace', name: 'functions', description: '', tools: [{ type: 'custom', name: 'exec' }] }, {
        type: 'function',
        name: 'f',
        description: 'later',
        strict: false,
        parameters: {},
      }] }, { role: 'user', content: 'x' }],
    tools: [{ type: 'function', name: 'f', strict: true, parameters: { type: 'object' } }, { type: 'custom',
      name: 'apply_patch', description: 'd', format: { type: 'grammar', syntax: 'lark', definition: 'start: x' } }, {
      type: 'namespace',
      name: 'agents',
      tools: [{ type: 'function', name: 'spawn',
        parameters: { type: 'object', properties: { a: {} }, required: ['a'], additionalProperties: false } }],
    }, { type: 'local_shell' }, { type: 'tool_search', execution: 'client', parameters: { type: 'object' } }],
    tool_choice: { type: 'allowed_tools', mode: 'required',
      tools: [{ type: 'function', name: 'f' }, { type: 'local_shell' }, { type: 'namespace', name: 'agents' }] },
  })
  t.match(tools, [{ name: 'f', description: 'later', strict: false, kind: 'function', namespace: null }, {
    name: 'apply_patch',
    kind: 'custom',
    grammar: { syntax: 'lark', definition: 'start: x' },
  }, { name: 'spawn', namespace: 'agents' }, { name: 'local_shell', builtin: 'local_shell', kind: 'function' }, {
    name: 'tool_search',
    builtin: 'tool_search',
    schema: { type: 'object' },
  }, { name: 'exec', namespace: 'functions', kind: 'custom' }])
  t.equal(tools[2]?.strict, null, 'a property without a type makes the schema not strict')
  t.same(toolChoice, { type: 'allowed', mode: 'required',
    tools: [{ name: 'f', namespace: null }, { name: 'local_shell', namespace: null }, { name: 'spawn',
      namespace: 'agents' }] })
  t.end()
})

t.test("strict is the client's value; the API's default applies only if the schema allows it", t => {
  const strictOf = (more: JsonObject) =>
    read({ input: 'x', tools: [{ type: 'function', name: 'f', ...more }] }).tools[0]?.strict
  const closed = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
  t.same([strictOf({ parameters: closed }), strictOf({ parameters: closed, strict: false }),
    strictOf({ parameters: { type: 'object', properties: { a: { type: 'string' } } } }), strictOf({ strict: true }),
    strictOf({})], [true, false, null, true, null])
  t.end()
})

t.test('golden 47: deferred tools wait for the search, unless there is none or it found them', t => {
  const deferred = { type: 'function', name: 'mail', defer_loading: true }
  const names = (tools: JsonObject[], input: unknown = 'x') => read({ input, tools }).tools.map(tool => tool.name)
  t.same(names([deferred]), ['mail'])
  t.same(names([deferred, { type: 'tool_search', execution: 'client' }]), ['tool_search'])
  const found = [{ type: 'tool_search_call', call_id: 's', execution: 'client', arguments: { query: 'm' } }, {
    type: 'tool_search_output',
    call_id: 's',
    execution: 'client',
    tools: [{ type: 'function', name: 'mail', description: 'found', defer_loading: true }],
  }]
  t.same(names([deferred, { type: 'tool_search', execution: 'client' }], found), ['mail', 'tool_search'])
  t.match(read({ input: found }).turns, [{ blocks: [{ builtin: 'tool_search', input: '{"query":"m"}' }] }, {
    blocks: [{ type: 'tool-result', id: 's', blocks: [{ text: 'Tools now available: mail' }] }],
  }])
  t.end()
})

t.test("calls of OpenAI's own client tools become functions, and their outputs results", t => {
  const { turns } = read({
    input: [{ type: 'local_shell_call', id: 'lsh_1', call_id: 'c1',
      action: { type: 'exec', command: ['ls'], env: {}, working_directory: '/' } }, { type: 'shell_call', call_id: 'c2',
      action: { commands: ['ls'] } }, { type: 'apply_patch_call', call_id: 'c3',
      operation: { type: 'delete_file', path: 'a' } }, { type: 'local_shell_call_output', id: 'lsh_1', output: 'out' },
      { type: 'shell_call_output', call_id: 'c2',
        output: [{ stdout: 'a', stderr: 'b', outcome: { type: 'exit', exit_code: 1 } }] }, {
      type: 'apply_patch_call_output',
      call_id: 'c3',
      status: 'failed',
      output: 'no',
    }],
  })
  t.match(turns, [{
    blocks: [{ builtin: 'local_shell', id: 'c1', input: '{"command":["ls"],"workdir":"/","env":{}}' }, {
      builtin: 'shell',
      input: '{"commands":["ls"]}',
    }, { builtin: 'apply_patch', input: '{"operation":{"type":"delete_file","path":"a"}}' }],
  }, {
    blocks: [{ id: 'c1', blocks: [{ text: 'out' }] }, { id: 'c2', blocks: [{ text: 'a\nb\n[exit code 1]' }] }, {
      id: 'c3',
      isError: true,
    }],
  }])
  t.end()
})

t.test("golden 46: OpenAI's server tools are removed if others remain, and their history becomes text", t => {
  const f = { type: 'function', name: 'f' }
  t.same(lost({ tools: [f, { type: 'web_search', external_web_access: false }] }), [], 'a search can be served')
  t.match(
    read({ input: 'x', max_tool_calls: 2, include: ['web_search_call.action.sources'],
      tools: [f, { type: 'web_search_preview', search_context_size: 'low', filters: { allowed_domains: ['a.example'] },
        user_location: { type: 'approximate', city: 'Bergen' } }] }).webTools,
    { forced: null, fetches: false,
      search: { maxUses: 2, size: 'low', allowedDomains: ['a.example'], location: { city: 'Bergen' },
        showsSources: true, tool: { type: 'web_search_preview' } } },
  )
  t.same(lost({ tools: [f, { type: 'image_generation' }] }), ['tools.image_generation'])
  t.match(failed(() => read({ input: 'x', tools: [{ type: 'file_search' }] })), { status: 400, param: 'tools',
    code: 'unsupported_parameter' })
  t.match(read({ input: 'x', tools: [f, { type: 'web_search' }], tool_choice: { type: 'web_search' } }), {
    toolChoice: null,
    webTools: { forced: 'web_search' },
  })
  t.match(failed(() => read({ input: 'x', tools: [f], tool_choice: { type: 'file_search' } })), {
    param: 'tool_choice',
  })
  t.match(failed(() => read({ input: 'x', tools: [f], tool_choice: { type: 'mcp', server_label: 's' } })), {
    param: 'tool_choice',
  })
  t.match(read({
    input: [{ type: 'web_search_call', id: 'ws', action: { type: 'search', query: 'cats' } },
      says('assistant', 'Found.')],
  }).turns, [{ blocks: [{ text: '[web_search: cats]' }, { text: 'Found.', apart: true }] }])
  t.end()
})

t.test("each of OpenAI's server tools becomes a line of text, with its results below", t => {
  const rows: [JsonObject, string | null][] = [[{ type: 'web_search_call',
    action: { type: 'open_page', url: 'https://a' } }, '[web_search: https://a]'], [{ type: 'web_search_call',
    action: { queries: ['a', 'b'], sources: [{ title: 'T', url: 'https://t' }] } }, '[web_search: a, b]\nT https://t'],
    [{ type: 'file_search_call', queries: ['q'], results: [{ filename: 'f.md' }] }, '[file_search: q]\nf.md'], [{
    type: 'code_interpreter_call',
    code: '1+1',
    outputs: [{ type: 'logs', logs: '2' }],
  }, '[code_interpreter]\n1+1\n2'], [{ type: 'mcp_call', server_label: 's', name: 'n', arguments: '{}', output: 'o' },
    '[mcp: s n {}]\no'], [{ type: 'image_generation_call', revised_prompt: 'a cat' }, '[image_generation: a cat]'], [{
    type: 'program_output',
    result: 'r',
  }, '[program_output]\nr'], [{ type: 'mcp_list_tools' }, null], [{ type: 'from_the_future' }, null], [{
    type: 'tool_search_call',
    execution: 'server',
  }, null]]
  for (const [item, text] of rows) {
    const notes = ledger()
    t.match(read({ input: [item] }, notes).turns, text === null ? [] : [{ role: 'assistant', blocks: [{ text }] }])
    t.same(notes.lost(), [`input.${String(item['type'])}`])
  }
  t.end()
})

t.test("golden 86 and 80: references that only OpenAI's servers can resolve are refused by name", t => {
  for (const [body, param] of [[{ background: true }, 'background'], [{ conversation: 'c' }, 'conversation'], [{
    prompt: { id: 'p' },
  }, 'prompt'], [{ previous_response_id: 'r' }, 'previous_response_id'], [{
    input: [{ type: 'item_reference', id: 'x' }],
  }, 'input[0]'], [{ input: [{ id: 'x' }] }, 'input[0]'], [{
    input: [says('user', [{ type: 'input_image', file_id: 'f' }])],
  }, 'input[0].content[0].file_id'], [{
    input: [says('user', [{ type: 'input_file', file_id: 'f' }])],
  }, 'input[0].content[0].file_id'], [{ input: [says('user', [{ type: 'input_audio' }])] },
    'input[0].content[0].input_audio'], [{ input: [says('critic', 'x')] }, 'input[0].role'], [{
    input: [{ type: 'function_call', name: 'f' }],
  }, 'input[0].call_id']] as const) {
    t.match(failed(() => read({ input: 'x', ...body })), { status: 400, param }, param)
  }
  t.end()
})

t.test('losses are reported, defaults are not', t => {
  t.same(
    lost({ store: true, service_tier: 'auto', truncation: 'disabled', background: false, metadata: { a: 'b' },
      temperature: null, reasoning: { context: 'auto', effort: 'low' }, include: ['reasoning.encrypted_content'],
      stream_options: { include_obfuscation: false } }),
    [],
  )
  t.same(
    lost({ client_metadata: { a: 1 }, truncation: 'auto', reasoning: { context: 'all_turns' },
      include: ['web_search_call.results'], max_tool_calls: 3, context_management: [{}] }),
    ['client_metadata', 'max_tool_calls', 'context_management', 'truncation', 'reasoning.context', 'include'],
  )
  t.end()
})

t.test('settings, and the item that changes them: the last one wins', t => {
  t.match(read({
    input: [{ type: 'configuration_update', reasoning: { effort: 'high' } }, { role: 'user', content: 'x' }],
    reasoning: { effort: 'low', summary: 'auto' },
    text: { verbosity: 'low', format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
    max_output_tokens: 5,
    temperature: 0.5,
    top_p: 1,
    include: ['message.output_text.logprobs'],
    top_logprobs: 3,
    user: 'u',
    safety_identifier: 's',
    prompt_cache_key: 'k',
    service_tier: 'flex',
    parallel_tool_calls: false,
    stream: true,
  }), { effort: 'high', showReasoning: true, verbosity: 'low', format: { type: 'schema', name: 'n', strict: true },
    maxTokens: 5, temperature: 0.5, topP: 1, topLogprobs: 3, user: 's', cacheKey: 'k', serviceTier: 'flex',
    parallelToolCalls: false, stream: true })
  t.match(read({ input: 'x', text: { format: { type: 'json_object' } } }), { format: { type: 'json' },
    showReasoning: false, topLogprobs: null })
  t.match(read({
    input: [
      says('user', [{ type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' }, {
        type: 'input_file',
        filename: 'a.txt',
        file_data: 'data:text/plain;base64,aGk=',
      }, { type: 'input_file', file_url: 'https://a' }]),
    ],
  }).turns, [{
    blocks: [{ type: 'file', name: 'a.pdf', source: { mime: 'application/pdf' } }, { source: { text: 'hi' } }, {
      source: { url: 'https://a' },
    }],
  }])
  t.end()
})
