// The models served: a choice of real entries, and oddities that lists have been seen with.
import type { Limits, ModelEntry, Supports } from './model-entry.ts'

const C = '/chat/completions'
const R = '/responses'
const W = 'ws:/responses'
const M = '/v1/messages'
const azure = 'Azure OpenAI'
const images = ['image/jpeg', 'image/png', 'image/webp']
const everyone = ['pro', 'pro_plus', 'max', 'business', 'enterprise', 'individual_trial', 'edu']
const effort = ['low', 'medium', 'high']

/** Thousandfold where the numbers are round; the order is prompt, output, context. */
function limits (prompt: number, output: number, context: number, more: Limits = {}): Limits {
  return { max_context_window_tokens: context, max_output_tokens: output, max_prompt_tokens: prompt, ...more }
}

function vision (count: number, types: string[]): Limits {
  return { vision: { max_prompt_image_size: 3_145_728, max_prompt_images: count, supported_media_types: types } }
}

const claude = vision(5, images)
const openai = vision(1, [...images, 'image/gif'])
const claudeLong: Limits = { max_non_streaming_output_tokens: 16_000 }
const tools: Supports = { parallel_tool_calls: true, streaming: true, tool_calls: true }
const seeing: Supports = { ...tools, vision: true }
const structured: Supports = { ...seeing, structured_outputs: true }
const reasoning: Supports = { ...structured, reasoning_effort: effort }
const thinking: Supports = { ...seeing, max_thinking_budget: 32_000, min_thinking_budget: 1024 }
const adaptive: Supports = { ...thinking, adaptive_thinking: true, reasoning_effort: effort, structured_outputs: true }

interface Sketch extends Partial<Omit<ModelEntry, 'capabilities' | 'billing'>> {
  id: string
  name: string
  vendor: string
  /** Premium requests a call costs; undefined leaves `billing` out. */
  cost?: number
  restricted?: string[]
  /** Instead of `cost`: what credits buy. */
  prices?: { input: number, output: number }
  family?: string
  type?: ModelEntry['capabilities']['type']
  tokenizer?: string
  limits?: Limits
  supports: Supports
  /** Whether the entry has terms, and whether they are agreed to. */
  consent?: 'enabled' | 'unconfigured'
}

function entry (sketch: Sketch): ModelEntry {
  const { cost, restricted, prices, family, type = 'chat', tokenizer = 'o200k_base', limits, supports, consent, ...rest } = sketch
  return {
    object: 'model', version: sketch.id, preview: false, model_picker_enabled: true, is_chat_default: false, is_chat_fallback: false,
    ...rest,
    ...(cost === undefined ? {} : { billing: { is_premium: cost > 0, multiplier: cost, ...(restricted === undefined ? {} : { restricted_to: restricted }) } }),
    ...(prices === undefined ? {} : { billing: { token_prices: { batch_size: 1_000_000, default: { input_price: prices.input, cache_price: prices.input / 10, output_price: prices.output } } } }),
    ...(consent === undefined ? {} : { policy: { state: consent, terms: `Terms of ${sketch.name}. [Learn more](https://gh.io/example).` } }),
    capabilities: { family: family ?? sketch.id, object: 'model_capabilities', tokenizer, type, ...(limits === undefined ? {} : { limits }), supports },
  }
}

/** Real entries. */
const known: ModelEntry[] = [
  entry({ id: 'gpt-4.1', name: 'GPT-4.1', vendor: azure, version: 'gpt-4.1-2025-04-14', is_chat_default: true, is_chat_fallback: true, model_picker_category: 'versatile', cost: 0, consent: 'enabled', limits: limits(128_000, 16_384, 128_000, openai), supports: structured }),
  entry({ id: 'gpt-4o', name: 'GPT-4o', vendor: azure, version: 'gpt-4o-2024-11-20', model_picker_category: 'versatile', cost: 0, limits: limits(64_000, 4096, 128_000, openai), supports: seeing }),
  entry({ id: 'gpt-5-mini', name: 'GPT-5 mini', vendor: azure, model_picker_category: 'lightweight', cost: 0, consent: 'enabled', supported_endpoints: [C, R, W], limits: limits(128_000, 64_000, 264_000, openai), supports: reasoning }),
  entry({ id: 'gpt-5.1', name: 'GPT-5.1', vendor: 'OpenAI', model_picker_category: 'versatile', cost: 1, restricted: everyone, consent: 'enabled', supported_endpoints: [C, R, W], limits: limits(128_000, 64_000, 264_000, openai), supports: { ...reasoning, reasoning_effort: ['none', ...effort] } }),
  entry({ id: 'gpt-5.3-codex', name: 'GPT-5.3-Codex', vendor: 'OpenAI', model_picker_category: 'powerful', cost: 1, restricted: ['pro', 'edu', 'pro_plus', 'individual_trial', 'business', 'enterprise'], consent: 'enabled', supported_endpoints: [R, W], limits: limits(272_000, 128_000, 400_000, openai), supports: reasoning }),
  entry({ id: 'gpt-5.4-mini', name: 'GPT-5.4 mini', vendor: 'OpenAI', model_picker_category: 'lightweight', cost: 0.33, restricted: ['pro', 'pro_plus', 'individual_trial', 'edu', 'business', 'enterprise'], supported_endpoints: [R, W], limits: limits(272_000, 128_000, 400_000, openai), supports: reasoning }),
  entry({ id: 'claude-sonnet-4', name: 'Claude Sonnet 4', vendor: 'Anthropic', model_picker_category: 'versatile', cost: 1, restricted: everyone.slice(0, 5), consent: 'enabled', supported_endpoints: [C, M], limits: limits(128_000, 16_000, 216_000, claude), supports: thinking }),
  entry({ id: 'claude-sonnet-4.5', name: 'Claude Sonnet 4.5', vendor: 'Anthropic', model_picker_category: 'versatile', cost: 1, consent: 'enabled', supported_endpoints: [C, M], limits: limits(168_000, 32_000, 200_000, { ...claude, ...claudeLong }), supports: thinking }),
  entry({ id: 'claude-haiku-4.5', name: 'Claude Haiku 4.5', vendor: 'Anthropic', model_picker_category: 'versatile', cost: 0.33, consent: 'enabled', supported_endpoints: [C, M], limits: limits(136_000, 64_000, 200_000, { ...claude, ...claudeLong }), supports: thinking }),
  entry({ id: 'claude-sonnet-4.6', name: 'Claude Sonnet 4.6', vendor: 'Anthropic', model_picker_category: 'versatile', cost: 1, restricted: ['pro', 'pro_plus', 'individual_trial', 'business', 'enterprise'], consent: 'enabled', supported_endpoints: [C, M], limits: limits(168_000, 32_000, 200_000, { ...claude, ...claudeLong }), supports: adaptive }),
  entry({ id: 'claude-opus-4.6', name: 'Claude Opus 4.6', vendor: 'Anthropic', model_picker_category: 'powerful', cost: 3, restricted: ['pro', 'pro_plus', 'individual_trial', 'business', 'enterprise'], consent: 'enabled', supported_endpoints: [M, C], limits: limits(168_000, 32_000, 200_000, { ...vision(1, images), ...claudeLong }), supports: adaptive }),
  entry({ id: 'gemini-2.5-pro', name: 'Gemini 2.5 Pro', vendor: 'Google', model_picker_category: 'powerful', cost: 1, restricted: everyone, consent: 'enabled', limits: limits(128_000, 64_000, 128_000, vision(10, [...images, 'image/heic', 'image/heif'])), supports: { ...seeing, max_thinking_budget: 32_768, min_thinking_budget: 128 } }),
  entry({ id: 'gemini-3.1-pro-preview', name: 'Gemini 3.1 Pro', vendor: 'Google', preview: true, model_picker_category: 'powerful', cost: 1, restricted: ['edu', 'pro', 'pro_plus', 'individual_trial', 'business', 'enterprise'], consent: 'enabled', supported_endpoints: [C], limits: limits(136_000, 64_000, 200_000, vision(10, images)), supports: { ...seeing, max_thinking_budget: 32_000, min_thinking_budget: 256, reasoning_effort: effort } }),
  entry({ id: 'gpt-3.5-turbo', name: 'GPT 3.5 Turbo', vendor: azure, version: 'gpt-3.5-turbo-0613', model_picker_enabled: false, cost: 0, restricted: everyone, tokenizer: 'cl100k_base', limits: limits(12_288, 4096, 16_384), supports: { streaming: true, tool_calls: true } }),
  entry({ id: 'gpt-41-copilot', name: 'GPT-4.1 Copilot', vendor: azure, model_picker_category: 'versatile', cost: 0, family: 'gpt-4.1', type: 'completion', supports: { streaming: true } }),
  entry({ id: 'text-embedding-3-small', name: 'Embedding V3 small', vendor: azure, model_picker_enabled: false, cost: 0, tokenizer: 'cl100k_base', type: 'embeddings', limits: { max_inputs: 512 }, supports: { dimensions: true } }),
]

const gpt4 = entry({ id: 'gpt-4', name: 'GPT 4', vendor: azure, version: 'gpt-4-0613', model_picker_enabled: false, cost: 0, tokenizer: 'cl100k_base', limits: limits(32_768, 4096, 32_768), supports: { streaming: true, tool_calls: true } })

/** Ids seen elsewhere, each with an oddity: doubled, hidden, without consent, without billing, priced by token, unable to stream. */
const odd: ModelEntry[] = [
  gpt4,
  gpt4,
  entry({ id: 'gpt-4o-mini', name: 'GPT-4o mini', vendor: azure, version: 'gpt-4o-mini-2024-07-18', model_picker_enabled: false, cost: 0, limits: limits(12_288, 4096, 128_000), supports: tools }),
  entry({ id: 'grok-code-fast-1', name: 'Grok Code Fast 1', vendor: 'xAI', cost: 0.25, consent: 'unconfigured', supported_endpoints: [C], limits: limits(128_000, 64_000, 128_000), supports: tools }),
  entry({ id: 'oswe-vscode-prime', name: 'Raptor mini', vendor: azure, preview: true, supported_endpoints: [C, R], limits: limits(200_000, 64_000, 264_000), supports: reasoning }),
  entry({ id: 'gpt-5.2', name: 'GPT-5.2', vendor: 'OpenAI', prices: { input: 175, output: 1400 }, consent: 'enabled', supported_endpoints: [C, R, W], limits: limits(272_000, 128_000, 400_000, openai), supports: reasoning }),
  entry({ id: 'oswe-vscode-secondary', name: 'Raptor mini 2', vendor: azure, prices: { input: 0, output: 0 }, supported_endpoints: [C], limits: limits(200_000, 64_000, 264_000), supports: reasoning }),
  entry({ id: 'o1', name: 'o1', vendor: azure, cost: 1, supported_endpoints: [C], limits: limits(20_000, 100_000, 200_000), supports: { structured_outputs: true, tool_calls: true } }),
  entry({ id: 'o3-mini', name: 'o3-mini', vendor: azure, cost: 0.33, limits: limits(64_000, 100_000, 200_000), supports: { reasoning_effort: effort, streaming: false, structured_outputs: true, tool_calls: true } }),
]

export const models: readonly ModelEntry[] = [...known, ...odd]

/** Answers of this one have no `created`. */
export const withoutCreated = 'gpt-4o-mini'

export function findModel (list: readonly ModelEntry[], id: string): ModelEntry | undefined {
  return list.find(model => model.id === id)
}
