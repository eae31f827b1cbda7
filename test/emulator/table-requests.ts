// Cases of the rules about models, turns, fields, parts, limits, sampling and efforts.
import { C, M, R, chat, chatTool, image, messages, pair, picture, responses, responsesRound, seeing,
  user } from './table-kit.ts'
import { png } from './client.ts'
import type { Case } from './table-kit.ts'

const gpt = chat('gpt-4.1')
const gpt5 = chat('gpt-5-mini')
const codex = responses('gpt-5.1')
const old = messages('claude-sonnet-4')
const haiku = messages('claude-haiku-4.5')
const opus6 = messages('claude-opus-4.6')
const opus7 = messages('claude-opus-4.7')
const assistant = (content: unknown = 'I') => ({ role: 'assistant', content })
const extra = (name: string) => `${name}: Extra inputs are not permitted`
const manyWords = 'x'.repeat(600_000)
const base64 = (bytes: number) => Buffer.alloc(bytes).toString('base64')
const pngHead = (width: number) => {
  const head = Buffer.alloc(32)
  head.write('\x89PNG\r\n\x1a\n', 0, 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(10, 20)
  return head.toString('base64')
}
const block = (data: string) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } })
const seen = { badHeaders: seeing, goodHeaders: seeing }
const format = (schema: object) => ({ output_config: { format: { type: 'json_schema', schema } } })
const closed = { type: 'object', properties: { n: { type: 'number' } }, additionalProperties: false }

export const requestCases: Record<string, Case> = {
  'stream-unlisted': pair(C, chat('o1'), { stream: true }, {},
    "Unsupported value: 'stream' does not support true with this model."),
  'vision-header': pair(C, gpt, { messages: [{ role: 'user', content: [picture] }] }, {
    messages: [{ role: 'user', content: [picture] }],
  }, 'missing required Copilot-Vision-Request header for vision requests', { goodHeaders: seeing }),
  'image-type': pair(C, gpt, { messages: [{ role: 'user', content: [image(png.replace('png', 'svg+xml'))] }] }, {
    messages: [{ role: 'user', content: [picture] }],
  }, 'image media type not supported', seen),
  'prompt-length': pair(C, chat('gpt-3.5-turbo'), { messages: [{ role: 'user', content: 'x'.repeat(60_000) }] }, {},
    'prompt token count of 15000 exceeds the limit of 12288'),
  'prompt-length-messages': pair(M, old, { messages: [{ role: 'user', content: manyWords }] }, {},
    'prompt is too long: 150000 tokens > 128000 maximum'),
  'image-pixels': pair(M, old, {
    messages: [{ role: 'user', content: Array.from({ length: 21 }, () => block(pngHead(2001))) }],
  }, { messages: [{ role: 'user', content: Array.from({ length: 20 }, () => block(pngHead(2001))) }] },
    'messages.0.content.0.image.source.base64.data: At least one of the image dimensions exceed max allowed size '
      + 'for many-image requests: 2000 pixels', seen),
  'image-bytes-chat': pair(C, gpt, {
    messages: [{ role: 'user', content: [image(`data:image/png;base64,${base64(1_310_000)}`)] }],
  }, { messages: [{ role: 'user', content: [image(`data:image/png;base64,${base64(1_290_000)}`)] }] },
    'Request Entity Too Large', seen),
  'image-bytes-responses': pair(R, codex, {
    input: [{ role: 'user',
      content: [{ type: 'input_image', image_url: `data:image/png;base64,${base64(3_800_000)}` }] }],
  }, { input: [{ role: 'user', content: [{ type: 'input_image', image_url: png }] }] }, 'failed to parse request',
    seen),
  'image-size': pair(M, old, { messages: [{ role: 'user', content: [block(base64(3_200_000))] }] }, {
    messages: [{ role: 'user', content: [block(base64(3_100_000))] }],
  }, 'image exceeds the maximum size of 3145728 bytes', seen),
  'image-count': pair(C, chat('gemini-2.5-pro'), {
    messages: [{ role: 'user', content: Array.from({ length: 11 }, () => picture) }],
  }, { messages: [{ role: 'user', content: Array.from({ length: 10 }, () => picture) }] }, 'too many images: 11 > 10',
    seen),

  'no-messages-chat': pair(C, gpt, { messages: [] }, {},
    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."),
  'no-input': pair(R, codex, { input: [] }, {}, "Missing required parameter: 'input'."),
  'no-messages': pair(M, old, { messages: [] }, {}, 'messages: at least one message is required'),
  'system-blank': pair(M, old, { system: [{ type: 'text', text: ' ' }] }, {
    system: [{ type: 'text', text: 'Be kind.' }],
  }, 'system: text content blocks must be non-empty'),
  'inline-system': pair(M, messages('claude-opus-4.8'), { messages: [{ role: 'system', content: 'x' }, user] }, {
    messages: [user, { role: 'system', content: 'x' }],
  }, ["role 'system' is not supported on this model",
    'Unexpected role "system". The Anthropic Messages API accepts a top-level `system` parameter, not "system" as '
    + 'an input message role.']),
  'role-unknown': pair(M, old, { messages: [{ role: 'tool', content: 'x' }] }, {},
    "messages.0.role: Input should be 'user' or 'assistant'"),
  'content-empty': pair(M, old, { messages: [{ role: 'user', content: [] }] }, {},
    'messages.0: all messages must have non-empty content'),
  'text-blank': pair(M, old, { messages: [{ role: 'user', content: [{ type: 'text', text: ' ' }] }] }, {},
    'messages: text content blocks must be non-empty'),
  'prefill-chat': pair(C, chat('claude-sonnet-4.6'), { messages: [user, assistant()] }, {
    messages: [user, assistant(), user],
  }, 'This model does not support assistant message prefill. The conversation must end with a user message.'),
  'prefill-messages': pair(M, opus6, { messages: [user, assistant()] }, { messages: [user, assistant(), user] },
    'This model does not support assistant message prefill. The conversation must end with a user message.'),
  'prefill-space-chat': pair(C, chat('claude-sonnet-4'), { messages: [user, assistant('I ')] }, {
    messages: [user, assistant()],
  }, 'messages: final assistant content cannot end with trailing whitespace'),
  'prefill-space-messages': pair(M, old, { messages: [user, assistant('I ')] }, { messages: [user, assistant()] },
    'messages: final assistant content cannot end with trailing whitespace'),

  'refused-field-chat': pair(C, gpt, { seed: 1 }, {}, "Unknown parameter: 'seed'.", {
    strict: { refusedFields: ['seed'] },
  }),
  'refused-field-messages': pair(M, old, { metadata: {} }, {}, extra('metadata'), {
    strict: { refusedFields: ['metadata'] },
  }),
  'beta-unknown': pair(M, old, {}, {}, 'Unexpected value(s) `claude-code-20250219` for the `anthropic-beta` header', {
    badHeaders: { 'anthropic-beta': 'claude-code-20250219' },
    goodHeaders: { 'anthropic-beta': 'interleaved-thinking-2025-05-14,extended-cache-ttl-2025-04-11' },
  }),
  'context-management': pair(M, haiku, { context_management: { edits: [] } }, { context_management: { edits: [] } },
    extra('context_management'), { goodHeaders: { 'anthropic-beta': 'context-management-2025-06-27' } }),
  'context-management-models': pair(M, messages('claude-sonnet-5'), { context_management: { edits: [] } }, {},
    extra('context_management'), { badHeaders: { 'anthropic-beta': 'context-management-2025-06-27' } }),
  'field-unknown': pair(M, old, { service_tier: 'auto' }, { metadata: { user_id: 'u' } }, extra('service_tier')),
  'previous-response': pair(R, codex, { previous_response_id: 'resp_1' }, { previous_response_id: null },
    "Previous response with id 'resp_1' not found."),
  store: pair(R, codex, { store: true }, { store: false }, "Unsupported value: 'store' must be false."),
  'service-tier': pair(R, codex, { service_tier: 'auto' }, { service_tier: null },
    "Unsupported parameter: 'service_tier' is not supported with this model."),
  'image-generation': pair(R, codex, { tool_choice: { type: 'image_generation' } }, { tool_choice: 'auto' },
    'Unsupported tool type: image_generation'),
  'compaction-origin': pair(R, codex, {
    input: [user, { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAAAx' }],
  }, { input: [user, { type: 'compaction_trigger' }] },
    'The encrypted content for item cmp_1 could not be verified. Reason: Encrypted content could not be decrypted or '
      + 'parsed.'),
  'encrypted-output': pair(R, codex, {
    input: responsesRound({}, { output: [{ type: 'encrypted_content', encrypted_content: 'gAAAAx' }] }),
  }, { input: responsesRound() }, 'Encrypted function output content could not be decrypted or decoded.'),
  'compaction-trigger': pair(R, codex, { input: [{ type: 'compaction_trigger' }, user] }, {
    input: [user, { type: 'compaction_trigger' }],
  }, "Invalid 'input[0]': compaction_trigger must be the last item."),
  'item-type': pair(R, codex, { input: [user, { type: 'agent_message', content: 'x' }] }, { input: [user] },
    "Invalid value: 'agent_message' in input[1].type. Supported values are: 'message', 'function_call', "
      + "'function_call_output', 'custom_tool_call', 'custom_tool_call_output', 'reasoning', 'compaction', "
      + "'compaction_trigger', 'item_reference', 'tool_search_call', 'tool_search_output', 'additional_tools', "
      + "'web_search_call', 'local_shell_call', 'local_shell_call_output'."),
  'lone-surrogate': pair(C, gpt, { user: '\ud83d' }, { user: '\ud83d\ude00' },
    'The request body is not valid JSON: no low surrogate in string: line 1 column 75 (char 74)'),

  'parts-chat': pair(C, gpt, { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: png }] }] }, {
    messages: [{ role: 'user', content: [picture] }],
  },
    'invalid request body, failed to validate schema: (1) Reason: got array, want string, Location: '
      + '/properties/messages/items/properties/content/oneOf/0/type. '
      + '(2) Reason: got string, want object, Location: '
      + '/properties/messages/items/properties/content/oneOf/1/items/properties/image_url/type.', seen),
  'parts-responses': pair(R, codex, {
    input: [user, { role: 'assistant', content: [{ type: 'input_text', text: 'I' }] }],
  }, { input: [user, { role: 'assistant', content: [{ type: 'output_text', text: 'I' }] }] },
    "Invalid value: 'input_text' in input[1].content[0]. Supported values are: 'output_text', 'refusal'."),
  'document-type': pair(M, old, {
    messages: [{ role: 'user',
      content: [{ type: 'document', source: { type: 'base64', media_type: 'text/csv', data: 'AA==' } }] }],
  }, {
    messages: [{ role: 'user',
      content: [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' } }] }],
  }, "messages.0.content.0.document.source.base64.media_type: Input should be 'application/pdf'"),
  'cache-breakpoint': { ...pair(R, codex, {}, {}, "Unknown parameter: 'input[0].content[0].prompt_cache_breakpoint'."),
    ...Object.fromEntries(
      [['bad', 'gpt-5.1'], ['good', 'gpt-5.6-sol']].map((
        [key, model],
      ) => [key, { model,
        input: [{ role: 'user',
          content: [{ type: 'input_text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } }] }] }]
      ),
    ) },

  'max-tokens-name': pair(C, gpt5, { max_tokens: 99 }, { max_completion_tokens: 99 },
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
  'max-tokens-least': pair(R, codex, { max_output_tokens: 15 }, { max_output_tokens: 16 },
    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead."),
  'cap-too-small': pair(C, gpt5, { max_completion_tokens: 16, reasoning_effort: 'high' }, { max_completion_tokens: 17,
    reasoning_effort: 'high' },
    'Could not finish the message because max_tokens or model output limit was reached. Please try again with '
      + 'higher max_tokens.'),
  'max-tokens-missing': pair(M, old, { max_tokens: undefined }, {}, 'max_tokens: Field required'),
  'max-tokens-unstreamed': pair(M, haiku, { max_tokens: 16_001 }, { max_tokens: 16_001, stream: true },
    'max_tokens: 16001 > 16000: streaming is required'),
  'max-tokens-over-claude': pair(M, old, { max_tokens: 16_001, stream: true }, { max_tokens: 16_000 },
    'max_tokens: 16001 > 16000, which is the maximum allowed number of output tokens for claude-sonnet-4'),
  'max-tokens-over-openai': pair(C, chat('gpt-4o'), { max_tokens: 6000 }, { max_tokens: 4096 },
    'max_tokens is too large: 6000. This model supports at most 4096 completion tokens, whereas you provided 6000.'),
  'context-window': pair(M, opus7, { stream: true, max_tokens: 64_000,
    messages: [{ role: 'user', content: manyWords }] }, { stream: true, max_tokens: 50_000,
    messages: [{ role: 'user', content: manyWords }] },
    'input length and max_tokens exceed context limit: 150000 + 64000 > 200000, decrease input length or '
      + 'max_tokens and try again'),

  'temperature-and-top-p': pair(M, haiku, { temperature: 1, top_p: 1 }, { temperature: 1 },
    'temperature and top_p cannot both be specified for this model. Please use only one.'),
  'sampling-deprecated': pair(M, opus7, { top_k: 5 }, {}, ['top_k is deprecated for this model.',
    '`top_k` is deprecated for this model.']),
  'temperature-with-thinking': pair(M, old, { temperature: 0.5, thinking: { type: 'enabled', budget_tokens: 1024 } }, {
    temperature: 1,
    thinking: { type: 'enabled', budget_tokens: 1024 },
  }, '`temperature` may only be set to 1 when thinking is enabled.'),
  'sampling-fixed-chat': pair(C, gpt5, { temperature: 0 }, { temperature: 1 },
    "Unsupported value: 'temperature' does not support this value with this model. Only the default (1) value is "
      + 'supported.'),
  'sampling-fixed-responses': pair(R, codex, { top_p: 0.5 }, { top_p: 1 },
    "Unsupported parameter: 'top_p' is not supported with this model."),
  'blank-stop': pair(M, old, { stop_sequences: ['\n'] }, { stop_sequences: ['.'] },
    'stop_sequences: each stop sequence must contain non-whitespace'),
  'several-choices': pair(C, chat('claude-haiku-4.5'), { n: 2 }, { n: 1 },
    "Unsupported value: 'n' does not support 2 with this model. Only the default (1) value is supported."),
  'logprobs-responses': pair(R, codex, { logprobs: true }, { top_logprobs: 3 }, "Unknown parameter: 'logprobs'."),
  'logprobs-chat': pair(C, chat('gemini-2.5-pro'), { logprobs: true }, { logprobs: false },
    "'logprobs' is not supported with this model."),
  'include-logprobs': pair(R, codex, { include: ['message.output_text.logprobs'] }, { include: [] },
    "Invalid value: 'message.output_text.logprobs' in 'include'."),

  'effort-unsupported-messages': pair(M, haiku, { output_config: { effort: 'high' } }, {},
    'output_config.effort "high" was provided, but model claude-haiku-4.5 does not support reasoning effort'),
  'effort-unsupported-chat': pair(C, chat('claude-haiku-4.5'), { reasoning_effort: 'high' }, {},
    'reasoning_effort "high" was provided, but model claude-haiku-4.5 does not support reasoning effort'),
  'effort-value-messages': pair(M, opus6, { output_config: { effort: 'max' } }, { output_config: { effort: 'high' } },
    'output_config.effort "max" is not supported by model claude-opus-4.6; supported values: [low medium high]'),
  'effort-value-openai': pair(C, gpt5, { reasoning_effort: 'xhigh' }, { reasoning_effort: 'high' },
    "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model. Supported values are: 'low', "
      + "'medium', and 'high'."),
  'thinking-budget-chat': pair(C, chat('claude-sonnet-4'), { thinking_budget: 10 }, { thinking_budget: 1024 },
    "Invalid 'thinking_budget': expected a value from 1024 to 32000 and below max_tokens, but got 10 instead."),
  'thinking-budget-messages': pair(M, old, { thinking: { type: 'enabled', budget_tokens: 1 } }, {
    thinking: { type: 'enabled', budget_tokens: 1024 },
  }, 'thinking.budget_tokens: Input should be greater than or equal to 1024'),
  'format-unlisted': pair(M, haiku, format(closed), {}, 'output_config.format: Extra inputs are not permitted'),
  'format-subset': pair(M, opus6, format({ ...closed, properties: { n: { type: 'number', minimum: 1 } } }),
    format(closed), "output_config.format.schema: For 'number' type, properties minimum are not supported"),
  'tools-empty': pair(C, chat('claude-sonnet-4'), { tools: [] }, { tools: [chatTool()] },
    'tools: array must not be empty'),
}
