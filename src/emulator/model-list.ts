// The served models: a selection of real entries, and oddities that real lists contained.
import { newer } from './model-list-newer.ts'
import { adaptive, azure, C, claude, claudeLong, effort, entry, everyone, images, limits, M, openai, R, reasoning,
  seeing, structured, thinking, tools, vision, W } from './model-sketch.ts'
import type { ModelEntry } from './model-entry.ts'

/** Real entries. */
const known: ModelEntry[] = [
  entry({ id: 'gpt-4.1', name: 'GPT-4.1', vendor: azure, version: 'gpt-4.1-2025-04-14', is_chat_default: true,
    is_chat_fallback: true, model_picker_category: 'versatile', cost: 0, consent: 'enabled',
    limits: limits(128_000, 16_384, 128_000, openai), supports: structured }),
  entry({ id: 'gpt-4o', name: 'GPT-4o', vendor: azure, version: 'gpt-4o-2024-11-20', model_picker_category: 'versatile',
    cost: 0, limits: limits(64_000, 4096, 128_000, openai), supports: seeing }),
  entry({ id: 'gpt-5-mini', name: 'GPT-5 mini', vendor: azure, model_picker_category: 'lightweight', cost: 0,
    consent: 'enabled', supported_endpoints: [C, R, W], limits: limits(128_000, 64_000, 264_000, openai),
    supports: reasoning }),
  entry({
    id: 'gpt-5.1',
    name: 'GPT-5.1',
    vendor: 'OpenAI',
    model_picker_category: 'versatile',
    cost: 1,
    restricted: everyone,
    consent: 'enabled',
    supported_endpoints: [C, R, W],
    limits: limits(128_000, 64_000, 264_000, openai),
    supports: { ...reasoning, reasoning_effort: ['none', ...effort] },
  }),
  entry({
    id: 'gpt-5.3-codex',
    name: 'GPT-5.3-Codex',
    vendor: 'OpenAI',
    model_picker_category: 'powerful',
    cost: 1,
    restricted: ['pro', 'edu', 'pro_plus', 'individual_trial', 'business', 'enterprise'],
    consent: 'enabled',
    supported_endpoints: [R, W],
    limits: limits(272_000, 128_000, 400_000, openai),
    supports: reasoning,
  }),
  entry({
    id: 'gpt-5.4-mini',
    name: 'GPT-5.4 mini',
    vendor: 'OpenAI',
    model_picker_category: 'lightweight',
    cost: 0.33,
    restricted: ['pro', 'pro_plus', 'individual_trial', 'edu', 'business', 'enterprise'],
    supported_endpoints: [R, W],
    limits: limits(272_000, 128_000, 400_000, openai),
    supports: reasoning,
  }),
  entry({
    id: 'claude-sonnet-4',
    name: 'Claude Sonnet 4',
    vendor: 'Anthropic',
    model_picker_category: 'versatile',
    cost: 1,
    restricted: everyone.slice(0, 5),
    consent: 'enabled',
    supported_endpoints: [C, M],
    limits: limits(128_000, 16_000, 216_000, claude),
    supports: thinking,
  }),
  entry({ id: 'claude-sonnet-4.5', name: 'Claude Sonnet 4.5', vendor: 'Anthropic', model_picker_category: 'versatile',
    cost: 1, consent: 'enabled', supported_endpoints: [C, M],
    limits: limits(168_000, 32_000, 200_000, { ...claude, ...claudeLong }), supports: thinking }),
  entry({ id: 'claude-haiku-4.5', name: 'Claude Haiku 4.5', vendor: 'Anthropic', model_picker_category: 'versatile',
    cost: 0.33, consent: 'enabled', supported_endpoints: [C, M],
    limits: limits(136_000, 64_000, 200_000, { ...claude, ...claudeLong }), supports: thinking }),
  entry({
    id: 'claude-sonnet-4.6',
    name: 'Claude Sonnet 4.6',
    vendor: 'Anthropic',
    model_picker_category: 'versatile',
    cost: 1,
    restricted: ['pro', 'pro_plus', 'individual_trial', 'business', 'enterprise'],
    consent: 'enabled',
    supported_endpoints: [C, M],
    limits: limits(168_000, 32_000, 200_000, { ...claude, ...claudeLong }),
    supports: adaptive,
  }),
  entry({
    id: 'claude-opus-4.6',
    name: 'Claude Opus 4.6',
    vendor: 'Anthropic',
    model_picker_category: 'powerful',
    cost: 3,
    restricted: ['pro', 'pro_plus', 'individual_trial', 'business', 'enterprise'],
    consent: 'enabled',
    supported_endpoints: [M, C],
    limits: limits(168_000, 32_000, 200_000, { ...vision(1, images), ...claudeLong }),
    supports: adaptive,
  }),
  entry({
    id: 'gemini-2.5-pro',
    name: 'Gemini 2.5 Pro',
    vendor: 'Google',
    model_picker_category: 'powerful',
    cost: 1,
    restricted: everyone,
    consent: 'enabled',
    limits: limits(128_000, 64_000, 128_000, vision(10, [...images, 'image/heic', 'image/heif'])),
    supports: { ...seeing, max_thinking_budget: 32_768, min_thinking_budget: 128 },
  }),
  entry({
    id: 'gemini-3.1-pro-preview',
    name: 'Gemini 3.1 Pro',
    vendor: 'Google',
    preview: true,
    model_picker_category: 'powerful',
    cost: 1,
    restricted: ['edu', 'pro', 'pro_plus', 'individual_trial', 'business', 'enterprise'],
    consent: 'enabled',
    supported_endpoints: [C],
    limits: limits(136_000, 64_000, 200_000, vision(10, images)),
    supports: { ...seeing, max_thinking_budget: 32_000, min_thinking_budget: 256, reasoning_effort: effort },
  }),
  entry({ id: 'gpt-3.5-turbo', name: 'GPT 3.5 Turbo', vendor: azure, version: 'gpt-3.5-turbo-0613',
    model_picker_enabled: false, cost: 0, restricted: everyone, tokenizer: 'cl100k_base',
    limits: limits(12_288, 4096, 16_384), supports: { streaming: true, tool_calls: true } }),
  entry({ id: 'gpt-41-copilot', name: 'GPT-4.1 Copilot', vendor: azure, model_picker_category: 'versatile', cost: 0,
    family: 'gpt-4.1', type: 'completion', supports: { streaming: true } }),
  entry({ id: 'text-embedding-3-small', name: 'Embedding V3 small', vendor: azure, model_picker_enabled: false, cost: 0,
    tokenizer: 'cl100k_base', type: 'embeddings', limits: { max_inputs: 512 }, supports: { dimensions: true } }),
]

const gpt4 = entry({ id: 'gpt-4', name: 'GPT 4', vendor: azure, version: 'gpt-4-0613', model_picker_enabled: false,
  cost: 0, tokenizer: 'cl100k_base', limits: limits(32_768, 4096, 32_768),
  supports: { streaming: true, tool_calls: true } })

/**
 * Real ids, each with an oddity: duplicate, hidden, without consent, without billing, priced by token, unable to
 * stream.
 */
const odd: ModelEntry[] = [gpt4, gpt4,
  entry({ id: 'gpt-4o-mini', name: 'GPT-4o mini', vendor: azure, version: 'gpt-4o-mini-2024-07-18',
    model_picker_enabled: false, cost: 0, limits: limits(12_288, 4096, 128_000), supports: tools }),
  entry({ id: 'grok-code-fast-1', name: 'Grok Code Fast 1', vendor: 'xAI', cost: 0.25, consent: 'unconfigured',
    supported_endpoints: [C], limits: limits(128_000, 64_000, 128_000), supports: tools }),
  entry({ id: 'oswe-vscode-prime', name: 'Raptor mini', vendor: azure, preview: true, supported_endpoints: [C, R],
    limits: limits(200_000, 64_000, 264_000), supports: reasoning }),
  entry({ id: 'gpt-5.2', name: 'GPT-5.2', vendor: 'OpenAI', prices: { input: 175, output: 1400 }, consent: 'enabled',
    supported_endpoints: [C, R, W], limits: limits(272_000, 128_000, 400_000, openai), supports: reasoning }),
  entry({ id: 'oswe-vscode-secondary', name: 'Raptor mini 2', vendor: azure, prices: { input: 0, output: 0 },
    supported_endpoints: [C], limits: limits(200_000, 64_000, 264_000), supports: reasoning }),
  entry({ id: 'o1', name: 'o1', vendor: azure, cost: 1, supported_endpoints: [C],
    limits: limits(20_000, 100_000, 200_000), supports: { structured_outputs: true, tool_calls: true } }),
  entry({ id: 'o3-mini', name: 'o3-mini', vendor: azure, cost: 0.33, limits: limits(64_000, 100_000, 200_000),
    supports: { reasoning_effort: effort, streaming: false, structured_outputs: true, tool_calls: true } })]

export const models: readonly ModelEntry[] = [...known, ...odd, ...newer]

/** Answers of this model have no `created`. */
export const withoutCreated = 'gpt-4o-mini'

export function findModel (list: readonly ModelEntry[], id: string): ModelEntry | undefined {
  return list.find(model => model.id === id)
}
