// Reads and writes the usage of a Messages answer. `docs/spec/translation.md#usage`.
import { isObject, type JsonObject } from '../../json.ts'
import type { Usage } from '../contract/part.ts'
import type { ServerToolUsage, WireUsage } from './wire.ts'

export interface UsageReader {
  /** Reads `usage` and `copilot_usage` of an answer or an event. Later values override earlier ones. */
  readonly read: (holder: JsonObject) => void
  /** Null until the first usage. */
  readonly usage: () => Usage | null
}

export function createUsageReader (): UsageReader {
  let known: Record<string, number> | null = null
  let nanoCredits = 0
  return {
    read ({ usage, copilot_usage: credits }) {
      if (isObject(credits)) nanoCredits = count(credits['total_nano_aiu']) ?? nanoCredits
      if (!isObject(usage)) return
      const details = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {}
      known ??= {}
      for (const name of ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'output_tokens']) {
        known[name] = count(usage[name]) ?? known[name] ?? 0
      }
      known['thinking_tokens'] = count(details['thinking_tokens']) ?? known['thinking_tokens'] ?? 0
    },
    usage () {
      if (known === null) return null
      const { input_tokens: fresh = 0, cache_read_input_tokens: cacheRead = 0,
        cache_creation_input_tokens: cacheWrite = 0, output_tokens: output = 0, thinking_tokens: reasoning = 0 } = known
      return { input: fresh + cacheRead + cacheWrite, cacheRead, cacheWrite, output, reasoning, nanoCredits }
    },
  }
}

/**
 * `input_tokens` leaves out tokens read from or written to the cache. If they counted twice, Claude Code's context
 * would seem full too early.
 */
export function toWireUsage (
  { input, cacheRead, cacheWrite, output, reasoning }: Usage,
  searches: ServerToolUsage | null = null,
): WireUsage {
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
    ...(reasoning > 0 ? { output_tokens_details: { thinking_tokens: reasoning } } : {}),
    ...(searches === null ? {} : { server_tool_use: searches }),
  }
}

function count (value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}
