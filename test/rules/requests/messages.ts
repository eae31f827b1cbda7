// Valid requests of Messages clients.
import fc from 'fast-check'
import type { JsonObject } from '../../../src/json.ts'
import { outputSchema, rounds, sparse, stops, text, tools, type Arb, type Piece, type Round,
  type ToolSketch } from './common.ts'

const block = (piece: Piece): JsonObject =>
  'text' in piece
    ? { type: 'text', text: piece.text }
    : { type: 'image', source: { type: 'base64', media_type: piece.picture.mime, data: piece.picture.data } }
const content = (pieces: readonly Piece[]): unknown =>
  pieces.length === 1 && pieces[0] !== undefined && 'text' in pieces[0] ? pieces[0].text : pieces.map(block)

/** Rare blocks, as Anthropic's answers contain them and clients send them back. */
const stretches: ReadonlyArray<readonly JsonObject[]> = [[{ role: 'user', content: 'Look.' }, { role: 'assistant',
  content: [{ type: 'thinking', thinking: 'Hm.' }, { type: 'text', text: 'So.' }] }], [{ role: 'user',
  content: 'Look.' }, { role: 'assistant', content: [{ type: 'redacted_thinking' }, { type: 'text', text: 'So.' }] }], [
  { role: 'user',
    content: [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' }, title: 'a',
      citations: { enabled: true } }, { type: 'text', text: 'Look.' }] },
  { role: 'assistant', content: 'So.' },
], [{ role: 'user', content: 'Search.' }, {
  role: 'assistant',
  content: [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } }, {
    type: 'web_search_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: [{ type: 'web_search_result', url: 'https://example.org', title: 't', encrypted_content: 'E',
      page_age: null }],
  }, { type: 'text', text: 'found', citations: [] }],
}], [{ role: 'user',
  content: [{ type: 'search_result', source: 'https://example.org', title: 't',
    content: [{ type: 'text', text: 'words' }] }, { type: 'text', text: 'Look.',
    cache_control: { type: 'ephemeral', ttl: '1h' } }] }, { role: 'assistant',
  content: [{ type: 'text', text: 'So.', citations: null, parsed_output: null }] }], [{ role: 'user', content: 'Hi.' },
  { role: 'system', content: 'be brief' }, { role: 'assistant', content: 'So.' }], [{ role: 'user', content: 'Hi.' }, {
  role: 'system',
  content: [{ type: 'text', text: 'be brief' }],
}], [{ role: 'user',
  content: Array.from({ length: 24 },
    () =>
      block({ picture: { mime: 'image/gif', data: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' } })) }, {
  role: 'assistant',
  content: 'So.',
}], [{ role: 'user', content: 'Two.' }, { role: 'user', content: 'In a row.' }, { role: 'assistant', content: 'So.' }, {
  role: 'assistant',
  content: ' Again.',
}], [{ role: 'user', content: 'Go.' }, { role: 'assistant',
  content: [{ type: 'tool_use', id: 'same', name: 'f', input: {} }] }, { role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 'same', content: [] }] }, { role: 'assistant',
  content: [{ type: 'tool_use', id: 'same', name: 'f', input: {} }] }, { role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 'same' }] }], [{ role: 'user', content: 'Load.' }, { role: 'assistant',
  content: [{ type: 'tool_use', id: 'load_1', name: 'ToolSearch', input: {}, caller: { type: 'direct' } }] }, {
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 'load_1', content: [{ type: 'tool_reference', tool_name: 'f' }] }],
}, { role: 'assistant', content: 'So.' }]]

/** Roles alternate: results open the next user message. */
function messages (given: readonly Round[]): JsonObject[] {
  const out: Array<{ role: string, content: unknown }> = []
  let results: JsonObject[] = []
  for (const { user, reply, calls } of given) {
    out.push({ role: 'user', content: results.length === 0 ? content(user) : [...results, ...user.map(block)] })
    results = []
    if (reply === null && calls.length === 0) continue
    out.push({ role: 'assistant',
      content: [...reply === null ? [] : [{ type: 'text', text: reply }],
        ...calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }))] })
    results = calls.map(({ id, result, isError }) => ({ type: 'tool_result', tool_use_id: id,
      ...result.length === 0 ? {} : { content: content(result) }, ...isError ? { is_error: true } : {} })
    )
  }
  if (results.length > 0) out.push({ role: 'user', content: results })
  return out
}

const tool = ({ name, description, schema }: ToolSketch): JsonObject => ({ name,
  ...description === undefined ? {} : { description }, input_schema: schema })
const extraTool: Arb = fc.constantFrom<JsonObject>({ type: 'bash_20250124', name: 'bash' }, {
  type: 'text_editor_20250728',
  name: 'str_replace_based_edit_tool',
}, { name: 'eager', eager_input_streaming: true, input_schema: { type: 'object', properties: {} } }, { name: 'later',
  defer_loading: true, input_schema: { type: 'object', properties: {} } })
const choice = (given: readonly ToolSketch[]): Arb<unknown> =>
  fc.oneof(
    fc.constantFrom<unknown>({ type: 'auto' }, { type: 'none' }, { type: 'any', disable_parallel_tool_use: true },
      undefined),
    fc.constantFrom(...given).map(({ name }) => ({ type: 'tool', name })),
  )
const ephemeral = { type: 'ephemeral' }
const system = fc.oneof(text,
  fc.array(text, { minLength: 1, maxLength: 2 }).map(texts =>
    texts.map((each, at) => ({ type: 'text', text: each, ...at === 0 ? { cache_control: ephemeral } : {} }))
  ), fc.constantFrom<unknown>('', []))

/** Anthropic accepts one temperature with thinking, and no forced tool. */
function consistent (body: JsonObject): JsonObject {
  const { thinking, tool_choice: choice, temperature: _temperature, top_p: _p, top_k: _k, ...rest } = body
  const isThinking = thinking !== undefined && (thinking as JsonObject)['type'] !== 'disabled'
  if (!isThinking) return body
  const isForced = choice !== undefined && ['any', 'tool'].includes(String((choice as JsonObject)['type']))
  return { ...rest, thinking, ...choice === undefined || isForced ? {} : { tool_choice: choice } }
}

export const messagesRequests: Arb = tools.chain(given =>
  fc.record({
    messages: fc.tuple(rounds(given.map(each => each.name)), fc.array(fc.constantFrom(...stretches), { maxLength: 1 }))
      .map(([conversation, [extra = []]]) => [...extra, ...messages(conversation)]),
    max_tokens: fc.constantFrom(64, 5_000, 200_000),
    more: sparse({
      system,
      temperature: fc.constantFrom(0, 0.7, 1),
      top_p: fc.constantFrom(0.1, 1),
      top_k: fc.constantFrom(1, 40),
      stop_sequences: stops,
      metadata: fc.constant({ user_id: 'u' }),
      service_tier: fc.constant('auto'),
      thinking: fc.constantFrom<JsonObject>({ type: 'enabled', budget_tokens: 1_024 }, { type: 'adaptive' }, {
        type: 'disabled',
      }),
      cache_control: fc.constant(ephemeral),
      context_management: fc.constant({ edits: [{ type: 'clear_tool_uses_20250919' }] }),
      output_config: fc.oneof(fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max').map(effort => ({ effort })),
        outputSchema.map(schema => ({ format: { type: 'json_schema', schema } }))),
    }),
    tools: fc.constant(given.map(tool)),
    extra: fc.option(extraTool, { freq: 3 }),
    choice: given.length === 0 ? fc.constant(undefined) : choice(given),
  }).map(({ messages, max_tokens: most, more, tools, extra, choice }) => {
    const limit = more['thinking'] !== undefined && most < 1_025 ? 5_000 : most
    const ofTools = tools.length === 0
      ? {}
      : { tools: extra === null ? tools : [...tools, extra], ...choice === undefined ? {} : { tool_choice: choice } }
    return consistent({ max_tokens: limit, messages, ...more, ...ofTools })
  })
)
