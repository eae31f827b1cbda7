// Where a Chat answer says what it cost.
import { isObject } from '../../json.ts'
import type { Usage } from '../dialect.ts'
import type { WireAnswer } from './wire.ts'

/** Null when the answer, or the chunk, says nothing of it. */
export function readUsage ({ usage, copilot_usage: credits }: WireAnswer): Usage | null {
  if (!isObject(usage)) return null
  const details = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {}
  const outputDetails = isObject(usage['completion_tokens_details']) ? usage['completion_tokens_details'] : {}
  return {
    input: count(usage['prompt_tokens']),
    cacheRead: count(details['cached_tokens']),
    cacheWrite: count(details['cache_write_tokens'] ?? usage['cache_creation_input_tokens']),
    output: count(usage['completion_tokens']),
    reasoning: count(outputDetails['reasoning_tokens']),
    nanoCredits: isObject(credits) ? count(credits['total_nano_aiu']) : 0,
  }
}

function count (value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
}
