// Requests in the same dialect on both sides: fields that Copilot's own Responses endpoint refuses are not sent.
// `docs/spec/copilot.md#responses-request`.
import t from 'tap'
import { prepareFitted } from '../../../fixtures/fitted.ts'
import { openAiResponses as dialect } from '../../../../src/dialects/responses/index.ts'
import { packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import type { JsonObject } from '../../../../src/json.ts'
import { failed, ledger, plain, target, type Json } from '../kit.ts'

const clean = { model: 'gpt-5.1', stream: true, store: false, include: ['reasoning.encrypted_content'], input: 'hi' }
function prepare (
  body: JsonObject,
  to = target,
  learned: readonly string[] = [],
): { body: Json, lost: readonly string[] } {
  const notes = ledger()
  const changed = prepareFitted(dialect, { ...clean, ...body }, to, notes, new Set(learned))
  return { body: changed === null ? null : JSON.parse(JSON.stringify(changed)), lost: notes.lost() }
}
const says = (role: string, type: string, more: object = {}) => ({ type: 'message', role,
  content: [{ type, text: 'x', ...more }] })

t.test('a request that lacks nothing is unchanged', t => {
  t.equal(prepare({}).body, null)
  t.equal(prepare({
    tools: [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }, { type: 'custom',
      name: 'apply_patch' }],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: 'low', summary: 'auto' },
    text: { verbosity: 'low' },
    prompt_cache_key: 'k',
    truncation: 'disabled',
    temperature: 1,
    input: [says('developer', 'input_text'), says('user', 'input_text'), { type: 'reasoning', id: 'rs_x', summary: [],
      encrypted_content: 'E' }, says('assistant', 'output_text'), { type: 'function_call', call_id: 'c', name: 'f',
      arguments: '{}' }, { type: 'function_call_output', call_id: 'c',
      output: [{ type: 'input_image', image_url: 'https://a' }] }, { type: 'compaction', id: 'y',
      encrypted_content: 'E' }],
  }).body, null)
  t.end()
})

t.test('fields: set, dropped, refused', t => {
  const rows: [JsonObject, JsonObject, string[]][] = [[{ model: 'github_copilot/gpt-5.1' }, { model: 'gpt-5.1' }, []], [
    { store: true },
    { store: false },
    [],
  ], [{ store: null }, { store: false }, []], [{ stream: false }, { stream: true }, []], [{ include: undefined }, {
    include: ['reasoning.encrypted_content'],
  }, []], [{ include: ['message.output_text.logprobs'] }, {
    include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
  }, []], [{ include: ['reasoning.encrypted_content', 'web_search_call.results'] }, {
    include: ['reasoning.encrypted_content'],
  }, ['include']], [{ service_tier: 'auto' }, { service_tier: undefined }, []], [{ service_tier: 'priority' }, {
    service_tier: undefined,
  }, ['service_tier']], [{ service_tier: null }, { service_tier: undefined }, []], [{ background: false,
    conversation: null, prompt: null, previous_response_id: null, stream_options: { include_obfuscation: false } }, {
    background: undefined,
    conversation: undefined,
    prompt: undefined,
    previous_response_id: undefined,
    stream_options: undefined,
  }, []], [{ metadata: {} }, { metadata: undefined }, []], [{ metadata: { a: 'b' }, user: 'u', safety_identifier: 's',
    client_metadata: { x: 1 } }, { metadata: undefined, user: undefined, safety_identifier: undefined,
    client_metadata: undefined }, ['metadata', 'user', 'safety_identifier', 'client_metadata']], [{
    max_output_tokens: 1,
  }, { max_output_tokens: 16 }, []], [{ temperature: 0, top_p: 0.5 }, { temperature: undefined, top_p: undefined }, [
    'temperature',
    'top_p',
  ]], [{ temperature: null }, { temperature: undefined }, []], [{
    reasoning: { effort: 'low', summary: null, context: 'all_turns' },
  }, { reasoning: { effort: 'low' } }, ['reasoning.context']], [{ reasoning: { generate_summary: 'auto' } }, {
    reasoning: { summary: 'auto' },
  }, []], [{ reasoning: {} }, {}, []], [{ tools: [], tool_choice: 'auto', parallel_tool_calls: true }, {
    tools: undefined,
    tool_choice: undefined,
    parallel_tool_calls: undefined,
  }, []], [{ tools: [{ type: 'web_search' }], tool_choice: 'auto' }, { tools: [{ type: 'web_search' }],
    tool_choice: 'auto' }, []], [{
    tools: [{ type: 'function', name: 'f', defer_loading: false, output_schema: {} }, { type: 'code_interpreter' }],
  }, { tools: [{ type: 'function', name: 'f' }] }, ['tools.code_interpreter', 'tools.output_schema']], [{
    tools: [{ type: 'function', name: 'f' }, { type: 'file_search' }],
    tool_choice: { type: 'allowed_tools', mode: 'auto',
      tools: [{ type: 'function', name: 'f' }, { type: 'file_search' }] },
  }, { tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] } }, [
    'tools.file_search',
  ]]]
  for (const [body, wanted, lost] of rows) {
    const got = prepare(body)
    const sent = got.body ?? { ...clean, ...body }
    for (const [field, value] of Object.entries(wanted)) t.same(sent[field], value, `${JSON.stringify(body)}: ${field}`)
    t.same(got.lost, lost)
  }
  t.equal(prepare({ model: 'gpt-4.1', temperature: 0 }, plain).body, null, 'another model accepts a temperature')
  for (const [body, param] of [[{ background: true }, 'background'], [{ conversation: { id: 'c' } }, 'conversation'], [{
    prompt: { id: 'p' },
  }, 'prompt'], [{ previous_response_id: 'r' }, 'previous_response_id'], [{ tools: [{ type: 'mcp' }] }, 'tools'], [{
    tools: [{ type: 'function', name: 'f' }, { type: 'file_search' }],
    tool_choice: { type: 'file_search' },
  }, 'tool_choice'], [{ input: [{ type: 'item_reference', id: 'i' }] }, 'input[0]']] as const) {
    t.match(failed(() => prepare(body)), { status: 400, param })
  }
  t.end()
})

t.test('items: ids, parts of the wrong kind, extras, nulls', t => {
  const rows: [JsonObject, JsonObject | null][] = [[{ ...says('assistant', 'input_text'), id: 'msg_1' }, {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'x', annotations: [] }],
  }], [says('user', 'output_text', { annotations: [] }), says('user', 'input_text')], [{ type: 'function_call',
    id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}', internal_chat_message_metadata_passthrough: { a: 1 },
    status: null }, { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }], [{
    type: 'custom_tool_call_output',
    id: 'ctco_1',
    call_id: 'c',
    output: 'x',
  }, { type: 'custom_tool_call_output', call_id: 'c', output: 'x' }], [{ type: 'reasoning', id: 'rs_1', summary: [] },
    null], [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null }, null], [{ type: 'reasoning',
    id: 'rs_1', summary: [], content: null, encrypted_content: 'E' }, { type: 'reasoning', id: 'rs_1', summary: [],
    encrypted_content: 'E' }]]
  for (const [item, wanted] of rows) {
    t.same(prepare({ input: [item, says('user', 'input_text')] }).body.input, [...(wanted === null ? [] : [wanted]),
      says('user', 'input_text')], JSON.stringify(item))
  }
  t.end()
})

t.test('after a refusal, media of an output moves behind the outputs of its round', t => {
  const [image, caption] = [{ type: 'input_image', image_url: 'https://a' }, { type: 'input_text', text: 'r' }]
  const output = (id: string, parts: unknown) => ({ type: 'function_call_output', call_id: id, output: parts })
  t.same(
    prepare({ input: [output('a', [caption, image]), output('b', [image]), says('user', 'input_text')] }, target, [
      'responses-output-media',
    ]).body.input,
    [output('a', [caption]), output('b', '[attached below]'), { type: 'message', role: 'user',
      content: [{ type: 'input_text', text: '[Attachment of tool call a]' }, image, { type: 'input_text',
        text: '[Attachment of tool call b]' }, image] }, says('user', 'input_text')],
  )
  t.end()
})

t.test('golden 70: our carriers are unpacked if they fit, otherwise they are left out with their item', t => {
  const native = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'E1' }
  const carried = (kind: 'm' | 'r', model: string) => ({ type: 'reasoning', id: 'rs_new', summary: [],
    encrypted_content: packCarrier({ kind, item: native, model }) })
  t.same(prepare({ input: [carried('r', 'gpt-5.1'), 'x'] }).body.input, [native, 'x'])
  for (const item of [carried('m', 'claude-sonnet-4.5'), carried('r', 'gpt-5.2'), { ...native,
    encrypted_content: 'cpt1.r.broken' }]) {
    t.match(prepare({ input: [item, 'x'] }), { body: { input: ['x'] }, lost: ['reasoning'] })
  }
  t.end()
})
