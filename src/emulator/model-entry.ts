// The parts of a /models entry that the emulator reads, and the rules that depend on the model's maker.

export interface ModelEntry {
  id: string
  name: string
  object: 'model'
  vendor: string
  version: string
  preview: boolean
  model_picker_enabled: boolean
  model_picker_category?: string
  is_chat_default: boolean
  is_chat_fallback: boolean
  billing?: { is_premium?: boolean, multiplier?: number, restricted_to?: string[], token_prices?: object,
    auto_discount?: number, promo?: object }
  model_picker_price_category?: string
  info_messages?: { code: string, message: string }[]
  policy?: { state: string, terms: string }
  supported_endpoints?: string[]
  capabilities: { family: string, object: 'model_capabilities', tokenizer: string,
    type: 'chat' | 'embeddings' | 'completion', limits?: Limits, supports: Supports }
}

export interface Limits {
  max_context_window_tokens?: number
  max_output_tokens?: number
  max_prompt_tokens?: number
  max_non_streaming_output_tokens?: number
  max_inputs?: number
  vision?: { max_prompt_image_size: number, max_prompt_images: number, supported_media_types: string[] }
}

/** A missing key means false. */
export interface Supports {
  streaming?: boolean
  tool_calls?: boolean
  parallel_tool_calls?: boolean
  vision?: boolean
  structured_outputs?: boolean
  dimensions?: boolean
  adaptive_thinking?: boolean
  min_thinking_budget?: number
  max_thinking_budget?: number
  reasoning_effort?: string[]
  tool_search?: boolean
  context_editing?: boolean
}

export type Style = 'openai' | 'claude' | 'gemini'

export function styleOf (model: ModelEntry): Style {
  if (model.vendor === 'Anthropic') return 'claude'
  return model.vendor === 'Google' ? 'gemini' : 'openai'
}

/** OpenAI's reasoning models: other parameter names, fixed sampling. */
export function isReasoning (model: ModelEntry): boolean {
  return /^(?:gpt-5|o\d)/.test(model.id)
}

/** A chat model without the list is on the chat endpoint only. */
export function endpointsOfModel (model: ModelEntry): string[] {
  if (model.capabilities.type === 'embeddings') return ['/embeddings']
  return model.capabilities.type === 'chat' ? model.supported_endpoints ?? ['/chat/completions'] : []
}

const dated: Record<string, string> = {
  'claude-sonnet-4': 'claude-sonnet-4-20250514',
  'claude-sonnet-4.5': 'claude-sonnet-4-5-20250929',
  'claude-haiku-4.5': 'claude-haiku-4-5-20251001',
  'gpt-5-mini': 'gpt-5-mini-2025-08-07',
  'gpt-5.1': 'gpt-5.1-2025-11-13',
  'gpt-5.2': 'gpt-5.2-2025-12-11',
  'o1': 'o1-2024-12-17',
  'o3-mini': 'o3-mini-2025-01-31',
}

/** The model id in answers, instead of the requested one. The chat endpoint keeps the aliases of Claude and Gemini. */
export function answeredId (model: ModelEntry, native: boolean): string {
  if (styleOf(model) === 'openai') return dated[model.id] ?? model.version
  return native ? dated[model.id] ?? model.id.replaceAll('.', '-') : model.id
}
