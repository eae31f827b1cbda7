// Whether a Messages request thinks, and how: adaptively, or within a budget.
import type { Target } from '../dialects/contract/dialect.ts'
import { budgetOfEffort, effortOfBudget, isEffort } from '../dialects/shared/effort.ts'
import { isObject, type JsonObject } from '../json.ts'
import { list, objects } from './fields.ts'
import { isClaudeFrom, takesBudget } from './model-facts.ts'
import type { Rule } from './rule.ts'
import { isThought } from './thoughts.ts'

/** Whether the last calls lack the thoughts that led to them. */
function lacksThoughts (messages: readonly unknown[]): boolean {
  const at = messages.findLastIndex(message => isObject(message) && message['role'] === 'assistant')
  const last = messages[at]
  const blocks = isObject(last) ? objects(last['content']) : []
  return blocks.some(block => block['type'] === 'tool_use') && !isThought(blocks[0])
}

const disabled = { type: 'disabled' }
const off = (body: JsonObject): JsonObject => {
  const { effort: _effort, ...output } = isObject(body['output_config']) ? body['output_config'] : {}
  return { ...body, thinking: disabled, output_config: Object.keys(output).length === 0 ? undefined : output }
}

const lacking: Rule = {
  id: 'messages-thinking-lacking',
  what: 'Thinking with a budget is switched off while the last calls have lost their thinking blocks.',
  models: 'Claude before 4.7',
  applies: () => true,
  fix: 'drop',
  loses: 'yes',
  when: 'always',
  source: { mark: 'live', reference: 'anomalyco/opencode#2305' },
  answers: [/Expected `thinking` or `redacted_thinking`, but found/],
  apply (body, { lose }) {
    const { thinking } = body
    if (!isObject(thinking) || thinking['type'] !== 'enabled' || !lacksThoughts(list(body['messages']))) return body
    lose('thinking')
    return off(body)
  },
}

const forced: Rule = {
  id: 'messages-thinking-forced',
  what: 'Thinking is switched off where a tool is forced.',
  models: 'all',
  applies: () => true,
  fix: 'drop',
  loses: 'yes',
  when: 'always',
  source: { mark: 'live', reference: 'caozhiyuan/copilot-api#118' },
  answers: [/Thinking may not be enabled when tool_choice forces tool use/],
  apply (body, { lose }) {
    const { thinking, tool_choice: choice } = body
    if (!isObject(thinking) || !isObject(choice) || (choice['type'] !== 'any' && choice['type'] !== 'tool')) return body
    if (thinking['type'] !== 'enabled' && thinking['type'] !== 'adaptive') return body
    lose('thinking')
    return off(body)
  },
}

const adaptiveOnly: Rule = {
  id: 'messages-thinking-adaptive',
  what: '`thinking.type: "enabled"` becomes `adaptive` with a summary.',
  models: 'Claude 4.7 and later',
  applies: target => isClaudeFrom(target, 4, 7),
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'live', reference: 'microsoft/vscode#312667, earendil-works/pi#3292' },
  answers: [/"thinking\.type\.enabled" is not supported for this model/],
  apply: body =>
    isObject(body['thinking']) && body['thinking']['type'] === 'enabled' ? adapted(body, body['thinking']) : body,
}

const shown = ({ display }: JsonObject, otherwise?: string): JsonObject =>
  display === 'summarized' || display === 'omitted'
    ? { display }
    : otherwise === undefined
    ? {}
    : { display: otherwise }

/**
 * A budget becomes an effort. Newer models leave out the text of their thoughts without `display`; with a budget they
 * would show it.
 */
function adapted (body: JsonObject, thinking: JsonObject): JsonObject {
  const { budget_tokens: budget } = thinking
  const output = isObject(body['output_config']) ? body['output_config'] : {}
  const hasEffort = typeof output['effort'] === 'string' || typeof budget !== 'number'
  return { ...body, thinking: { type: 'adaptive', ...shown(thinking, 'summarized') },
    ...(hasEffort ? {} : { output_config: { ...output, effort: effortOfBudget(budget) } }) }
}

/** `adaptive`, a budget, or nothing, as the entry lists. */
const kind: Rule = {
  id: 'messages-thinking-kind',
  what: 'Thinking is adaptive, or has a budget within the range of the entry and below `max_tokens`, as the entry '
    + 'lists; it is off where neither is possible.',
  models: 'all',
  applies: () => true,
  fix: 'rewrite',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts' },
  answers: [/adaptive thinking is not supported/, /thinking\.budget_tokens: Input should be/,
    /must be greater than `thinking\.budget_tokens`/],
  apply (body, { target, lose }) {
    const { thinking } = body
    if (!isObject(thinking)) return body
    const { adaptiveThinking: adapts } = target.supports
    const range = target.thinkingBudget
    /** A model that cannot think accepts no field about it. */
    const none = adapts || range !== null ? disabled : undefined
    const stop = (): JsonObject => ({ ...off(body), thinking: none })
    if (thinking['type'] === 'disabled') {
      return none !== undefined && isAlike(thinking, none) ? body : { ...body, thinking: none }
    }
    const isBudgeted = range !== null && !(adapts && (thinking['type'] !== 'enabled' || !takesBudget(target)))
    if (!isBudgeted && !adapts) {
      lose('thinking')
      return stop()
    }
    if (!isBudgeted) {
      if (thinking['type'] === 'enabled') return adapted(body, thinking)
      const fitted = { type: 'adaptive', ...shown(thinking) }
      return isAlike(thinking, fitted) ? body : { ...body, thinking: fitted }
    }
    const fitted = budgeted(body, thinking, target, range)
    if (fitted !== null) return fitted
    lose('thinking')
    return stop()
  },
}

/** Null if even the smallest budget does not fit. */
function budgeted (
  body: JsonObject,
  thinking: JsonObject,
  target: Target,
  range: { readonly min: number, readonly max: number },
): JsonObject | null {
  const { effort, ...output } = isObject(body['output_config']) ? body['output_config'] : {}
  const given = thinking['budget_tokens']
  const most = typeof body['max_tokens'] === 'number' ? body['max_tokens'] - 1 : Infinity
  const least = Math.max(1_024, range.min)
  const wanted = typeof given === 'number' ? Math.floor(given) : budgetOfEffort(isEffort(effort) ? effort : 'medium')
  const budget = Math.min(Math.max(wanted, least), range.max, most)
  if (!(budget >= least)) return null
  const fitted = { type: 'enabled', budget_tokens: budget, ...(thinking['type'] === 'enabled' ? shown(thinking) : {}) }
  // The budget came from the effort, so it replaces it.
  const isCarried = typeof given !== 'number' && effort !== undefined && target.efforts.length === 0
  if (!isCarried) return isAlike(thinking, fitted) ? body : { ...body, thinking: fitted }
  return { ...body, thinking: fitted, output_config: Object.keys(output).length === 0 ? undefined : output }
}

function isAlike (before: JsonObject, after: JsonObject): boolean {
  const names = Object.keys(after)
  return Object.keys(before).length === names.length && names.every(name => before[name] === after[name])
}

export const thinkingRules: readonly Rule[] = [forced, adaptiveOnly, kind, lacking]
