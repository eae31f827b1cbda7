// What Copilot's Chat endpoint holds against which models. `copilot-upstream.md` 7.1.
import type { Target } from '../dialect.ts'

/** Of another maker than OpenAI, for certain: such backends may refuse what they do not know. */
export function isForeign ({ id, family }: Pick<Target, 'id' | 'family'>): boolean {
  return family === 'claude' || family === 'gemini' || id.startsWith('grok')
}

/** OpenAI's reasoning models, and what is made of them: `max_completion_tokens` instead of `max_tokens`, and no sampling but the default. */
export function isReasoningModel (target: Pick<Target, 'id' | 'family' | 'efforts'>): boolean {
  return !isForeign(target) && (/^(?:o\d|gpt-(?:[5-9]|\d\d))/.test(target.id) || target.efforts.length > 0)
}

/** o1 knows no system messages. */
export function systemRole ({ id }: Pick<Target, 'id'>): 'system' | 'user' {
  return id.startsWith('o1') ? 'user' : 'system'
}

/** Claude 4.6 and later refuse a conversation that ends with the assistant. */
export function refusesPrefill ({ id }: Pick<Target, 'id'>): boolean {
  return Number(/^claude-[a-z]+-(\d+(?:\.\d+)?)/.exec(id)?.[1] ?? 0) >= 4.6
}

/** Claude from 4.5 on takes one of `temperature` and `top_p`, not both. */
export function takesOneSampling ({ id }: Pick<Target, 'id'>): boolean {
  return Number(/^claude-[a-z]+-(\d+(?:\.\d+)?)/.exec(id)?.[1] ?? 0) >= 4.5
}
