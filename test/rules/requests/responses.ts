// Valid requests of Responses clients.
import fc from 'fast-check'
import type { JsonObject } from '../../../src/json.ts'
import { effort, outputSchema, rounds, sparse, text, tools, type Arb, type Piece, type Round,
  type ToolSketch } from './common.ts'

const part = (piece: Piece): JsonObject =>
  'text' in piece
    ? { type: 'input_text', text: piece.text }
    : { type: 'input_image', detail: 'auto', image_url: `data:${piece.picture.mime};base64,${piece.picture.data}` }
const content = (pieces: readonly Piece[]): unknown =>
  pieces.length === 1 && pieces[0] !== undefined && 'text' in pieces[0] ? pieces[0].text : pieces.map(part)
const output = (pieces: readonly Piece[]): unknown => pieces.length === 0 ? '' : content(pieces)

/** Rare items, as OpenAI's answers contain them and clients send them back. */
const stretches: ReadonlyArray<readonly JsonObject[]> = [[{ type: 'custom_tool_call', id: 'ctc_1', call_id: 'custom_1',
  name: 'patch', input: 'x' }, { type: 'custom_tool_call_output', call_id: 'custom_1', output: 'ok' }], [{
  type: 'local_shell_call',
  id: 'lsh_1',
  call_id: 'shell_1',
  status: 'completed',
  action: { type: 'exec', command: ['ls'], env: {} },
}, { type: 'local_shell_call_output', id: 'shell_1', call_id: 'shell_1', output: '{}' }], [{ type: 'web_search_call',
  id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } }, { type: 'message', id: 'msg_w',
  role: 'assistant', status: 'completed',
  content: [{ type: 'output_text', text: 'found',
    annotations: [{ type: 'url_citation', url: 'https://example.org', title: 't', start_index: 0, end_index: 1 }],
    logprobs: [] }], phase: 'final_answer' }], [{ type: 'reasoning', id: 'rs_1',
  summary: [{ type: 'summary_text', text: 'Hm.' }], content: [{ type: 'reasoning_text', text: 'Hm.' }] }, {
  role: 'assistant',
  content: 'So.',
}], [{ type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: null }], [{ type: 'message', role: 'assistant',
  content: [{ type: 'refusal', refusal: 'No.' }] }], [{ role: 'system', content: 'be brief' }], [{ role: 'user',
  content: [] }], [{ role: 'user', content: '' }], [{ role: 'user',
  content: Array.from({ length: 24 },
    () => part({ picture: { mime: 'image/gif', data: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' } })) },
  { role: 'assistant', content: 'So.' }], [{ type: 'tool_search_call', id: 'tsc_1', call_id: 'ts_1',
  execution: 'client', status: 'completed', arguments: {} }, { type: 'tool_search_output', execution: 'client',
  call_id: 'ts_1', status: 'completed',
  tools: [{ type: 'function', name: 'found', description: 'd', defer_loading: true,
    parameters: { type: 'object', properties: {} }, strict: false }] }], [{ type: 'function_call', call_id: 'ns_1',
  namespace: 'ns', name: 'inner', arguments: '{}' }, { type: 'function_call_output', call_id: 'ns_1', output: 'r' }], [{
  type: 'apply_patch_call',
  id: 'apc_1',
  call_id: 'ap_1',
  status: 'completed',
  operation: { type: 'delete_file', path: 'a' },
}, { type: 'apply_patch_call_output', call_id: 'ap_1', status: 'completed', output: 'ok' }], [{ type: 'function_call',
  call_id: 'late_1', name: 'f', arguments: '{}' }, { role: 'user', content: 'wait' }, { type: 'function_call_output',
  call_id: 'late_1', output: 'r' }], [{ type: 'agent_message', author: 'child',
  content: [{ type: 'input_text', text: 'done' }] }], [{ type: 'function_call', call_id: 'empty_1', name: 'f',
  arguments: '' }, { type: 'function_call_output', call_id: 'empty_1', output: [] }]]

/** With `isTerse` as clients write by hand, otherwise as OpenAI's answers are sent back. */
function items (given: readonly Round[], isTerse: boolean): JsonObject[] {
  const message = (role: string, content: unknown): JsonObject =>
    isTerse ? { role, content } : { type: 'message', role, content }
  return given.flatMap((
    { system, user, reply, calls },
    at,
  ): JsonObject[] => [...system === null ? [] : [message('developer', system)], message('user', content(user)),
    ...reply === null
      ? []
      : [isTerse
        ? message('assistant', reply)
        : { type: 'message', id: `msg_${at}`, role: 'assistant', status: 'completed',
          content: [{ type: 'output_text', text: reply, annotations: [] }] }],
    ...calls.map(({ id, name, input }, nth) => ({ type: 'function_call',
      ...isTerse ? {} : { id: `fc_${at}_${nth}`, status: 'completed' }, call_id: id, name,
      arguments: JSON.stringify(input) })
    ), ...calls.map(({ id, result }) => ({ type: 'function_call_output', call_id: id, output: output(result) }))]
  )
}

const tool = ({ name, description, schema }: ToolSketch): JsonObject => ({ type: 'function', name,
  description: description ?? null, parameters: schema, strict: false })
const extraTool: Arb = fc.constantFrom<JsonObject>({ type: 'custom', name: 'patch', description: 'p',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } }, { type: 'custom', name: 'free' }, {
  type: 'web_search',
}, { type: 'local_shell' }, { type: 'namespace', name: 'ns', description: '',
  tools: [{ type: 'function', name: 'inner', parameters: { type: 'object', properties: {} }, strict: false }] })
const choice = (given: readonly ToolSketch[]): Arb<unknown> =>
  fc.oneof(fc.constantFrom<unknown>('auto', 'none', 'required', undefined),
    fc.constantFrom(...given).chain(({ name }) => {
      const one = { type: 'function', name }
      return fc.constantFrom<unknown>(one, { type: 'allowed_tools', mode: 'required', tools: [one] })
    }))

export const responsesRequests: Arb = tools.chain(given =>
  fc.record({
    input: fc.oneof({ weight: 1, arbitrary: text }, { weight: 6,
      arbitrary: fc.tuple(rounds(given.map(each => each.name)), fc.boolean(),
        fc.array(fc.constantFrom(...stretches), { maxLength: 1 })).map((
          [conversation, isTerse, [extra = []]],
        ) => [...extra, ...items(conversation, isTerse)]) }),
    more: sparse({
      instructions: fc.oneof(text, fc.constant(null)),
      temperature: fc.constantFrom(0, 0.7, 1, 2),
      top_p: fc.constantFrom(0.1, 1),
      max_output_tokens: fc.constantFrom(16, 4_000, 200_000),
      store: fc.boolean(),
      user: fc.constant('u'),
      metadata: fc.constant({ a: 'b' }),
      service_tier: fc.constantFrom('auto', 'default'),
      prompt_cache_key: fc.constant('k'),
      truncation: fc.constantFrom('auto', 'disabled'),
      include: fc.constantFrom(['reasoning.encrypted_content'], []),
      reasoning: fc.oneof(effort.map(each => ({ effort: each, summary: 'auto' })), fc.constant(null), fc.constant({})),
      parallel_tool_calls: fc.boolean(),
      background: fc.constant(false),
      previous_response_id: fc.constant(null),
      max_tool_calls: fc.constant(3),
      prompt_cache_retention: fc.constant('24h'),
      safety_identifier: fc.constant('s'),
      stream_options: fc.constant(null),
      client_metadata: fc.constant({ a: 'b' }),
      top_logprobs: fc.constant(0),
      text: fc.oneof(fc.constantFrom<JsonObject>({ format: { type: 'text' } }, { verbosity: 'low' }, {
        format: { type: 'json_object' },
      }), outputSchema.map(schema => ({ format: { type: 'json_schema', name: 'out', schema, strict: false } }))),
    }),
    tools: fc.constant(given.map(tool)),
    extra: fc.option(extraTool, { freq: 3 }),
    choice: given.length === 0 ? fc.constant(undefined) : choice(given),
  }).map(({ input, more, tools, extra, choice }) => {
    if (tools.length === 0) return { input, ...more }
    return { input, ...more, tools: extra === null ? tools : [...tools, extra],
      ...choice === undefined ? {} : { tool_choice: choice } }
  })
)
