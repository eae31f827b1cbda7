// Writes the usage of an answer. `docs/spec/translation.md#usage`.
import type { Usage } from '../contract/part.ts'
import type { GeminiUsage } from './wire.ts'

/** Google counts thoughts next to the answer's tokens; `output` includes them. */
export function writeUsage ({ input, cacheRead, output, reasoning }: Usage): GeminiUsage {
  return {
    promptTokenCount: input,
    ...(cacheRead > 0 ? { cachedContentTokenCount: cacheRead } : {}),
    candidatesTokenCount: Math.max(0, output - reasoning),
    ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
    totalTokenCount: input + Math.max(output, reasoning),
  }
}
