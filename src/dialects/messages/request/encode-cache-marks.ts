// Sets the `cache_control` marks of a translated prompt. `rules/messages-marks.ts` limits their number and places.
import type { JsonObject } from '../../../json.ts'

export const ephemeral = { type: 'ephemeral' }

export function withCache (block: JsonObject): JsonObject {
  return { ...block, cache_control: ephemeral }
}

/** Thinking blocks cannot have a mark. */
export function takesCache ({ type }: JsonObject): boolean {
  return type !== 'thinking' && type !== 'redacted_thinking'
}
