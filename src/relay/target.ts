// What is to be known of the model that is asked: from its entry, or, while no list is known, by its id.
import type { Target } from '../dialects/dialect.ts'
import { effortsOf, endpointsOf, featureNumber, limitOf, supports } from '../model-entry.ts'
import type { ResolvedModel } from './resolve-model.ts'

export function toTarget ({ id, entry, streams }: ResolvedModel, stream: boolean): Target {
  const common = { id, family: familyOf(id), streams, stream, isListed: entry !== null }
  if (entry === null) return { ...common, ...guess(id) }
  const min = featureNumber(entry, 'min_thinking_budget')
  const max = featureNumber(entry, 'max_thinking_budget')
  return {
    ...common,
    supports: {
      tools: supports(entry, 'tool_calls'), vision: supports(entry, 'vision'),
      structuredOutputs: supports(entry, 'structured_outputs'), adaptiveThinking: supports(entry, 'adaptive_thinking'),
    },
    efforts: effortsOf(entry),
    thinkingBudget: max === null ? null : { min: min ?? 1_024, max },
    maxOutputTokens: limitOf(entry, 'max_output_tokens'),
    maxNonStreamingOutputTokens: limitOf(entry, 'max_non_streaming_output_tokens'),
  }
}

/** The paths on which upstream serves a model. */
export function pathsOf ({ id, entry }: Pick<ResolvedModel, 'id' | 'entry'>): readonly string[] {
  if (entry !== null) return endpointsOf(entry)
  if (id.startsWith('claude-')) return ['/chat/completions', '/v1/messages']
  if (/^gpt-5[\w.]*-codex/.test(id) || /^gpt-5\.[3-9]/.test(id)) return ['/responses']
  if (/^gpt-5/.test(id)) return ['/chat/completions', '/responses']
  return ['/chat/completions']
}

function familyOf (id: string): Target['family'] {
  if (id.startsWith('claude')) return 'claude'
  if (id.startsWith('gemini')) return 'gemini'
  return /^(?:gpt|o\d|chatgpt|codex)/.test(id) ? 'openai' : 'other'
}

/** What models of the kind have had so far. */
function guess (id: string): Pick<Target, 'supports' | 'efforts' | 'thinkingBudget' | 'maxOutputTokens' | 'maxNonStreamingOutputTokens'> {
  const isClaude = id.startsWith('claude')
  const isNewClaude = /^claude-\w+-(?:4\.[6-9]|[5-9])/.test(id)
  const thinks = isClaude ? !/^claude-3\.5/.test(id) : id.startsWith('gemini')
  return {
    supports: { tools: !/^o1-/.test(id), vision: true, structuredOutputs: !isClaude || isNewClaude, adaptiveThinking: isNewClaude },
    efforts: /^(?:gpt-5|o\d)/.test(id) || isNewClaude ? ['low', 'medium', 'high'] : [],
    thinkingBudget: thinks ? { min: 1_024, max: 32_000 } : null,
    maxOutputTokens: null,
    maxNonStreamingOutputTokens: isClaude ? 16_000 : null,
  }
}
