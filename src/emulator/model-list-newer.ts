// Models from the second half of 2026: priced by token, with the newer fields for tool search, context editing and
// Auto.
import { adaptive, C, claude, claudeLong, entry, images, limits, M, openai, R, reasoning, seeing, vision,
  W } from './model-sketch.ts'
import type { ModelEntry } from './model-entry.ts'

const upToXhigh = ['low', 'medium', 'high', 'xhigh']
const searching = { ...reasoning, reasoning_effort: ['none', ...upToXhigh], tool_search: true }
const wideClaude = limits(168_000, 64_000, 200_000, { ...claude, ...claudeLong })
const newerClaude = { ...adaptive, reasoning_effort: upToXhigh }
const cheap = { model_picker_price_category: 'low', model_picker_category: 'lightweight' }
const usual = { model_picker_price_category: 'medium', model_picker_category: 'versatile' }
const dear = { model_picker_price_category: 'high', model_picker_category: 'powerful' }

export const newer: readonly ModelEntry[] = [
  entry({ id: 'gpt-5.4', name: 'GPT-5.4', vendor: 'OpenAI', ...usual, prices: { input: 250, output: 1500 },
    autoDiscount: 0.1, supported_endpoints: [R, W], limits: limits(272_000, 128_000, 400_000, openai),
    supports: searching }),
  entry({ id: 'gpt-5.5', name: 'GPT-5.5', vendor: 'OpenAI', ...dear, prices: { input: 500, output: 3000 },
    autoDiscount: 0.1, supported_endpoints: [R, W], limits: limits(272_000, 128_000, 400_000, openai),
    supports: searching }),
  entry({ id: 'gpt-5.6-sol', name: 'GPT-5.6 Sol', vendor: 'OpenAI', ...dear, preview: true,
    prices: { input: 500, output: 3000 }, supported_endpoints: [R, W],
    limits: limits(272_000, 128_000, 400_000, openai), supports: searching,
    info_messages: [{ code: 'preview', message: 'This model is in preview.' }] }),
  entry({ id: 'claude-opus-4.5', name: 'Claude Opus 4.5', vendor: 'Anthropic', ...dear, cost: 3, consent: 'enabled',
    supported_endpoints: [C, M], limits: limits(168_000, 32_000, 200_000, { ...claude, ...claudeLong }),
    supports: { ...seeing, max_thinking_budget: 32_000, min_thinking_budget: 1024 } }),
  entry({ id: 'claude-opus-4.7', name: 'Claude Opus 4.7', vendor: 'Anthropic', ...dear,
    prices: { input: 500, output: 2500 }, consent: 'enabled', supported_endpoints: [M, C], limits: wideClaude,
    supports: { ...newerClaude, context_editing: true } }),
  entry({ id: 'claude-opus-4.8', name: 'Claude Opus 4.8', vendor: 'Anthropic', ...dear,
    prices: { input: 500, output: 2500 }, consent: 'enabled', supported_endpoints: [M], limits: wideClaude,
    supports: { ...newerClaude, context_editing: true, tool_search: true } }),
  entry({ id: 'claude-sonnet-5', name: 'Claude Sonnet 5', vendor: 'Anthropic', ...usual,
    prices: { input: 300, output: 1500 }, autoDiscount: 0.1, consent: 'enabled', supported_endpoints: [M, C],
    limits: wideClaude, supports: { ...newerClaude, context_editing: false, tool_search: true } }),
  entry({ id: 'claude-opus-5', name: 'Claude Opus 5', vendor: 'Anthropic', ...dear,
    prices: { input: 500, output: 2500 }, consent: 'enabled', supported_endpoints: [M], limits: wideClaude,
    supports: { ...newerClaude, context_editing: false, tool_search: true } }),
  entry({ id: 'gemini-3-pro-preview', name: 'Gemini 3 Pro', vendor: 'Google', family: 'gemini-3-pro', preview: true,
    ...usual, cost: 1, consent: 'enabled', limits: limits(136_000, 64_000, 200_000, vision(10, images)),
    supports: { ...seeing, max_thinking_budget: 32_000, min_thinking_budget: 256,
      reasoning_effort: ['low', 'high'] } }),
  entry({ id: 'gemini-3-flash-preview', name: 'Gemini 3 Flash', vendor: 'Google', family: 'gemini-3-flash',
    preview: true, ...cheap, cost: 0.33, consent: 'enabled',
    limits: limits(128_000, 64_000, 128_000, vision(10, images)),
    supports: { ...seeing, max_thinking_budget: 32_000, min_thinking_budget: 256,
      reasoning_effort: ['low', 'medium', 'high'] } }),
]
