// Reads and writes the usage of a Responses answer. `docs/spec/translation.md#usage`.
import { isObject, type JsonObject } from '../../json.ts'
import type { Usage } from '../contract/dialect.ts'
import type { AnswerUsage } from './wire-answer.ts'
import { fields } from './wire.ts'

/** Null if there is none. @param response the whole answer @param event may contain the credits instead */
export function readUsage (response: JsonObject, event: JsonObject = {}): Usage | null {
  const { usage } = response
  if (!isObject(usage)) return null
  const details = fields(usage['input_tokens_details'])
  const credits = fields(response['copilot_usage'] ?? event['copilot_usage'])
  return {
    input: count(usage['input_tokens']),
    cacheRead: count(details['cached_tokens']),
    cacheWrite: count(details['cache_write_tokens']),
    output: count(usage['output_tokens']),
    reasoning: count(fields(usage['output_tokens_details'])['reasoning_tokens']),
    nanoCredits: count(credits['total_nano_aiu']),
  }
}

/** Zeros if upstream sent no usage: clients of this dialect rely on the object. */
export function writeUsage (usage: Usage | null): AnswerUsage {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = usage ?? {}
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  }
}

/** Completes upstream's usage with the counts that it left out. */
export function repairUsage (usage: unknown): JsonObject | null {
  if (!isObject(usage)) return null
  const { input_tokens: input, output_tokens: output } = usage
  return {
    ...usage,
    input_tokens: count(input),
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, ...fields(usage['input_tokens_details']) },
    output_tokens: count(output),
    output_tokens_details: { reasoning_tokens: 0, ...fields(usage['output_tokens_details']) },
    total_tokens: typeof usage['total_tokens'] === 'number' ? usage['total_tokens'] : count(input) + count(output),
  }
}

function count (value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
}
