// Output limits and efforts, within the bounds of the model's entry.
import { budgetOfEffort, clampEffort, isEffort } from '../dialects/shared/effort.ts'
import type { Target } from '../dialects/contract/dialect.ts'
import { isObject, type JsonObject } from '../json.ts'
import { isGiven, withFields } from './fields.ts'
import { isClaude, isForeign, isOpenAi, isReasoningModel } from './model-facts.ts'
import type { Rule, RuleContext } from './rule.ts'

/** Claude's whole answers must be shorter than streamed ones. */
function mostTokens ({ stream, maxOutputTokens, maxNonStreamingOutputTokens }: Target): number {
  return Math.min(maxOutputTokens ?? Infinity, stream ? Infinity : maxNonStreamingOutputTokens ?? Infinity)
}

const limit = (id: string, fields: readonly string[], least: number): Rule => ({
  id,
  what: least > 1
    ? `The output limit is at least ${least}, and at most what the entry lists.`
    : 'The output limit is at most what the entry lists.',
  models: 'all',
  applies: () => true,
  fix: 'clamp',
  loses: 'no',
  when: 'always',
  source: { mark: 'guess', reference: 'olimorris/codecompanion.nvim#1028' },
  answers: [/maximum allowed number of output tokens/, /max_tokens is too large/],
  apply (body, { target }) {
    const most = mostTokens(target)
    const changes: JsonObject = {}
    for (const field of fields) {
      const value = body[field]
      if (typeof value !== 'number') continue
      const fitted = Math.max(least, Math.min(Math.floor(value), most))
      if (fitted !== value) changes[field] = fitted
    }
    return withFields(body, changes)
  },
})

const limitName: Rule = {
  id: 'chat-max-tokens-name',
  what:
    "`max_tokens` is `max_completion_tokens` for reasoning models, and the other way round for other makers' models.",
  models: "OpenAI's reasoning models; Claude, Gemini, Grok",
  applies: target => isReasoningModel(target) || isForeign(target),
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'live',
    reference: "Copilot: \"Unsupported parameter: 'max_tokens' … Use 'max_completion_tokens' instead.\"" },
  apply (body, { target }) {
    const [from, to] = isReasoningModel(target)
      ? ['max_tokens', 'max_completion_tokens']
      : ['max_completion_tokens', 'max_tokens']
    if (!isGiven(body[from])) return body
    return withFields(body, { [from]: undefined, [to]: body['max_completion_tokens'] ?? body['max_tokens'] })
  },
}

/** Whether the model certainly accepts no effort: its entry lists none, and it is no reasoning model. */
function takesNoEffort (target: Target): boolean {
  const supports = target.entry?.capabilities.supports
  const isDeclared = isObject(supports) && Array.isArray(supports['reasoning_effort'])
  return target.efforts.length === 0 && (isDeclared || isClaude(target) || !isReasoningModel(target))
}

/** @returns the fitted value, or undefined to leave it out */
function fitEffort (value: unknown, field: string, { target, lose, values }: RuleContext): unknown {
  if (!isEffort(value)) return value
  const isRefused = values.includes(value)
  const listed = target.efforts.filter(effort => !values.includes(effort))
  // `minimal` asks for some reasoning, so it never becomes `none`.
  const wanted = value === 'minimal' && !listed.includes('minimal') ? 'low' : value
  const fitted = listed.length > 0
    ? clampEffort(wanted, listed) ?? undefined
    : takesNoEffort(target) || isRefused
    ? undefined
    : value
  if (fitted !== value && value !== 'none') lose(field)
  return fitted
}

const effortRule = (id: string, apply: Rule['apply']): Rule => ({
  id,
  what: 'An effort is the nearest that the entry lists, downwards first; it is left out for a model that takes none.',
  models: 'all',
  applies: () => true,
  fix: 'clamp',
  loses: 'small',
  when: 'always',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#286, charmbracelet/crush#2902, kaitranntt/ccs#344' },
  apply,
})

/** For Claude and Gemini, a thinking budget replaces the effort if their entry lists a range and no efforts. */
function asBudget (body: JsonObject, target: Target): JsonObject | null {
  const { reasoning_effort: effort, tool_choice: choice } = body
  const range = target.thinkingBudget
  if (range === null || target.efforts.length > 0 || !isForeign(target) || !isEffort(effort) || effort === 'none'
    || isGiven(body['thinking_budget'])) return null
  if (isClaude(target) && (choice === 'required' || isObject(choice))) return null
  const whole = body['max_completion_tokens'] ?? body['max_tokens']
  const budget = Math.min(Math.max(budgetOfEffort(effort), range.min), range.max,
    typeof whole === 'number' ? whole - 1 : Infinity, mostTokens(target) - answerTokens)
  return budget < range.min ? null : withFields(body, { reasoning_effort: undefined, thinking_budget: budget })
}

/** Tokens of a whole answer that thinking leaves for the text. */
const answerTokens = 1_024

const chatEffort = effortRule('chat-effort',
  (body, context) =>
    body['reasoning_effort'] === undefined
      ? body
      : asBudget(body, context.target)
        ?? withFields(body, { reasoning_effort: fitEffort(body['reasoning_effort'], 'reasoning_effort', context) }))
const nested = (outer: string, inner: string): Rule['apply'] => (body, context) => {
  const holder = body[outer]
  if (!isObject(holder) || holder[inner] === undefined) return body
  const fitted = fitEffort(holder[inner], `${outer}.${inner}`, context)
  if (fitted === holder[inner]) return body
  const { [inner]: _effort, ...rest } = holder
  const next = fitted === undefined ? rest : { ...rest, [inner]: fitted }
  return withFields(body, { [outer]: Object.keys(next).length === 0 ? undefined : next })
}

/** A model that does not reason refuses the whole field. */
const noReasoning: Rule = {
  id: 'responses-reasoning-none',
  what: '`reasoning` is left out.',
  models: 'models that do not reason',
  applies: target => (target.isListed || isOpenAi(target)) && !isReasoningModel(target) && !isClaude(target),
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'OpenAI API reference, "reasoning": gpt-5 and o-series models only' },
  answers: [/Unsupported parameter: 'reasoning/],
  apply (body, { lose }) {
    const { reasoning } = body
    if (!isGiven(reasoning)) return body
    if (isObject(reasoning) && isGiven(reasoning['effort']) && reasoning['effort'] !== 'none') lose('reasoning')
    return withFields(body, { reasoning: undefined })
  },
}

/** Once the model has refused an effort by name, it is not sent again. */
const refusedEffort = (id: string, apply: Rule['apply']): Rule => ({
  ...effortRule(id, apply),
  what: 'An effort that Copilot refused by name gives way to the nearest other.',
  when: 'learned',
  answers: [/reasoning_effort "(?<value>\w+)" was provided/, /output_config\.effort "(?<value>\w+)" was provided/,
    /'(?:reasoning[._])?effort' does not support '(?<value>\w+)'/],
})

/** Within the entry's range and below the output limit, and not together with a forced tool. */
const chatBudget: Rule = {
  id: 'chat-thinking-budget',
  what: '`thinking_budget` is within the range of the entry and below the limit of the whole; it is left out where '
    + 'there is no room for it, and for Claude where a tool is forced.',
  models: 'all',
  applies: () => true,
  fix: 'clamp',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: chatEndpoint.ts' },
  answers: [/Invalid 'thinking_budget'/],
  apply (body, { target, lose }) {
    const { thinking_budget: given, tool_choice: choice } = body
    if (typeof given !== 'number') return body
    const range = target.thinkingBudget
    const whole = body['max_completion_tokens'] ?? body['max_tokens']
    const most = Math.min(range?.max ?? Infinity, mostTokens(target) - answerTokens,
      typeof whole === 'number' ? whole - 1 : Infinity)
    const fitted = Math.min(Math.max(Math.floor(given), range?.min ?? 0), most)
    const isForced = isClaude(target) && (choice === 'required' || isObject(choice))
    if (!isForced && range !== null && fitted >= range.min) return withFields(body, { thinking_budget: fitted })
    if (!isForced && range === null && !target.isListed) return body
    lose('reasoning')
    return withFields(body, { thinking_budget: undefined })
  },
}

export const chatLimits: readonly Rule[] = [limitName,
  limit('chat-max-tokens', ['max_tokens', 'max_completion_tokens'], 1), chatEffort,
  refusedEffort('chat-effort-refused', chatEffort.apply), chatBudget]
export const responsesLimits: readonly Rule[] = [limit('responses-max-tokens', ['max_output_tokens'], 16), noReasoning,
  effortRule('responses-effort', nested('reasoning', 'effort')),
  refusedEffort('responses-effort-refused', nested('reasoning', 'effort'))]
/** Applied before the rules for thinking, which leave room below this limit. */
export const messagesMaxTokens = limit('messages-max-tokens', ['max_tokens'], 1)
export const messagesLimits: readonly Rule[] = [effortRule('messages-effort', nested('output_config', 'effort')),
  refusedEffort('messages-effort-refused', nested('output_config', 'effort'))]
