// The facts about the requested model: from its entry, or by its id while no list is known.
import type { Target } from '../dialects/contract/dialect.ts'
import { effortsOf, endpointsOf, featureNumber, limitOf, supports, type Model } from '../model-entry.ts'
import { familyOf, guessFacts, guessPaths } from '../rules/model-facts.ts'
import type { ResolvedModel } from './resolve-model.ts'

/** Of an entry: the streamed call's, and the other's. */
const known = new WeakMap<Model, { streamed?: Target, whole?: Target }>()

/** The same object for the same entry, model and form of call, so that the rules for it are chosen once. */
export function toTarget (model: ResolvedModel, stream: boolean): Target {
  const { id, entry, streams } = model
  if (entry === null) return makeTarget(model, stream)
  const both = known.get(entry) ?? {}
  const last = stream ? both.streamed : both.whole
  if (last?.id === id && last.streams === streams) return last
  const target = makeTarget(model, stream)
  known.set(entry, { ...both, [stream ? 'streamed' : 'whole']: target })
  return target
}

function makeTarget ({ id, entry, streams }: ResolvedModel, stream: boolean): Target {
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
