// Token counts in each dialect's fields, and their price in credits.
import type { Answer, Usage } from './answer-parts.ts'
import type { ModelEntry } from './model-entry.ts'

export function chatUsage (
  { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens }: Usage,
  details: boolean,
): object {
  return {
    completion_tokens: outputTokens,
    ...(details
      ? {
        completion_tokens_details: { accepted_prediction_tokens: 0, rejected_prediction_tokens: 0,
          ...(reasoningTokens > 0 ? { reasoning_tokens: reasoningTokens } : {}) },
      }
      : {}),
    prompt_tokens: inputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens,
      ...(cacheWriteTokens > 0 ? { cache_write_tokens: cacheWriteTokens } : {}) },
    total_tokens: inputTokens + outputTokens,
  }
}

export function responsesUsage ({ inputTokens, outputTokens, cachedTokens, reasoningTokens }: Usage): object {
  return { input_tokens: inputTokens, input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: outputTokens, output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens }
}

/** Here `input_tokens` leaves out tokens read from or written to the cache. */
export function messagesUsage ({ inputTokens, outputTokens, cachedTokens, cacheWriteTokens }: Usage): object {
  return { cache_creation_input_tokens: cacheWriteTokens, cache_read_input_tokens: cachedTokens,
    input_tokens: inputTokens - cachedTokens - cacheWriteTokens, output_tokens: outputTokens }
}

/**
 * Billionths of a credit for a million input tokens, at a multiplier of one. Output costs five times as much, cached
 * input a tenth.
 */
const perBatch = 200_000_000_000

/** A model's price as a multiple of the usual one; 0: free. */
export function copilotPrice ({ billing }: ModelEntry): number {
  return billing?.multiplier ?? (billing?.token_prices === undefined ? 0 : 1)
}

export function copilotUsage (
  model: ModelEntry,
  { usage }: Pick<Answer, 'usage'>,
): { token_details: object[], total_nano_aiu: number } {
  const factor = copilotPrice(model)
  if (factor === 0) return { token_details: [], total_nano_aiu: 0 }
  const rows = [['input', usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens, 1], ['cache_read',
    usage.cachedTokens, 0.1], ['cache_write', usage.cacheWriteTokens, 1.25], ['output', usage.outputTokens, 5]] as const
  const details = rows.map(([type, count, weight]) => ({ batch_size: 1_000_000,
    cost_per_batch: Math.round(perBatch * factor * weight), model: model.id, token_count: count, token_type: type })
  )
  return { token_details: details,
    total_nano_aiu: details.reduce((sum, row) => sum + row.token_count * row.cost_per_batch / row.batch_size, 0) }
}
