// The fields of each answer as docs/spec states them. A field that Copilot adds shows up as new.
import type { Shape } from './shape.ts'

const number = 'number'
const usage = {
  'usage': 'object|null',
  'usage.completion_tokens': 'number!',
  'usage.prompt_tokens': 'number!',
  'usage.total_tokens': 'number!',
  'usage.reasoning_tokens': number,
  'usage.prompt_tokens_details': 'object|null',
  'usage.prompt_tokens_details.cached_tokens': number,
  'usage.prompt_tokens_details.cache_write_tokens': number,
  'usage.prompt_tokens_details.audio_tokens': number,
  'usage.completion_tokens_details': 'object|null',
  'usage.completion_tokens_details.accepted_prediction_tokens': number,
  'usage.completion_tokens_details.rejected_prediction_tokens': number,
  'usage.completion_tokens_details.reasoning_tokens': number,
  'usage.completion_tokens_details.audio_tokens': number,
} as const
const copilotUsage = {
  'copilot_usage': 'object',
  'copilot_usage.token_details': 'array',
  'copilot_usage.token_details[]': 'any',
  'copilot_usage.total_nano_aiu': 'number!',
} as const
const stamp = {
  'id': 'string',
  'object': 'string',
  'created': number,
  'model': 'string',
  'system_fingerprint': 'string|null',
  'service_tier': 'string|null',
  'prompt_filter_results': 'any',
} as const
const spoken = (path: string): Shape => ({
  [`${path}.role`]: 'string',
  [`${path}.content`]: 'string|null',
  [`${path}.padding`]: 'string',
  [`${path}.refusal`]: 'string|null',
  [`${path}.annotations`]: 'any',
  [`${path}.copilot_annotations`]: 'any',
  [`${path}.reasoning_text`]: 'string|null',
  [`${path}.reasoning_opaque`]: 'string|null',
  [`${path}.cot_id`]: 'string',
  [`${path}.cot_summary`]: 'string',
  [`${path}.tool_calls`]: 'array',
  [`${path}.tool_calls[].id`]: 'string',
  [`${path}.tool_calls[].type`]: 'string',
  [`${path}.tool_calls[].index`]: number,
  [`${path}.tool_calls[].function`]: 'object',
  [`${path}.tool_calls[].function.name`]: 'string',
  [`${path}.tool_calls[].function.arguments`]: 'string',
})
const choice = {
  'choices': 'array',
  'choices[]': 'object',
  'choices[].index': number,
  'choices[].logprobs': 'any',
  'choices[].content_filter_results': 'any',
  'choices[].content_filter_offsets': 'any',
} as const

/** docs/spec/copilot.md#chat-answer */
export const chatAnswer: Shape = {
  ...stamp,
  ...choice,
  ...usage,
  ...copilotUsage,
  ...spoken('choices[].message'),
  'choices': 'array!',
  'usage': 'object!',
  'choices[].finish_reason': 'string!',
  'choices[].message': 'object!',
}

/** docs/spec/copilot.md#chat-stream */
export const chatChunk: Shape = {
  ...stamp,
  ...choice,
  ...usage,
  ...copilotUsage,
  ...spoken('choices[].delta'),
  'choices[].delta': 'object',
  'choices[].finish_reason': 'string|null',
}

/** docs/spec/copilot.md#model-fields */
export const modelList: Shape = {
  'object': 'string!',
  'data': 'array!',
  'data[].id': 'string!',
  'data[].name': 'string!',
  'data[].object': 'string',
  'data[].vendor': 'string!',
  'data[].version': 'string',
  'data[].preview': 'boolean',
  'data[].is_chat_default': 'boolean',
  'data[].is_chat_fallback': 'boolean',
  'data[].model_picker_enabled': 'boolean!',
  'data[].model_picker_category': 'string',
  'data[].model_picker_price_category': 'string',
  'data[].supported_endpoints': 'array',
  'data[].supported_endpoints[]': 'string',
  'data[].request_headers': 'any',
  'data[].custom_model': 'any',
  'data[].warning_messages': 'any',
  'data[].info_messages': 'any',
  'data[].policy': 'object',
  'data[].policy.state': 'string!',
  'data[].policy.terms': 'string',
  'data[].billing': 'object',
  'data[].billing.is_premium': 'boolean',
  'data[].billing.multiplier': number,
  'data[].billing.restricted_to': 'array|null',
  'data[].billing.restricted_to[]': 'string',
  'data[].billing.auto_discount': 'any',
  'data[].billing.promo': 'any',
  'data[].billing.token_prices': 'object',
  'data[].billing.token_prices.batch_size': number,
  'data[].billing.token_prices.*.input_price': 'number|null',
  'data[].billing.token_prices.*.output_price': 'number|null',
  'data[].billing.token_prices.*.cache_price': 'number|null',
  'data[].billing.token_prices.*.cache_write_price': 'number|null',
  'data[].billing.token_prices.*.context_max': 'number|null',
  'data[].capabilities': 'object!',
  'data[].capabilities.type': 'string!',
  'data[].capabilities.family': 'string!',
  'data[].capabilities.object': 'string',
  'data[].capabilities.tokenizer': 'string',
  'data[].capabilities.limits': 'object',
  'data[].capabilities.limits.max_context_window_tokens': number,
  'data[].capabilities.limits.max_output_tokens': number,
  'data[].capabilities.limits.max_prompt_tokens': number,
  'data[].capabilities.limits.max_non_streaming_output_tokens': number,
  'data[].capabilities.limits.max_inputs': number,
  'data[].capabilities.limits.vision': 'object',
  'data[].capabilities.limits.vision.max_prompt_image_size': number,
  'data[].capabilities.limits.vision.max_prompt_images': number,
  'data[].capabilities.limits.vision.supported_media_types': 'array',
  'data[].capabilities.limits.vision.supported_media_types[]': 'string',
  'data[].capabilities.supports': 'object',
  'data[].capabilities.supports.min_thinking_budget': number,
  'data[].capabilities.supports.max_thinking_budget': number,
  'data[].capabilities.supports.reasoning_effort': 'array',
  'data[].capabilities.supports.reasoning_effort[]': 'string',
  ...Object.fromEntries(
    ['streaming', 'tool_calls', 'parallel_tool_calls', 'vision', 'structured_outputs', 'dimensions',
      'adaptive_thinking', 'tool_search', 'context_editing'].map(
        name => [`data[].capabilities.supports.${name}`, 'boolean']
      ),
  ),
}

const snapshot = (path: string): Shape => ({
  [`${path}.entitlement`]: 'number|string',
  [`${path}.overage_count`]: number,
  [`${path}.overage_permitted`]: 'boolean',
  [`${path}.percent_remaining`]: number,
  [`${path}.quota_id`]: 'string',
  [`${path}.quota_remaining`]: number,
  [`${path}.remaining`]: number,
  [`${path}.unlimited`]: 'boolean',
  [`${path}.timestamp_utc`]: 'string',
  [`${path}.has_quota`]: 'boolean',
  [`${path}.quota_reset_at`]: number,
  [`${path}.reset_date`]: 'string',
  [`${path}.token_based_billing`]: 'boolean',
  [`${path}.credits_used`]: number,
  [`${path}.total_remaining`]: 'number|string',
})

/** docs/spec/copilot.md#user */
export const seat: Shape = {
  ...snapshot('quota_snapshots.*'),
  'login': 'string!',
  'copilot_plan': 'string!',
  'access_type_sku': 'string!',
  'chat_enabled': 'boolean',
  'assigned_date': 'string|null',
  'analytics_tracking_id': 'string',
  'can_signup_for_limited': 'boolean',
  'can_upgrade_plan': 'boolean',
  'codex_agent_enabled': 'boolean',
  'copilotignore_enabled': 'boolean',
  'is_mcp_enabled': 'boolean|null',
  'restricted_telemetry': 'boolean',
  'te': 'any',
  'token_based_billing': 'boolean',
  'endpoints': 'object',
  'endpoints.*': 'string',
  'organization_list': 'array',
  'organization_list[]': 'any',
  'organization_login_list': 'array',
  'organization_login_list[]': 'string',
  'quota_reset_date': 'string',
  'quota_reset_date_utc': 'string',
  'quota_snapshots': 'object',
  'limited_user_quotas': 'object',
  'limited_user_quotas.*': number,
  'monthly_quotas': 'object',
  'monthly_quotas.*': number,
  'limited_user_reset_date': 'string',
  'limited_user_subscribed_day': number,
}

const part = (path: string): Shape => ({
  [`${path}.type`]: 'string!',
  [`${path}.text`]: 'string',
  [`${path}.refusal`]: 'string',
  [`${path}.annotations`]: 'any',
  [`${path}.logprobs`]: 'any',
})
const item = (path: string): Shape => ({
  ...part(`${path}.content[]`),
  [`${path}.type`]: 'string!',
  [`${path}.id`]: 'string',
  [`${path}.status`]: 'string',
  [`${path}.role`]: 'string',
  [`${path}.phase`]: 'string|null',
  [`${path}.summary`]: 'array',
  [`${path}.summary[]`]: 'any',
  [`${path}.encrypted_content`]: 'string|null',
  [`${path}.content`]: 'array|null',
  [`${path}.call_id`]: 'string',
  [`${path}.name`]: 'string',
  [`${path}.arguments`]: 'string',
})
const responseUsage = (path: string): Shape => ({
  [path]: 'object|null',
  [`${path}.input_tokens`]: 'number!',
  [`${path}.output_tokens`]: 'number!',
  [`${path}.total_tokens`]: 'number!',
  [`${path}.input_tokens_details`]: 'object',
  [`${path}.input_tokens_details.cached_tokens`]: number,
  [`${path}.input_tokens_details.cache_write_tokens`]: number,
  [`${path}.output_tokens_details`]: 'object',
  [`${path}.output_tokens_details.reasoning_tokens`]: number,
})

/** docs/spec/copilot.md#responses-answer. The echo of the request is not compared. */
export const response: Shape = {
  ...item('output[]'),
  ...responseUsage('usage'),
  ...copilotUsage,
  ...snapshot('copilot_quota_snapshots.*'),
  'id': 'string!',
  'object': 'string!',
  'created_at': 'number!',
  'completed_at': 'number|null',
  'model': 'string!',
  'status': 'string!',
  'output': 'array!',
  'output_text': 'string|null',
  'error': 'any',
  'incomplete_details': 'any',
  'copilot_quota_snapshots': 'object',
  ...Object.fromEntries(
    ['background', 'billing', 'conversation', 'frequency_penalty', 'instructions', 'max_output_tokens',
      'max_tool_calls', 'metadata', 'moderation', 'parallel_tool_calls', 'presence_penalty', 'previous_response_id',
      'prompt_cache_key', 'prompt_cache_retention', 'reasoning', 'safety_identifier', 'service_tier', 'store',
      'temperature', 'text', 'tool_choice', 'tools', 'top_logprobs', 'top_p', 'truncation', 'user'].map(
        name => [name, 'any']
      ),
  ),
}

/**
 * docs/spec/copilot.md#responses-stream. All events of one answer share these fields; `response` is compared
 * separately.
 */
export const responseEvent: Shape = {
  ...item('item'),
  ...part('part'),
  'type': 'string!',
  'sequence_number': number,
  'response': 'any',
  'item_id': 'string',
  'output_index': number,
  'content_index': number,
  'summary_index': number,
  'delta': 'string',
  'text': 'string',
  'arguments': 'string',
  'name': 'string',
  'refusal': 'string',
  'logprobs': 'any',
  'obfuscation': 'string',
  'note': 'string',
}

/** Event types of a plain answer. The last one represents the emulator's unknown events. */
export const responseEventTypes: ReadonlySet<string> = new Set(['response.created', 'response.queued',
  'response.in_progress', 'response.completed', 'response.incomplete', 'response.failed', 'error',
  ...['output_item', 'content_part', 'reasoning_summary_part'].flatMap(
    name => [`response.${name}.added`, `response.${name}.done`]
  ),
  ...['output_text', 'refusal', 'reasoning_text', 'reasoning_summary_text', 'function_call_arguments'].flatMap(
    name => [`response.${name}.delta`, `response.${name}.done`]
  ), 'response.output_text.annotation.added', 'response.copilot.note'])

/** docs/spec/copilot.md#embeddings */
export const embeddingList: Shape = {
  'data': 'array!',
  'data[].embedding': 'array!',
  'data[].embedding[]': number,
  'data[].index': 'number!',
  'data[].object': 'string',
  'object': 'string',
  'model': 'string',
  'usage': 'object',
  'usage.prompt_tokens': number,
  'usage.total_tokens': number,
}

/** docs/spec/copilot.md#reply-headers, and those of every HTTP server. */
export const replyHeaders: ReadonlySet<string> = new Set(['x-request-id', 'x-github-request-id', 'x-github-backend',
  'x-quota-snapshot-chat', 'x-quota-snapshot-completions', 'x-quota-snapshot-premium_interactions',
  'x-quota-snapshot-premium_models', 'x-usage-ratelimit-session', 'x-usage-ratelimit-weekly', 'retry-after',
  'x-ratelimit-exceeded', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset',
  'x-copilot-service-request-id', 'content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'date',
  'connection', 'keep-alive', 'cache-control', 'vary', 'server', 'via', 'etag', 'set-cookie', 'content-security-policy',
  'strict-transport-security', 'x-content-type-options', 'x-frame-options', 'x-xss-protection', 'referrer-policy',
  'access-control-allow-origin', 'access-control-expose-headers', 'openai-processing-ms'])

/** The keys inside an `x-quota-snapshot-*` header. */
export const quotaKeys: ReadonlySet<string> = new Set(['ent', 'ov', 'ovPerm', 'rem', 'rst', 'totRem'])

/** docs/spec/copilot.md#model-fields: Copilot's names for the endpoints. */
export const endpointNames: ReadonlySet<string> = new Set(['/chat/completions', '/responses', 'ws:/responses',
  '/v1/messages', '/embeddings'])

/** Models that the project knows. Dated copies and previews of them are not new. */
export const knownModels: ReadonlySet<string> = new Set(['gpt-3.5-turbo', 'gpt-4', 'gpt-4-o-preview', 'gpt-4.1',
  'gpt-41-copilot', 'gpt-4o', 'gpt-4o-mini', 'gpt-5', 'gpt-5-mini', 'gpt-5-codex', 'gpt-5.1', 'gpt-5.1-codex',
  'gpt-5.1-codex-mini', 'gpt-5.1-codex-max', 'gpt-5.2', 'gpt-5.2-codex', 'gpt-5.3-codex', 'gpt-5.4', 'gpt-5.4-mini',
  'gpt-5.4-nano', 'gpt-5.5', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna', 'o1', 'o3', 'o3-mini', 'o4-mini',
  'claude-3.5-sonnet', 'claude-3.7-sonnet', 'claude-sonnet-4', 'claude-sonnet-4.5', 'claude-sonnet-4.6',
  'claude-sonnet-5', 'claude-haiku-4.5', 'claude-opus-4', 'claude-opus-4.1', 'claude-opus-4.5', 'claude-opus-4.6',
  'claude-opus-4.7', 'claude-opus-4.8', 'claude-opus-5', 'gemini-2.0-flash-001', 'gemini-2.5-pro', 'gemini-3-pro',
  'gemini-3-flash', 'gemini-3.1-pro', 'gemini-3.5-flash', 'grok-code-fast-1', 'oswe-vscode-prime',
  'oswe-vscode-secondary', 'text-embedding-3-small', 'text-embedding-ada-002'])
