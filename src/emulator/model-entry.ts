// One entry of /models, as far as the emulator reads it, and the rules that depend on who made the model.

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
  billing?: { is_premium?: boolean, multiplier?: number, restricted_to?: string[], token_prices?: object }
  policy?: { state: string, terms: string }
  supported_endpoints?: string[]
  capabilities: {
    family: string
    object: 'model_capabilities'
    tokenizer: string
    type: 'chat' | 'embeddings' | 'completion'
    limits?: Limits
    supports: Supports
  }
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

/** Absent on a chat model means the chat endpoint only. */
export function endpointsOfModel (model: ModelEntry): string[] {
  if (model.capabilities.type === 'embeddings') return ['/embeddings']
  return model.capabilities.type === 'chat' ? model.supported_endpoints ?? ['/chat/completions'] : []
}

/** Claude 4.6 and later refuse a conversation that ends with the assistant. */
export function refusesPrefill (model: ModelEntry): boolean {
  const version = /^claude-[a-z]+-(\d+(?:\.\d+)?)/.exec(model.id)?.[1]
  return version !== undefined && Number(version) >= 4.6
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

/** The id that answers carry instead of the one asked for; the chat endpoint keeps Claude's and Gemini's alias. */
export function answeredId (model: ModelEntry, native: boolean): string {
  if (styleOf(model) === 'openai') return dated[model.id] ?? model.version
  return native ? dated[model.id] ?? model.id.replaceAll('.', '-') : model.id
}
