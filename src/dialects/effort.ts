// How hard a model should think, in the words of each dialect. `translation.md` 2.6.1.
import type { Effort } from './prompt.ts'

const scale: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

export function isEffort (value: unknown): value is Effort {
  return (scale as readonly unknown[]).includes(value)
}

/** The effort among those a model lists: itself, else the next lower one listed, else the next higher; null when it lists none. */
export function clampEffort (effort: Effort, listed: readonly string[]): Effort | null {
  const at = scale.indexOf(effort)
  const known = scale.filter(word => listed.includes(word))
  return known.findLast(word => scale.indexOf(word) <= at) ?? known[0] ?? null
}

/** From a budget of thinking tokens, for dialects that know efforts only. */
export function effortOfBudget (tokens: number): Effort {
  return tokens <= 4_096 ? 'low' : tokens <= 16_384 ? 'medium' : 'high'
}

/** And back. */
export function budgetOfEffort (effort: Effort): number {
  switch (effort) {
    case 'none': return 0
    case 'minimal': case 'low': return 4_096
    case 'medium': return 10_240
    case 'high': return 24_576
    case 'xhigh': case 'max': return 31_999
  }
}
