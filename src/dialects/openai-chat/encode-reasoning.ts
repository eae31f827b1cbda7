// How hard the model should think, and how much it may write: the two are one where thinking has a budget.
// `translation.md` 2.6.1, 2.7.
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import { budgetOfEffort, clampEffort, effortOfBudget } from '../effort.ts'
import type { Ledger } from '../ledger.ts'
import type { Effort, Prompt } from '../prompt.ts'
import { isReasoningModel } from './model-rules.ts'

/** So much is left to write beside a budget of thinking. */
const answerTokens = 1_024
const usualTokens = 8_192

/** @param choice the tool choice that is sent: Claude does not think when a tool is forced */
export function encodeReasoning (prompt: Prompt, target: Target, choice: unknown, ledger: Ledger): { fields: JsonObject, maxTokens: number | null } {
  const limit = tokenLimit(target)
  const maxTokens = prompt.maxTokens === null ? null : Math.max(1, Math.min(prompt.maxTokens, limit))
  if (target.thinkingBudget !== null && (target.family === 'claude' || target.family === 'gemini')) return encodeBudget(prompt, target, target.thinkingBudget, choice, maxTokens, limit, ledger)
  const wanted = wantedEffort(prompt)
  if (wanted === null) return { fields: {}, maxTokens }
  const effort = !target.isListed && target.efforts.length === 0 && isReasoningModel(target) ? wanted : clampEffort(wanted, target.efforts)
  if (effort === null && wanted !== 'none') ledger.lose('reasoning')
  return { fields: effort === null ? {} : { reasoning_effort: effort }, maxTokens }
}

function encodeBudget (prompt: Prompt, target: Target, { min, max }: { min: number, max: number }, choice: unknown, given: number | null, limit: number, ledger: Ledger): ReturnType<typeof encodeReasoning> {
  const effort = prompt.thinking === 'off' ? 'none' : prompt.effort
  const wanted = prompt.thinking === 'off' || effort === 'none' ? null : prompt.thinkingBudget ?? (effort === null ? null : budgetOfEffort(effort))
  if (wanted === null) return { fields: {}, maxTokens: given }
  const isForced = target.family === 'claude' && (choice === 'required' || typeof choice === 'object')
  const budget = Math.min(Math.max(wanted, min), max, limit - answerTokens)
  if (isForced || budget < min) {
    ledger.lose('reasoning')
    return { fields: {}, maxTokens: given }
  }
  // Below the limit of the whole, which is raised, by no more than it must, where it leaves no room.
  const whole = given ?? Math.min(limit, budget + usualTokens)
  if (whole > budget) return { fields: { thinking_budget: budget }, maxTokens: whole }
  return whole > min ? { fields: { thinking_budget: whole - 1 }, maxTokens: whole } : { fields: { thinking_budget: min }, maxTokens: min + answerTokens }
}

/** Most tokens that one answer may have. */
function tokenLimit ({ stream, maxOutputTokens, maxNonStreamingOutputTokens }: Target): number {
  return Math.min(maxOutputTokens ?? Infinity, stream ? Infinity : maxNonStreamingOutputTokens ?? Infinity)
}

function wantedEffort ({ effort, thinking, thinkingBudget }: Prompt): Effort | null {
  if (thinking === 'off') return 'none'
  return effort ?? (thinkingBudget === null ? null : effortOfBudget(thinkingBudget))
}
