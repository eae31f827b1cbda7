// Reasoning effort in each dialect's terms. `docs/spec/translation.md#effort`.
import type { Effort } from '../contract/prompt.ts'

const scale: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

export function isEffort (value: unknown): value is Effort {
  return (scale as readonly unknown[]).includes(value)
}

/**
 * The effort among those that a model lists: itself, otherwise the next lower, otherwise the next higher; null if it
 * lists none.
 */
export function clampEffort (effort: Effort, listed: readonly string[]): Effort | null {
  const at = scale.indexOf(effort)
  const known = scale.filter(word => listed.includes(word))
  return known.findLast(word => scale.indexOf(word) <= at) ?? known[0] ?? null
}

/** Converts a budget of thinking tokens, for dialects that only know efforts. */
export function effortOfBudget (tokens: number): Effort {
  return tokens <= 4_096 ? 'low' : tokens <= 16_384 ? 'medium' : 'high'
}

/** The budget of an effort. */
export function budgetOfEffort (effort: Effort): number {
  switch (effort) {
    case 'none':
      return 0
    case 'minimal':
    case 'low':
      return 4_096
    case 'medium':
      return 10_240
    case 'high':
      return 24_576
    case 'xhigh':
    case 'max':
      return 31_999
  }
}
