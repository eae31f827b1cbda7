// Cases of the rules about tools, calls, thinking, cache markers and items.
import { C, M, R, chat, chatRound, chatTool, claudeTool, flatTool, messages, messagesRound, pair, picture, responses,
  responsesRound, schema, seeing, user } from './table-kit.ts'
import type { Case } from './table-kit.ts'

const gpt = chat('gpt-4.1')
const gemini = chat('gemini-2.5-pro')
const codexId = 'gpt-5.1'
const codex = responses(codexId)
const searchRefusal = 'The use of the web search tool is not supported.'
const old = messages('claude-sonnet-4')
const many = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index))
const tools = (...list: unknown[]) => ({ tools: list })
const long = 'a'.repeat(65)
const patternOf = (at: string, pattern: string) =>
  `Invalid '${at}': string does not match pattern. Expected a string that matches the pattern '${pattern}'.`
const lengthOf = (at: string, most: number, length: number) =>
  `Invalid '${at}': string too long. Expected a string with maximum length ${most}, but got a string with length `
  + `${length} instead.`
const arrayOf = (at: string) =>
  `Invalid '${at}': array too long. Expected an array with maximum length 128, but got an array with length 129 `
  + `instead.`
const claudePattern = "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"
const thinking = { thinking: { type: 'enabled', budget_tokens: 1024 } }
const withProperty = (a: object) => ({ ...schema, properties: { a } })
const calls = (
  length: number,
) => [user, { role: 'assistant', content: null,
  tool_calls: many(length,
    index => ({ id: `c${index}`, type: 'function', function: { name: 'f', arguments: '{}' } })) },
  ...many(length, index => ({ role: 'tool', tool_call_id: `c${index}`, content: 'x' }))]
const marked = (control: object = { type: 'ephemeral' }) => ({ type: 'text', text: 'x', cache_control: control })
const reasoning = (more: object) => ({
  input: [user, { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA', ...more }],
})
const thought = (
  more: object,
) => [user, { role: 'assistant',
  content: [{ type: 'thinking', thinking: 'hm', signature: 'EqQ', ...more }, { type: 'text', text: 'I' }] }, user]
const words = (id: string) => ({
  input: [user, { type: 'message', role: 'assistant', id, content: [{ type: 'output_text', text: 'I' }] }, user],
})
const reference =
  "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false. Try again with `store` set "
  + 'to true, or remove this item from your input.'
const foreign = { strict: { reasoningOrigin: false } }
const round = { tools: [claudeTool()] }

export const toolCases: Record<string, Case> = {
  'tool-count': pair(C, gpt, tools(...many(129, index => chatTool(schema, `f${index}`))),
    tools(...many(128, index => chatTool(schema, `f${index}`))), arrayOf('tools')),
  'tool-count-messages': pair(M, old, tools(...many(129, index => claudeTool(schema, `f${index}`))),
    tools(claudeTool()), 'tools: List should have at most 128 items after validation, not 129'),
  'call-count': pair(C, gpt, { messages: calls(129) }, { messages: calls(128) }, arrayOf('messages[1].tool_calls')),
  'tools-unsupported': pair(C, chat('emulated-mute'), tools(chatTool()), {},
    "'tools' is not supported with this model."),
  'tool-shape-chat': pair(C, gpt, tools({ name: 'f', input_schema: schema }), tools(chatTool()),
    "Missing required parameter: 'tools[0].function'."),
  'tool-type-responses': pair(R, codex, tools({ type: 'image_generation' }), tools(flatTool(), { type: 'web_search' }),
    'Unsupported tool type: image_generation'),
  'web-search-responses': pair(R, codex, tools({ type: 'web_search' }), tools(flatTool()), searchRefusal),
  'web-search-models': { ...pair(R, codex, tools({ type: 'web_search' }), tools(flatTool()), searchRefusal),
    strict: { searchless: [codexId] } },
  'web-search-preview': pair(R, codex, tools({ type: 'web_search_preview' }), tools({ type: 'web_search' }),
    `Hosted tool 'web_search_preview' is not supported with ${codexId}.`),
  'web-search-effort': {
    ...pair(R, responses('gpt-5-mini'), { reasoning: { effort: 'minimal' }, tools: [{ type: 'web_search' }] }, {
      reasoning: { effort: 'low' },
      tools: [{ type: 'web_search' }],
    }, "The following tools cannot be used with reasoning.effort 'minimal': web_search."),
    strict: { efforts: false },
  },
  'include-values': { ...pair(R, codex, { include: ['web_search_call.action.sources'] }, {
    include: ['reasoning.encrypted_content'],
  }, "Invalid value: 'web_search_call.action.sources' in 'include'."),
    strict: { refusedIncludes: ['web_search_call.action.sources'] } },
  'namespace-description': pair(R, codex, {
    input: [{ type: 'additional_tools', tools: [{ type: 'namespace', name: 'n', description: '', tools: [] }] }, user],
  }, {
    input: [{ type: 'additional_tools', tools: [{ type: 'namespace', name: 'n', description: 'N', tools: [] }] }, user],
  },
    "[StringParam] [input[0].tools[0].description] [empty_string] Invalid 'input[0].tools[0].description': empty "
      + 'string. Expected a string with minimum length 1, but got an empty string instead.'),
  'tool-type-messages': pair(M, old, tools({ type: 'web_search_20250305', name: 'web_search' }), tools(claudeTool()),
    "tools.0: Input tag 'web_search_20250305' found using 'type' does not match any of the expected tags"),
  'tool-fields-messages': pair(M, messages('claude-haiku-4.5'), tools({ ...claudeTool(), eager_input_streaming: true }),
    tools(claudeTool()), 'tools.0.custom.eager_input_streaming: Extra inputs are not permitted'),

  'tool-name-chat': pair(C, gpt, tools(chatTool(schema, 'a/b')), tools(chatTool(schema, 'a.b')),
    patternOf('tools[0].function.name', '^[a-zA-Z0-9_\\.-]+$')),
  'tool-name-claude': pair(M, old, tools(claudeTool(schema, 'a.b')), tools(claudeTool(schema, 'a'.repeat(128))),
    `tools.0.custom.name: ${claudePattern}`),
  'tool-name-responses': pair(R, codex, tools(flatTool(schema, 'a.b')), tools(flatTool(schema, 'a-b')),
    patternOf('tools[0].name', '^[a-zA-Z0-9_-]+$')),
  'tool-name-length': pair(C, gpt, tools(chatTool(schema, long)), tools(chatTool(schema, long.slice(1))),
    lengthOf('tools[0].function.name', 64, 65)),
  'tool-name-bedrock': pair(M, old, tools(claudeTool(schema, long)), tools(claudeTool(schema, long.slice(1))),
    `1 validation error detected: Value '${long}' at 'toolConfig.tools.0.member.toolSpec.name' failed to satisfy `
      + `constraint: Member must have length less than or equal to 64`, { strict: { backends: ['bedrock'] } }),
  'tool-name-reserved': pair(R, codex, tools(flatTool(schema, 'tool_search')), tools(flatTool(schema, 'tool_search_2')),
    "Invalid 'tools[0].name': 'tool_search' is a reserved name."),
  'tool-name-gemini': pair(C, gemini, { messages: chatRound({}, { name: undefined }) }, { messages: chatRound() },
    'Tool name is required for Gemini requests', { strict: { geminiResultNames: true } }),
  'tool-name-history': pair(C, gpt, { messages: chatRound({}, {}, 'a/b') }, { messages: chatRound() },
    patternOf('messages[1].tool_calls[0].function.name', '^[a-zA-Z0-9_\\.-]+$')),

  'schema-properties': pair(C, gpt, tools(chatTool({ type: 'object' })),
    tools(chatTool({ type: 'object', properties: {} })),
    "Invalid schema for function 'f': In context=(), object schema missing properties."),
  'schema-properties-nested': pair(R, codex, tools(flatTool(withProperty({ type: 'object' }))),
    tools(flatTool(withProperty({ type: 'object', properties: {} }))),
    "Invalid schema for function 'f': In context=('properties', 'a'), object schema missing properties."),
  'schema-root-openai': pair(C, gpt, tools(chatTool({ ...schema, anyOf: [{ required: ['a'] }] })),
    tools(chatTool(withProperty({ anyOf: [{ type: 'string' }, { type: 'number' }] }))),
    "Invalid schema for function 'f': schema must have type 'object' and not have "
      + "'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."),
  'schema-root-claude': pair(M, old, tools(claudeTool({ ...schema, oneOf: [{ required: ['a'] }] })),
    tools(claudeTool()),
    'tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level'),
  'schema-items-openai': pair(C, gpt, tools(chatTool(withProperty({ type: 'array' }))),
    tools(chatTool(withProperty({ type: 'array', items: {} }))),
    "Invalid schema for function 'f': In context=('properties', 'a'), array schema missing items."),
  'schema-tuple': pair(M, old, tools(claudeTool(withProperty({ type: 'array', items: [{ type: 'string' }] }))),
    tools(claudeTool(withProperty({ type: 'array', items: { type: 'string' } }))),
    'tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 '
      + '(https://json-schema.org/draft/2020-12). Learn more about tool use at '
      + 'https://docs.claude.com/en/docs/tool-use.'),
  'schema-dollar': pair(M, old, tools(claudeTool({ ...schema, $schema: 'x' })),
    tools(claudeTool({ ...schema, $defs: {} })), 'tools.0.custom.input_schema.$schema: Extra inputs are not permitted'),
  'schema-type-claude': pair(M, old, tools(claudeTool({ properties: {} })), tools(claudeTool({ type: 'object' })),
    'tools.0.custom.input_schema.type: Field required'),
  'schema-union-gemini': pair(C, gemini,
    tools(chatTool(withProperty({ type: 'array', items: { type: ['object', 'null'] } }))),
    tools(chatTool(withProperty({ type: 'array', items: { type: 'object', nullable: true } }))), ''),
  'schema-enum-gemini': pair(C, gemini, tools(chatTool(withProperty({ type: 'integer', enum: [1, 2] }))),
    tools(chatTool(withProperty({ type: 'string', enum: ['1', '2'] }))), ''),
  'schema-required-gemini': pair(C, gemini, tools(chatTool({ ...schema, required: ['ghost'] })), tools(chatTool()), ''),

  'call-id-length-chat': pair(C, gpt, { messages: chatRound({ id: 'c'.repeat(41) }, { tool_call_id: 'c'.repeat(41) }) },
    { messages: chatRound({ id: 'c'.repeat(40) }, { tool_call_id: 'c'.repeat(40) }) },
    lengthOf('messages[1].tool_calls[0].id', 40, 41)),
  'call-id-length-responses': pair(R, codex, { input: responsesRound({ call_id: long }, { call_id: long }) }, {
    input: responsesRound(),
  }, lengthOf('input[1].call_id', 64, 65)),
  'call-id-claude': pair(M, old, { ...round, messages: messagesRound({ id: 't:1' }, { tool_use_id: 't:1' }) }, {
    ...round,
    messages: messagesRound(),
  }, "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"),
  'call-id-twice-claude': pair(M, old, { ...round,
    messages: messagesRound({}, {}, [{ type: 'tool_use', id: 't1', name: 'f', input: {} }]) }, { ...round,
    messages: messagesRound() }, 'messages.1.content.1: `tool_use` ids must be unique'),
  'call-type': pair(C, gpt, { messages: chatRound({ type: null }) }, { messages: chatRound() },
    'invalid request body, failed to validate schema: (1) Reason: got null, want string, Location: '
      + '/properties/messages/items/properties/tool_calls/items/properties/type/type.'),
  'call-pairs-chat': pair(C, gpt, { messages: chatRound({}, { tool_call_id: 'c2' }) }, { messages: chatRound() },
    "Invalid parameter: messages[2] with role 'tool' must be a response to a preceding message with 'tool_calls'."),
  'call-pairs-responses': pair(R, codex, { input: responsesRound({}, { call_id: 'c2' }) }, { input: responsesRound() },
    'No tool call found for function call output with call_id c2.'),
  'call-pairs-messages': pair(M, old, { messages: messagesRound() }, { ...round, messages: messagesRound() },
    'Requests which include `tool_use` or `tool_result` blocks must define tools'),

  'tool-description': pair(C, gpt, {
    tools: [{ type: 'function', function: { name: 'f', description: '', parameters: schema } }],
  }, { tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: schema } }] },
    "Invalid 'tools[0].function.description': empty string. Expected a string with minimum length 1, but got an "
      + 'empty string instead.'),
  'schema-draft7': pair(C, gpt, { tools: [chatTool({ type: 'object', properties: { a: { type: 'text' } } })] }, {
    tools: [chatTool({ type: 'object', properties: { a: { type: 'string' } } })],
  }, "Invalid schema for function 'f': 'text' is not valid under any of the given schemas."),
  'tool-result-media': pair(C, gpt, { messages: chatRound({}, { content: [picture] }) }, { messages: chatRound() },
    "Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user', but this message with role "
      + "'tool' contains an image URL.", { badHeaders: seeing }),

  'thinking-enabled': pair(M, messages('claude-opus-4.7'), thinking, { thinking: { type: 'adaptive' } },
    '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
      + '"output_config.effort" to control thinking behavior.'),
  'thinking-adaptive': pair(M, old, { thinking: { type: 'adaptive' } }, thinking,
    'adaptive thinking is not supported on this model'),
  'thinking-forced': pair(M, old, { ...thinking, ...round, tool_choice: { type: 'any' } }, { ...thinking, ...round,
    tool_choice: { type: 'auto' } }, 'Thinking may not be enabled when tool_choice forces tool use.'),
  'thinking-first': pair(M, old, { ...thinking, ...round,
    messages: messagesRound({}, {}, [{ type: 'text', text: 'I' }]) }, { ...round,
    messages: messagesRound({}, {}, [{ type: 'text', text: 'I' }]) },
    'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is '
      + 'enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of '
      + '`tool_use` and `tool_result` blocks). '
      + 'We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`.'),
  'thinking-empty': pair(M, old, { messages: thought({ thinking: '', signature: '' }) }, { messages: thought({}) },
    'messages.1.content.0.thinking: each thinking block must contain thinking', foreign),
  'thinking-signature': pair(M, old, { messages: thought({}) }, {
    messages: [user, { role: 'assistant', content: [{ type: 'text', text: 'I' }] }, user],
  }, 'messages.1.content.0: Invalid `signature` in `thinking` block'),

  'cache-top': {
    ...pair(M, old, { cache_control: { type: 'ephemeral' } }, {}, 'cache_control: Extra inputs are not permitted'),
    good: messages('claude-opus-4.6')({ cache_control: { type: 'ephemeral' } }),
  },
  'cache-control': pair(M, old, { system: [marked({ type: 'ephemeral', scope: 'global' })] }, { system: [marked()] },
    'system.0.cache_control.ephemeral.scope: Extra inputs are not permitted'),
  'cache-in-result': pair(M, old, { ...round, messages: messagesRound({}, { content: [marked()] }) }, { ...round,
    messages: messagesRound({}, { cache_control: { type: 'ephemeral' } }) },
    'messages.2.content.0.tool_result.content.0.cache_control: cache_control may not be specified within '
      + "'tool_result.content'"),
  'cache-count': pair(M, old, { system: many(5, () => marked()) }, { system: many(4, () => marked()) },
    'A maximum of 4 blocks with cache_control may be provided. Found 5.'),
  'cache-ttl': pair(M, old, { system: [marked({ type: 'ephemeral', ttl: '1h' })] }, {
    system: [marked({ type: 'ephemeral', ttl: '1h' })],
  }, 'system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted', {
    goodHeaders: { 'anthropic-beta': 'extended-cache-ttl-2025-04-11' },
  }),

  'item-id-length': pair(R, codex, words('x'.repeat(380)), words('msg_1'),
    "[ApiIdParam] [input[1].id] [string_above_max_length] Invalid 'input[1].id': string too long. Expected a "
      + 'string with maximum length 64, but got a string with length 380 instead.'),
  'item-id-shape': pair(R, codex, words('x'), words('msg_1'),
    "Invalid 'input[1].id': 'x'. Expected an ID that begins with 'msg'."),
  'reasoning-id-shape': pair(R, codex, reasoning({ id: 'x' }), reasoning({}),
    "Invalid 'input[1].id': 'x'. Expected an ID that begins with 'rs'.", foreign),
  'item-twice': pair(R, codex, {
    input: [...responsesRound({ id: 'fc_1' }), { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f',
      arguments: '{}' }],
  }, { input: responsesRound({ id: 'fc_1' }) },
    'Duplicate item found with id fc_1. Remove duplicate items from your input and try again.'),
  'item-reference': pair(R, codex, { input: [user, { type: 'item_reference', id: 'rs_1' }] }, {}, reference),
  'reasoning-bare': pair(R, codex, reasoning({ encrypted_content: undefined }), reasoning({}), reference, foreign),
  'reasoning-content': pair(R, codex, reasoning({ content: [{ type: 'reasoning_text', text: 'hm' }] }), reasoning({}),
    "Invalid 'input[1].content': array too long. Expected an array with maximum length 0, but got an array with "
      + 'length 1 instead.', foreign),
  'reasoning-origin': pair(R, codex, reasoning({}), {},
    'The encrypted content for item rs_1 could not be verified. Reason: Encrypted content could not be decrypted '
      + 'or parsed.'),
  'tool-output-media': pair(R, codex, { input: responsesRound({}, { output: [{ type: 'input_file', file_id: 'x' }] }) },
    { input: responsesRound() }, "Invalid type for 'input[2].output': expected a string, but got an array instead."),
  'opaque-origin': pair(C, chat('claude-sonnet-4'), {
    messages: [user, { role: 'assistant', content: 'I', reasoning_opaque: 'x' }, user],
  }, { messages: [user, { role: 'assistant', content: 'I' }, user] },
    'messages[1].reasoning_opaque: invalid thought signature'),
}
