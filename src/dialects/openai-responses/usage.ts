// Where a Responses answer says what it cost, and how it is said. `translation.md` 2.9.2.
import { isObject, type JsonObject } from '../../json.ts'
import type { Usage } from '../dialect.ts'
import { fields } from './wire.ts'

/** Null when nothing is said. @param response the whole answer; @param event may carry the credits instead of it */
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

/** Zeros where upstream said nothing: clients of this dialect rely on the object. */
export function writeUsage (usage: Usage | null): JsonObject {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = usage ?? {}
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  }
}

function count (value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
}
