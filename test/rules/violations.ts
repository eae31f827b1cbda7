// For every rule a body that breaks it, and a model that the rule applies to. The table test needs an entry for each
// row.
import type { Target } from '../../src/dialects/contract/dialect.ts'
import type { JsonObject } from '../../src/json.ts'

export interface Violation {
  readonly target: Target
  readonly body: JsonObject
  /** For a learned rule: the keys that turn it on. */
  readonly learned?: readonly string[]
  /** The rule refuses and fixes nothing. */
  readonly refuses?: true
  /** A refusal that the rule answers. */
  readonly refusal?: string
}

export function target (id: string, more: Partial<Target> = {}): Target {
  const family = id.startsWith('claude')
    ? 'claude'
    : id.startsWith('gemini')
    ? 'gemini'
    : /^(?:gpt|o\d)/.test(id)
    ? 'openai'
    : 'other'
  return {
    id,
    family,
    isListed: true,
    streams: true,
    stream: true,
    efforts: [],
    thinkingBudget: null,
    maxOutputTokens: 16_000,
    maxNonStreamingOutputTokens: null,
    supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: false },
    entry: null,
    ...more,
  }
}
const gpt41 = target('gpt-4.1')
const gpt5 = target('gpt-5.1', { efforts: ['low', 'high'] })
const sonnet = target('claude-sonnet-4.5')
const opus = target('claude-opus-4.8', { efforts: ['low', 'high'],
  supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: true } })
const gemini = target('gemini-2.5-pro')
const noTools = (of: Target): Target => ({ ...of, supports: { ...of.supports, tools: false } })
const unformatted = (of: Target): Target => ({ ...of, supports: { ...of.supports, structuredOutputs: false } })
const small = (of: Target): Target => ({ ...of,
  entry: { id: of.id, capabilities: { limits: { vision: { max_prompt_image_size: 4 } } } } })

const png = 'iVBORw0KGgoAAAANSUhEUgAA'
const user = { role: 'user', content: 'hi' }
const assistant = { role: 'assistant', content: 'so' }
const many = (count: number, make: (at: number) => unknown) => Array.from({ length: count }, (_, at) => make(at))
const schemas: Readonly<Record<string, readonly [Target, JsonObject]>> = {
  'draft7': [gpt41, { type: 'object', properties: { a: { type: 'text' }, b: { type: 'string', required: true } } }],
  'root': [gpt41, { oneOf: [{ type: 'object', properties: { a: {} } }] }],
  'items-list': [gpt41, { type: 'object', properties: { a: { type: 'array', items: [{ type: 'string' }] } } }],
  'items': [gpt41, { type: 'object', properties: { a: { type: ['array', 'null'] } } }],
  'object-properties': [gpt5, { type: 'object', properties: { a: { type: 'object' } } }],
  'required': [gpt41, { type: 'object', properties: { a: {} }, required: ['a', 'ghost'] }],
  'types': [gemini, { type: 'object', properties: { a: { type: ['string', 'integer', 'null'] } },
    $defs: { b: { type: ['object', 'null'] } } }],
  'enum': [gemini, { type: 'object', properties: { a: { type: 'integer', enum: [1, 2] } } }],
  'description-length': [gpt41, { type: 'object', properties: { a: { description: 'x'.repeat(2_000) } } }],
  'keywords': [gpt41, { type: 'object', properties: { a: { type: 'string', minLength: 2 } } }],
}

interface Shape {
  readonly body: (more?: JsonObject) => JsonObject
  readonly tool: (name: string, schema?: JsonObject) => JsonObject
  readonly call: (id: string) => JsonObject
  readonly result: (id: string) => JsonObject
  readonly history: (items: readonly JsonObject[]) => JsonObject
  readonly image: (mime: string) => JsonObject
}
const chat: Shape = {
  body: more => ({ messages: [user], ...more }),
  tool: (name, parameters = { type: 'object', properties: {} }) => ({ type: 'function',
    function: { name, parameters } }),
  call: id => ({ role: 'assistant', content: null,
    tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }] }),
  result: id => ({ role: 'tool', tool_call_id: id, name: 'f', content: 'r' }),
  history: items => ({ messages: [user, ...items] }),
  image: mime => ({ type: 'image_url', image_url: { url: `data:${mime};base64,${png}` } }),
}
const responses: Shape = {
  body: more => ({ input: 'hi', ...more }),
  tool: (name, parameters = { type: 'object', properties: {} }) => ({ type: 'function', name, parameters,
    strict: false }),
  call: id => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' }),
  result: id => ({ type: 'function_call_output', call_id: id, output: 'r' }),
  history: items => ({ input: [{ role: 'user', content: 'hi' }, ...items] }),
  image: mime => ({ type: 'input_image', image_url: `data:${mime};base64,${png}` }),
}
const messages: Shape = {
  body: more => ({ max_tokens: 100, messages: [user], ...more }),
  tool: (name, schema = { type: 'object', properties: {} }) => ({ name, input_schema: schema }),
  call: id => ({ role: 'assistant', content: [{ type: 'tool_use', id, name: 'f', input: {} }] }),
  result: id => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'r' }] }),
  history: items => ({ max_tokens: 100, messages: [user, ...items] }),
  image: mime => ({ type: 'image', source: { type: 'base64', media_type: mime, data: png } }),
}

/** A tool with an empty description, wherever the dialect has it. */
const described = (tool: JsonObject): JsonObject =>
  'function' in tool
    ? { ...tool, function: { ...tool['function'] as JsonObject, description: '' } }
    : { ...tool, description: '' }

/** Rules that every endpoint has. */
function shared (prefix: string, { body, tool, call, result, history, image }: Shape): Record<string, Violation> {
  const of = (name: string, violation: Violation): Record<string, Violation> => ({ [`${prefix}-${name}`]: violation })
  const shown = (mime: string): JsonObject => ({ role: 'user', content: [image(mime)] })
  return {
    ...of('surrogates', { target: gpt41, body: body({ prompt: { deep: ['cut \ud83d'] } }),
      refusal: 'The request body is not valid JSON: no low surrogate in string: line 1' }),
    ...of('tools-none', { target: noTools(gpt41), body: body({ tools: [tool('f')] }) }),
    ...(prefix === 'messages'
      ? of('tool-count', { target: opus, body: body({ tools: many(129, at => tool(`f${at}`)) }),
        learned: ['messages-tool-count'], refuses: true })
      : { ...of('tool-count', { target: gpt5, body: body({ tools: many(129, at => tool(`f${at}`)) }), refuses: true }),
        ...of('parallel-calls', { target: target('o3-mini'),
          body: body({ parallel_tool_calls: false, tools: [tool('f')] }) }) }),
    ...of('tool-duplicates', { target: gpt41, body: body({ tools: [tool('f'), tool('f')] }) }),
    ...of('tool-description', { target: gpt41, body: body({ tools: [described(tool('f'))] }),
      refusal:
        "Invalid 'tools[0].function.description': empty string. Expected a string with minimum length 1, but got "
        + 'an empty string instead.' }),
    ...of('tool-names', { target: sonnet, body: body({ tools: [tool('a b')] }) }),
    ...of('tool-choice', { target: gpt41,
      body: body({ tools: [tool('f')], tool_choice: { type: 'function', name: 'gone' } }) }),
    ...of('call-ids', { target: sonnet,
      body: history([call('a:1'), result('a:1'), call('b'), result('b'), call('b'), result('b')]) }),
    ...Object.assign({},
      ...Object.entries(schemas).map(([name, [model, schema]]) =>
        of(`schema-${name}`, { target: model, body: body({ tools: [tool('f', schema)] }) })
      )) as Record<string, Violation>,
    ...of('image-types', { target: sonnet, body: history([shown('image/tiff')]), refuses: true }),
    ...of('image-bytes', { target: small(sonnet), body: history([shown('image/png'), assistant, user]) }),
    ...of('image-pixels', { target: sonnet, body: history([shown('image/png'), assistant, user]),
      learned: [`${prefix}-image-pixels`],
      refusal:
        'messages.38.content.1.image.source.base64.data: At least one of the image dimensions exceed max allowed '
        + 'size for many-image requests: 2000 pixels' }),
    ...of('named-field', { target: sonnet, body: body({ extra: 1, tools: [{ ...tool('f'), eager: true }] }),
      learned: [`${prefix}-named-field=extra`, `${prefix}-named-field=tools.7.custom.eager`],
      refusal: 'tools.0.custom.eager: Extra inputs are not permitted' }),
  }
}

const images = (make: Shape, count: number): JsonObject =>
  make.history([{ role: 'user', content: many(count, () => make.image('image/png')) }, assistant, user])
const thought = { type: 'thinking', thinking: '', signature: 's' }
const used = { type: 'tool_use', id: 't', name: 'f', input: {} }
const answered = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'r' }] }
const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'E' }
const output = (schema: JsonObject) => ({ output_config: { format: { type: 'json_schema', schema } } })
const format = (schema: JsonObject) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema } },
})
const open = { type: 'object', properties: {} }
const marked = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }
const bounded = { type: 'object',
  properties: { n: { type: 'integer', minimum: 1 }, l: { type: 'array', items: {}, minItems: 2 } },
  additionalProperties: false }

export const violations: Readonly<Record<string, Violation>> = {
  ...shared('chat', chat),
  ...shared('responses', responses),
  ...shared('messages', messages),
  'chat-tools-empty': { target: gpt41, body: chat.body({ tools: [], tool_choice: 'auto' }),
    refusal: 'tools: array must not be empty' },
  'chat-tools-history': { target: sonnet, body: chat.history([chat.call('c'), chat.result('c')]),
    refusal: 'Requests which include `tool_use` or `tool_result` blocks must define tools' },
  'chat-fields-account': { target: gpt41, body: chat.body({ service_tier: 'flex', store: false }) },
  'chat-fields-openai': { target: sonnet, body: chat.body({ seed: 1 }) },
  'chat-verbosity': { target: gpt41, body: chat.body({ verbosity: 'low' }) },
  'chat-user-length': { target: gpt41, body: chat.body({ user: 'u'.repeat(65) }) },
  'chat-tools-strict': { target: gemini,
    body: chat.body({ tools: [{ type: 'function', function: { name: 'f', strict: true, parameters: open } }] }) },
  'chat-roles-system': { target: target('o1'),
    body: chat.body({ messages: [{ role: 'system', content: 's' }, user] }) },
  'chat-roles-developer': { target: sonnet,
    body: chat.body({ messages: [{ role: 'developer', content: 's' }, user] }) },
  'chat-system-turns': { target: sonnet, body: chat.history([{ role: 'system', content: 's' }]) },
  'chat-content-empty': { target: sonnet, body: chat.history([{ role: 'assistant', content: ' ' }, user]),
    refusal: 'messages.1: all messages must have non-empty content' },
  'chat-output-tool': { target: unformatted(sonnet), body: chat.body(format(open)) },
  'messages-output-tool': { target: unformatted(sonnet), body: messages.body(output(open)) },
  'chat-output-json': { target: sonnet, body: chat.body({ response_format: { type: 'json_object' } }) },
  'chat-output-schema': { target: unformatted(sonnet), body: chat.body(format(open)) },
  'chat-thinking-budget': { target: { ...sonnet, thinkingBudget: { min: 1_024, max: 8_000 } },
    body: chat.body({ thinking_budget: 100_000, max_tokens: 4_000 }) },
  'chat-call-type': { target: gpt41,
    body: chat.history([{ role: 'assistant',
      tool_calls: [{ id: 'c', type: null, function: { name: 'f', arguments: '{}' } }] }, chat.result('c')]) },
  'chat-result-names': { target: gemini,
    body: chat.history([{ role: 'assistant',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] }, { role: 'tool',
      tool_call_id: 'c', content: 'r' }]), refusal: 'Tool name is required for Gemini requests' },
  'chat-result-media': { target: gpt41,
    body: chat.history([chat.call('c'), { ...chat.result('c'), content: [chat.image('image/png')] }]),
    refusal: "Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user', but this message with "
      + "role 'tool' contains an image URL." },
  'chat-call-ids-kimi': { target: target('kimi-k2'),
    body: chat.history([chat.call('a'), chat.result('a'), chat.call('b'), chat.result('b')]) },
  'chat-choices': { target: sonnet, body: chat.body({ n: 2 }), refuses: true },
  'chat-logprobs': { target: gemini, body: chat.body({ logprobs: true, top_logprobs: 2 }),
    refusal: "'logprobs' is not supported with this model." },
  'responses-logprobs': { target: gpt5, body: responses.body({ logprobs: true }) },
  'chat-call-count': { target: gpt41,
    body: chat.history([{ role: 'assistant',
      tool_calls: many(130, at => ({ id: `c${at}`, type: 'function', function: { name: 'f', arguments: '{}' } })) },
      ...many(130, at => chat.result(`c${at}`)) as JsonObject[]]) },
  'chat-max-tokens-name': { target: gpt5, body: chat.body({ max_tokens: 5 }) },
  'chat-max-tokens': { target: gpt41, body: chat.body({ max_tokens: 20_000 }),
    refusal:
      'max_tokens is too large: 6000. This model supports at most 4096 completion tokens, whereas you provided 6000.' },
  'chat-effort': { target: sonnet, body: chat.body({ reasoning_effort: 'high' }) },
  'chat-effort-refused': { target: gpt5, body: chat.body({ reasoning_effort: 'high' }),
    learned: ['chat-effort-refused=high'],
    refusal: 'reasoning_effort "high" was provided, but model claude-haiku-4.5 does not support reasoning effort' },
  'chat-sampling-kimi': { target: target('kimi-k2'), body: chat.body({ temperature: 0 }) },
  'chat-sampling-fixed': { target: gpt5, body: chat.body({ temperature: 0.5 }) },
  'chat-sampling-thinking': { target: sonnet, body: chat.body({ thinking_budget: 2_000, temperature: 0.5 }) },
  'chat-sampling-none': { target: opus, body: chat.body({ temperature: 0.5 }),
    refusal: '`temperature` is deprecated for this model.' },
  'chat-temperature-range': { target: sonnet, body: chat.body({ temperature: 1.5 }) },
  'chat-sampling-one': { target: sonnet, body: chat.body({ temperature: 0.5, top_p: 0.5 }),
    refusal: 'temperature and top_p cannot both be specified for this model. Please use only one.' },
  'chat-stops-none': { target: target('o3'), body: chat.body({ stop: 'x' }) },
  'chat-stops-blank': { target: sonnet, body: chat.body({ stop: ['\n', 'END'] }) },
  'chat-stops-count': { target: gpt41, body: chat.body({ stop: ['a', 'b', 'c', 'd', 'e'] }) },
  'chat-output-closed': { target: sonnet, body: chat.body(format(open)) },
  'chat-output-bounds': { target: sonnet, body: chat.body(format(bounded)) },
  'chat-image-count': { target: gemini, body: images(chat, 11) },
  'chat-cache-marks': { target: sonnet,
    body: { messages: many(5, () => ({ ...user, copilot_cache_control: { type: 'ephemeral' } })) } },
  'chat-last-turn': { target: opus, body: chat.history([assistant]) },
  'chat-last-text': { target: target('claude-sonnet-4'), body: chat.history([{ role: 'assistant', content: 'so ' }]) },
  'responses-item-ids': { target: gpt5,
    body: responses.history([{ ...responses.call('c'), id: 'fc_1' }, responses.result('c')]) },
  'responses-reasoning-items': { target: gpt5,
    body: responses.history([{ type: 'reasoning', id: 'msg_1', summary: [], encrypted_content: 'E' },
      responses.call('c'), responses.result('c')]) },
  'responses-reasoning-ids': { target: gpt5,
    body: responses.history([{ type: 'reasoning', id: `rs${'x'.repeat(398)}`, summary: [], encrypted_content: 'E' }]),
    learned: ['responses-reasoning-ids'],
    refusal: "Invalid 'input[1].id': 'rsxx'. Expected an ID that begins with 'rs'." },
  'responses-reasoning-content': { target: gpt5,
    body: responses.history([{ ...reasoning, content: [{ type: 'reasoning_text', text: 'x' }] }]) },
  'responses-foreign-state': { target: gpt5,
    body: responses.history([reasoning, { type: 'compaction', encrypted_content: 'gAAAAx' }, {
      type: 'function_call_output',
      call_id: 'c',
      output: [{ type: 'encrypted_content', encrypted_content: 'gAAAAy' }],
    }]), learned: ['responses-foreign-state'],
    refusal: 'The encrypted content for item cmp_1 could not be verified. Reason: Encrypted content could not be '
      + 'decrypted or parsed.' },
  'responses-encrypted-items': { target: gpt5, body: responses.history([reasoning]),
    learned: ['responses-encrypted-items'], refusal: 'input item ID does not belong to this connection' },
  'responses-fields-null': { target: gpt5, body: responses.body({ temperature: null }) },
  'responses-fields-account': { target: gpt5, body: responses.body({ service_tier: 'flex', metadata: {} }),
    refusal: "Unsupported parameter: 'service_tier' is not supported with this model." },
  'responses-fields-state': { target: gpt5, body: responses.body({ background: false }) },
  'responses-store': { target: gpt5, body: responses.body({ store: true }) },
  'responses-include': { target: gpt5, body: responses.body({ include: ['web_search_call.results'] }) },
  'responses-include-refused': {
    target: gpt5,
    body: responses.body({ include: ['reasoning.encrypted_content', 'message.output_text.logprobs'], top_logprobs: 2 }),
    learned: ['responses-include-refused=message.output_text.logprobs'],
    refusal: "Invalid value: 'message.output_text.logprobs' in 'include'.",
  },
  'responses-reasoning-fields': { target: gpt5,
    body: responses.body({ reasoning: { effort: 'low', context: 'all_turns' } }) },
  'responses-verbosity': { target: gpt41, body: responses.body({ text: { verbosity: 'low' } }) },
  'responses-parts': { target: gpt5,
    body: responses.history([{ type: 'message', role: 'assistant', content: [{ type: 'input_text', text: 'so' }] }]) },
  'responses-output-media': {
    target: gpt5,
    body: responses.history([responses.call('c'), { ...responses.result('c'),
      output: [responses.image('image/png')] }]),
    learned: ['responses-output-media'],
    refusal: "Invalid type for 'input[2].output': expected a string, but got an array instead.",
  },
  'responses-server-tools': { target: gpt5,
    body: responses.body({ tools: [responses.tool('f'), { type: 'image_generation' }] }) },
  'responses-web-search': { target: gpt5,
    body: responses.body({ tools: [responses.tool('f'), { type: 'web_search' }] }), learned: ['responses-web-search'],
    refusal: 'The use of the web search tool is not supported.' },
  'responses-search-name': { target: gpt5, body: responses.body({ tools: [{ type: 'web_search_preview' }] }) },
  'responses-search-effort': { target: target('gpt-5-mini', { efforts: ['minimal', 'low'] }),
    body: responses.body({ tools: [{ type: 'web_search' }], reasoning: { effort: 'minimal' } }),
    refusal: "The following tools cannot be used with reasoning.effort 'minimal': web_search." },
  'responses-tool-fields': { target: gpt5,
    body: responses.body({ tools: [{ ...responses.tool('f'), output_schema: {} }] }) },
  'responses-tools-empty': { target: gpt5, body: responses.body({ tools: [], tool_choice: 'auto' }) },
  'responses-namespace-description': { target: gpt5,
    body: responses.body({ tools: [{ type: 'namespace', name: 'n', description: '', tools: [] }] }) },
  'responses-max-tokens': { target: gpt5, body: responses.body({ max_output_tokens: 1 }) },
  'responses-reasoning-none': { target: gpt41, body: responses.body({ reasoning: { effort: 'low' } }) },
  'responses-effort': { target: gpt5, body: responses.body({ reasoning: { effort: 'xhigh' } }) },
  'responses-effort-refused': { target: gpt5, body: responses.body({ reasoning: { effort: 'high' } }),
    learned: ['responses-effort-refused=high'],
    refusal: "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model." },
  'responses-sampling-fixed': { target: gpt5, body: responses.body({ temperature: 0.5 }) },
  'messages-fields': { target: sonnet, body: messages.body({ inference_geo: 'eu', top_k: null }) },
  'messages-metadata': { target: sonnet, body: messages.body({ metadata: { user_id: 'u', more: 1 } }) },
  'messages-max-tokens-missing': { target: sonnet, body: { messages: [user] }, refusal: 'max_tokens: Field required' },
  'messages-output-config': { target: opus,
    body: messages.body({ output_config: { effort: 'low', task_budget: {} } }) },
  'messages-tool-fields': { target: sonnet,
    body: messages.body({ tools: [{ ...messages.tool('f'), eager_input_streaming: true }] }) },
  'messages-schema-dialect': { target: sonnet,
    body: messages.body({ tools: [messages.tool('f', { $schema: 's', ...open })] }) },
  'messages-tools-empty': { target: sonnet, body: messages.body({ tools: [], tool_choice: { type: 'auto' } }) },
  'messages-tools-history': { target: sonnet, body: messages.history([messages.call('c'), messages.result('c')]),
    refusal: 'Requests which include `tool_use` or `tool_result` blocks must define tools' },
  'messages-content-empty': { target: sonnet,
    body: messages.history([{ role: 'assistant', content: [{ type: 'text', text: ' ' }] }, user]),
    refusal: 'messages: text content blocks must be non-empty' },
  'messages-system-turns': { target: sonnet, body: messages.history([{ role: 'system', content: 'n' }]),
    refusal: "role 'system' is not supported on this model" },
  'messages-output-schema': { target: unformatted(sonnet), body: messages.body(output(open)),
    refusal: 'output_config.format: Extra inputs are not permitted' },
  'messages-context-edits': { target: sonnet,
    body: messages.body({ context_management: { edits: [{ type: 'compact_20260112' }] } }) },
  'messages-cache-top': { target: sonnet, body: messages.body({ cache_control: marked.cache_control }),
    refusal: 'cache_control: Extra inputs are not permitted' },
  'messages-cache-form': { target: sonnet,
    body: messages.body({ system: [{ ...marked, cache_control: { type: 'ephemeral', ttl: '1h' } }] }),
    refusal: 'system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted' },
  'messages-cache-count': { target: sonnet,
    body: messages.body({ system: many(5, at => ({ ...marked, text: String(at) })) }),
    refusal: 'A maximum of 4 blocks with cache_control may be provided. Found 5.' },
  'messages-thinking-kind': { target: sonnet, body: messages.body({ thinking: { type: 'adaptive' } }),
    refusal: 'adaptive thinking is not supported on this model' },
  'messages-thinking-unsigned': { target: sonnet,
    body: messages.history([{ role: 'assistant',
      content: [{ type: 'thinking', thinking: 'x' }, { type: 'text', text: 'y' }] }, user]) },
  'messages-thinking-empty': { target: sonnet,
    body: messages.history([{ role: 'assistant', content: [thought, { type: 'text', text: 'y' }] }, user]),
    refusal: 'messages.1.content.0.thinking: each thinking block must contain thinking' },
  'messages-thinking-sets': {
    target: sonnet,
    learned: ['messages-thinking-sets'],
    body: messages.history([{ role: 'assistant',
      content: [{ ...thought, thinking: 'a' }, used, { ...thought, thinking: 'b' }, { ...used, id: 'u' }] }, answered]),
  },
  'messages-thinking-adaptive': { target: opus,
    body: messages.body({ thinking: { type: 'enabled', budget_tokens: 2_000 } }),
    refusal: '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"' },
  'messages-thinking-lacking': { target: sonnet,
    body: { ...messages.history([{ role: 'assistant', content: [used] }, answered]),
      thinking: { type: 'enabled', budget_tokens: 2_000 } } },
  'messages-thinking-forced': { target: sonnet,
    body: messages.body({ thinking: { type: 'adaptive' }, tools: [messages.tool('f')], tool_choice: { type: 'any' } }),
    refusal: 'Thinking may not be enabled when tool_choice forces tool use.' },
  'messages-max-tokens': { target: sonnet, body: messages.body({ max_tokens: 20_000 }),
    refusal: 'max_tokens: 17000 > 8192, which is the maximum allowed number of output tokens for M' },
  'messages-effort': { target: opus, body: messages.body({ output_config: { effort: 'max' } }) },
  'messages-effort-refused': { target: opus, body: messages.body({ output_config: { effort: 'high' } }),
    learned: ['messages-effort-refused=high'],
    refusal: 'output_config.effort "high" was provided, but model claude-haiku-4.5 does not support reasoning effort' },
  'messages-sampling-none': { target: opus, body: messages.body({ temperature: 0.5 }),
    refusal: 'temperature is deprecated for this model.' },
  'messages-temperature-range': { target: sonnet, body: messages.body({ temperature: 2 }) },
  'messages-sampling-thinking': { target: sonnet,
    body: messages.body({ thinking: { type: 'enabled', budget_tokens: 2_000 }, top_k: 3 }) },
  'messages-sampling-one': { target: sonnet, body: messages.body({ temperature: 0.5, top_p: 0.5 }) },
  'messages-stops-blank': { target: sonnet, body: messages.body({ stop_sequences: ['\n'] }),
    refusal: 'stop_sequences: each stop sequence must contain non-whitespace' },
  'messages-output-closed': { target: sonnet, body: messages.body(output(open)) },
  'messages-output-bounds': { target: sonnet, body: messages.body(output(bounded)) },
  'messages-context-management': { target: target('claude-opus-5'),
    body: messages.body({ context_management: { edits: [] } }) },
  'messages-image-count': { target: sonnet, body: images(messages, 21) },
  'messages-last-turn': { target: opus, body: messages.history([assistant]),
    refusal: 'This model does not support assistant message prefill. The conversation must end with a user message.' },
  'messages-last-text': { target: target('claude-sonnet-4'),
    body: messages.history([{ role: 'assistant', content: [{ type: 'text', text: 'so ' }] }]) },
}
