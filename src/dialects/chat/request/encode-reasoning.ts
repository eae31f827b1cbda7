// Encodes how hard the model should think and how much it may write; a thinking budget connects the two.
// `rules/limits.ts` applies the limits of the model's entry. `docs/spec/translation.md#effort`,
// `docs/spec/translation.md#sampling`.
import { isClaude, isGemini } from '../../../rules/model-facts.ts'
import type { Target } from '../../contract/dialect.ts'
import { budgetOfEffort, effortOfBudget } from '../../shared/effort.ts'
import type { Effort, Prompt } from '../../contract/prompt.ts'
import type { ChatRequest } from '../wire.ts'

/** The tokens that remain for the text next to a thinking budget. */
const answerTokens = 1_024
const usualTokens = 8_192

interface Encoded {
  readonly fields: Pick<ChatRequest, 'reasoning_effort' | 'thinking_budget'>
  readonly maxTokens: number | null
}

/** @param choice the tool choice that is sent: Claude does not think when a tool is forced */
export function encodeReasoning (prompt: Prompt, target: Target, choice: unknown): Encoded {
  const { maxTokens } = prompt
  if (target.thinkingBudget !== null && (isClaude(target) || isGemini(target))) {
    return encodeBudget(prompt, target.thinkingBudget,
      isClaude(target) && (choice === 'required' || typeof choice === 'object'))
  }
  const wanted = wantedEffort(prompt)
  return { fields: wanted === null ? {} : { reasoning_effort: wanted }, maxTokens }
}

/** If the output limit leaves no room for a budget, raises it by as little as possible. */
function encodeBudget (prompt: Prompt, { min, max }: { min: number, max: number }, isForced: boolean): Encoded {
  const effort = prompt.thinking === 'off' ? 'none' : prompt.effort
  const wanted = prompt.thinking === 'off' || effort === 'none'
    ? null
    : prompt.thinkingBudget ?? (effort === null ? null : budgetOfEffort(effort))
  if (wanted === null) return { fields: {}, maxTokens: prompt.maxTokens }
  const whole = prompt.maxTokens ?? Math.min(Math.max(wanted, min), max) + usualTokens
  if (isForced) return { fields: { thinking_budget: wanted }, maxTokens: prompt.maxTokens }
  return whole > min
    ? { fields: { thinking_budget: wanted }, maxTokens: whole }
    : { fields: { thinking_budget: min }, maxTokens: min + answerTokens }
}

function wantedEffort ({ effort, thinking, thinkingBudget }: Prompt): Effort | null {
  if (thinking === 'off') return 'none'
  return effort ?? (thinkingBudget === null ? null : effortOfBudget(thinkingBudget))
}
