// Reads the usage of a Chat answer, and writes it for a Chat client.
import { isObject } from '../../json.ts'
import type { Usage } from '../contract/dialect.ts'
import type { PlainEvent } from '../contract/plain-event.ts'
import { integersIn } from '../shared/varying.ts'
import type { ChatUsage, WireAnswer } from './wire.ts'

/** Null if the answer, or the chunk, contains no usage. */
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
    nanoCredits: readCredits(credits),
  }
}

export interface UsageMeter {
  readonly read: (chunk: WireAnswer) => void
  readonly usage: () => Usage | null
}

/** For a stream: the last value counts, and the credits may be in another chunk than the tokens. */
export function createUsageMeter (): UsageMeter {
  let usage: Usage | null = null
  let nanoCredits = 0
  return {
    read (chunk) {
      usage = readUsage(chunk) ?? usage
      nanoCredits = readCredits(chunk.copilot_usage) || nanoCredits
    },
    usage: () => usage === null ? null : { ...usage, nanoCredits },
  }
}

/** What may differ in the next chunk with usage, and how it is counted. */
export function varyingUsage (
  chunk: WireAnswer,
  meter: UsageMeter,
  isSent: boolean,
): Pick<PlainEvent, 'values' | 'seen'> {
  const { usage, copilot_usage: credits } = chunk
  if (!isObject(usage) && !isObject(credits)) return { values: [] }
  return {
    values: [...integersIn(usage, 'usage', isSent, true), ...integersIn(credits, 'copilot_usage', isSent, true)],
    seen () {
      meter.read(chunk)
    },
  }
}

export function writeUsage ({ input, cacheRead, cacheWrite, output, reasoning }: Usage): ChatUsage {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0, accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0 },
  }
}

function readCredits (credits: unknown): number {
  return isObject(credits) ? count(credits['total_nano_aiu']) : 0
}

function count (value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
}
