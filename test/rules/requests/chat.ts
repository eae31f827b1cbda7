// Valid requests of Chat clients.
import fc from 'fast-check'
import type { JsonObject } from '../../../src/json.ts'
import { effort, outputSchema, rounds, sparse, stops, text, tools, type Arb, type CallSketch, type Piece, type Round,
  type ToolSketch } from './common.ts'

const part = (piece: Piece): JsonObject =>
  'text' in piece
    ? { type: 'text', text: piece.text }
    : { type: 'image_url', image_url: { url: `data:${piece.picture.mime};base64,${piece.picture.data}` } }
const content = (pieces: readonly Piece[]): unknown =>
  pieces.length === 1 && pieces[0] !== undefined && 'text' in pieces[0] ? pieces[0].text : pieces.map(part)
const words = (pieces: readonly Piece[]): string => pieces.map(piece => 'text' in piece ? piece.text : '').join('')
const call = ({ id, name, input }: CallSketch): JsonObject => ({ id, type: 'function',
  function: { name, arguments: JSON.stringify(input) } })

/** Forms that some clients write: each is a whole section of a conversation. */
const stretches: ReadonlyArray<readonly JsonObject[]> = [
  [{ role: 'user', content: 'Look.', name: 'ann' }, { role: 'assistant', content: [{ type: 'text', text: 'So.' }] }],
  [{ role: 'user', content: '' }, { role: 'assistant', content: '' }],
  [{ role: 'user', content: 'No?' }, { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }],
  [{ role: 'user', content: 'No?' }, { role: 'assistant', content: null, refusal: 'No.' }],
  [{ role: 'assistant', content: null, function_call: { name: 'old', arguments: '{}' } }, { role: 'function',
    name: 'old', content: 'done' }],
  [{ role: 'assistant', content: null,
    tool_calls: [{ id: 'custom_1', type: 'custom', custom: { name: 'patch', input: 'x' } }] }, { role: 'tool',
    tool_call_id: 'custom_1', content: [{ type: 'text', text: 'ok' }] }],
  [{ role: 'assistant', content: '',
    tool_calls: [{ id: 'bare_1', type: 'function', function: { name: 'f', arguments: '' } }] }, { role: 'tool',
    tool_call_id: 'bare_1', content: '' }],
  [{ role: 'assistant', content: 'So.', reasoning_content: 'Hm.' }],
  [{ role: 'assistant', content: 'So.', reasoning_text: 'Hm.', annotations: [], audio: null, tool_calls: null }],
  [{ role: 'system', content: [{ type: 'text', text: 'be brief' }] }],
  [{ role: 'system', content: '' }],
  [{ role: 'user',
    content: Array.from({ length: 24 },
      () =>
        part({ picture: { mime: 'image/gif', data: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' } })) }, {
    role: 'assistant',
    content: 'So.',
  }],
  [{ role: 'assistant', content: 'I begin.' }],
  [{ role: 'system', content: 'a' }, { role: 'developer', content: 'b' }],
  [{ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }, { role: 'assistant', content: 'c' }],
  [{ role: 'assistant', content: null,
    tool_calls: [{ id: 'same', type: 'function', function: { name: 'f', arguments: '{}' } }] }, { role: 'tool',
    tool_call_id: 'same', content: 'r' }, { role: 'assistant', content: null,
    tool_calls: [{ id: 'same', type: 'function', function: { name: 'f', arguments: '{}' } }] }, { role: 'tool',
    tool_call_id: 'same', content: 'r' }],
  // Cursor's: Anthropic's blocks, parts of Responses, and missing ids.
  [{ role: 'assistant', content: [{ type: 'tool_use', id: 'tu_1', name: 'f', input: {} }] }, { role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 'tu_1', content: 'r' }, { type: 'text', text: 'and?',
      cache_control: { type: 'ephemeral' } }] }],
  [{ role: 'user', content: [{ type: 'input_text', text: 'a' }, { text: 'b' }] }, { role: 'assistant',
    content: [{ type: 'thinking', thinking: 'Hm.', signature: 'S' }, { type: 'text', text: 'So.' }] }],
  [{ role: 'assistant', content: null, tool_calls: [{ type: 'function', function: { name: 'f', arguments: '{}' } }] }, {
    role: 'tool',
    content: 'r',
  }],
]

function messages (given: readonly Round[], role: string): JsonObject[] {
  return given.flatMap((
    { system, user, reply, calls },
  ): JsonObject[] => [...system === null ? [] : [{ role, content: system }], { role: 'user', content: content(user) },
    ...reply === null && calls.length === 0
      ? []
      : [{ role: 'assistant', content: reply, ...calls.length > 0 ? { tool_calls: calls.map(call) } : {} }],
    ...calls.map(({ id, result }) => ({ role: 'tool', tool_call_id: id, content: words(result) }))]
  )
}

const tool = ({ name, description, schema }: ToolSketch): JsonObject => ({ type: 'function',
  function: { name, ...description === undefined ? {} : { description },
    ...Object.keys(schema).length === 0 ? {} : { parameters: schema } } })
const extraTool: Arb = fc.constantFrom<JsonObject>({ type: 'custom',
  custom: { name: 'patch', description: 'p',
    format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } } } }, { type: 'custom',
  custom: { name: 'free' } }, { name: 'bare', input_schema: { type: 'object', properties: {} } }, { name: 'untyped',
  description: 'd' }, { type: 'function', name: 'flat', parameters: {} }, { type: 'function',
  function: { name: 'strict', strict: true,
    parameters: { type: 'object', properties: {}, additionalProperties: false, required: [] } } })
const choice = (given: readonly ToolSketch[]): Arb<unknown> =>
  fc.oneof(fc.constantFrom<unknown>('auto', 'none', 'required', undefined),
    fc.constantFrom(...given).chain(({ name }) => {
      const one = { type: 'function', function: { name } }
      return fc.constantFrom<unknown>(one, { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [one] } })
    }))

export const chatRequests: Arb = tools.chain(given =>
  fc.record({
    messages: fc.tuple(rounds(given.map(each => each.name)), fc.constantFrom('system', 'developer'),
      fc.array(fc.constantFrom(...stretches), { maxLength: 1 })).map((
        [conversation, role, [extra = []]],
      ) => [...extra, ...messages(conversation, role)]),
    more: sparse({
      temperature: fc.constantFrom(0, 0.7, 1, 2),
      top_p: fc.constantFrom(0.1, 1),
      frequency_penalty: fc.constantFrom(0, 1),
      presence_penalty: fc.constantFrom(0, -1),
      seed: fc.nat(9),
      n: fc.constant(1),
      max_tokens: fc.constantFrom(64, 4_000, 200_000),
      stop: fc.oneof(stops, fc.constantFrom('END', '\n', null)),
      user: fc.constantFrom('u', 'u'.repeat(64)),
      metadata: fc.constant({ a: 'b' }),
      store: fc.boolean(),
      service_tier: fc.constantFrom('auto', 'default'),
      prompt_cache_key: fc.constant('k'),
      verbosity: fc.constantFrom('low', 'medium'),
      reasoning_effort: effort,
      parallel_tool_calls: fc.boolean(),
      logit_bias: fc.constant({}),
      max_completion_tokens: fc.constant(5_000),
      modalities: fc.constant(['text']),
      prediction: fc.constant({ type: 'content', content: 'x' }),
      stream_options: fc.constant(null),
      safety_identifier: fc.constant('s'),
      system: text,
      response_format: fc.oneof(fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
        outputSchema.map(schema => ({ type: 'json_schema', json_schema: { name: 'out', schema } }))),
    }),
    tools: fc.tuple(fc.constant(given.map(tool)), fc.array(extraTool, { maxLength: 1 })).map(([own, extra]) =>
      own.length === 0 ? own : [...own, ...extra]
    ),
    choice: given.length === 0 ? fc.constant(undefined) : choice(given),
  }).map(({ messages, more, tools, choice }) => {
    const { parallel_tool_calls: parallel, ...rest } = more
    const ofTools = tools.length === 0
      ? {}
      : { tools, ...choice === undefined ? {} : { tool_choice: choice },
        ...parallel === undefined ? {} : { parallel_tool_calls: parallel } }
    return { messages, ...rest, ...ofTools }
  })
)
