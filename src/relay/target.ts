// The facts about the requested model: from its entry, or by its id while no list is known.
import type { Target } from '../dialects/contract/dialect.ts'
import { effortsOf, endpointsOf, featureNumber, limitOf, supports } from '../model-entry.ts'
import { familyOf, guessFacts, guessPaths } from '../rules/model-facts.ts'
import type { ResolvedModel } from './resolve-model.ts'

export function toTarget ({ id, entry, streams }: ResolvedModel, stream: boolean): Target {
  const common = { id, family: familyOf(id, entry), streams, stream, isListed: entry !== null, entry }
  if (entry === null) return { ...common, ...guessFacts(id) }
  const min = featureNumber(entry, 'min_thinking_budget')
  const max = featureNumber(entry, 'max_thinking_budget')
  return {
    ...common,
    supports: {
      tools: supports(entry, 'tool_calls'),
      vision: supports(entry, 'vision'),
      structuredOutputs: supports(entry, 'structured_outputs'),
      adaptiveThinking: supports(entry, 'adaptive_thinking'),
    },
    efforts: effortsOf(entry),
    thinkingBudget: max === null ? null : { min: min ?? 1_024, max },
    maxOutputTokens: limitOf(entry, 'max_output_tokens'),
    maxNonStreamingOutputTokens: limitOf(entry, 'max_non_streaming_output_tokens'),
  }
}

/**
 * The paths on which upstream serves a model. Nothing is known about an unknown id, so the client's own dialect is
 * tried.
 */
export function pathsOf ({ id, entry }: Pick<ResolvedModel, 'id' | 'entry'>): readonly string[] {
  return entry === null ? guessPaths(id) : endpointsOf(entry)
}
