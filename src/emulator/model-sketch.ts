// Builders for the common parts of model entries, so that the lists show only the differences.
import type { Limits, ModelEntry, Supports } from './model-entry.ts'

export const C = '/chat/completions'
export const R = '/responses'
export const W = 'ws:/responses'
export const M = '/v1/messages'
export const azure = 'Azure OpenAI'
export const images = ['image/jpeg', 'image/png', 'image/webp']
export const everyone = ['pro', 'pro_plus', 'max', 'business', 'enterprise', 'individual_trial', 'edu']
export const effort = ['low', 'medium', 'high']

/** Takes round numbers in thousands, in the order prompt, output, context. */
export function limits (prompt: number, output: number, context: number, more: Limits = {}): Limits {
  return { max_context_window_tokens: context, max_output_tokens: output, max_prompt_tokens: prompt, ...more }
}

export function vision (count: number, types: string[]): Limits {
  return { vision: { max_prompt_image_size: 3_145_728, max_prompt_images: count, supported_media_types: types } }
}

export const claude = vision(5, images)
export const openai = vision(1, [...images, 'image/gif'])
export const claudeLong: Limits = { max_non_streaming_output_tokens: 16_000 }
export const tools: Supports = { parallel_tool_calls: true, streaming: true, tool_calls: true }
export const seeing: Supports = { ...tools, vision: true }
export const structured: Supports = { ...seeing, structured_outputs: true }
export const reasoning: Supports = { ...structured, reasoning_effort: effort }
export const thinking: Supports = { ...seeing, max_thinking_budget: 32_000, min_thinking_budget: 1024 }
export const adaptive: Supports = { ...thinking, adaptive_thinking: true, reasoning_effort: effort,
  structured_outputs: true }

export interface Sketch extends Partial<Omit<ModelEntry, 'capabilities' | 'billing'>> {
  id: string
  name: string
  vendor: string
  /** Premium requests for each call. Undefined leaves out `billing`. */
  cost?: number
  restricted?: string[]
  /** Instead of `cost`: prices in credits. */
  prices?: { input: number, output: number }
  /** Auto's discount, as a fraction. */
  autoDiscount?: number
  family?: string
  type?: ModelEntry['capabilities']['type']
  tokenizer?: string
  limits?: Limits
  supports: Supports
  /** Whether the entry has terms, and whether the user agreed to them. */
  consent?: 'enabled' | 'unconfigured'
}

export function entry (sketch: Sketch): ModelEntry {
  const { cost, restricted, prices, autoDiscount, family, type = 'chat', tokenizer = 'o200k_base', limits, supports,
    consent, ...rest } = sketch
  return {
    object: 'model',
    version: sketch.id,
    preview: false,
    model_picker_enabled: true,
    is_chat_default: false,
    is_chat_fallback: false,
    ...rest,
    ...(cost === undefined ? {} : {
      billing: { is_premium: cost > 0, multiplier: cost,
        ...(restricted === undefined ? {} : { restricted_to: restricted }) },
    }),
    ...(prices === undefined ? {} : {
      billing: { ...(autoDiscount === undefined ? {} : { auto_discount: autoDiscount }),
        token_prices: { batch_size: 1_000_000,
          default: { input_price: prices.input, cache_price: prices.input / 10, output_price: prices.output } } },
    }),
    ...(consent === undefined
      ? {}
      : { policy: { state: consent, terms: `Terms of ${sketch.name}. [Learn more](https://gh.io/example).` } }),
    capabilities: { family: family ?? sketch.id, object: 'model_capabilities', tokenizer, type,
      ...(limits === undefined ? {} : { limits }), supports },
  }
}
