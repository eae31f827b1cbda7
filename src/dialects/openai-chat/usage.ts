// Where a Chat answer says what it cost.
import { isObject } from '../../json.ts'
import type { Usage } from '../dialect.ts'
import type { WireAnswer } from './wire.ts'

/** Null when the answer, or the chunk, says nothing of it. */
export function readUsage ({ usage, copilot_usage: credits }: WireAnswer): Usage | null {
  if (!isObject(usage)) return null
  const details = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {}
  return {
    input: count(usage['prompt_tokens']),
    cached: count(details['cached_tokens']),
    output: count(usage['completion_tokens']),
    nanoCredits: isObject(credits) ? count(credits['total_nano_aiu']) : 0,
  }
}

function count (value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
}
