// Reasoning efforts and thinking budgets, by the lists in the model's entry.
import { isClaude, isOpenAi } from './kinds.ts'
import { fields, text } from '../json.ts'
import type { ModelEntry } from '../model-entry.ts'
import type { Rule, Seen } from './rule.ts'

const efforts = ({ capabilities: { supports } }: ModelEntry): readonly string[] => supports.reasoning_effort ?? []
const effortless = (model: ModelEntry): boolean => isClaude(model) && efforts(model).length === 0
const listed = (model: ModelEntry): boolean => efforts(model).length > 0

export const effortRules: readonly Rule[] = [{ id: 'effort-unsupported-messages', on: ['messages'], mark: 'live',
  source: 'copilot-api#286', by: 'efforts', envelope: { code: 'invalid_reasoning_effort' }, models: effortless,
  check: ({ body, model }) => unsupported('output_config.effort', fields(body.output_config).effort, model) }, {
  id: 'effort-unsupported-chat',
  on: ['chat'],
  mark: 'live',
  source: 'charmbracelet/crush#2902',
  by: 'effortsOnChat',
  envelope: { code: 'invalid_reasoning_effort' },
  models: effortless,
  check: ({ body, model }) => unsupported('reasoning_effort', body.reasoning_effort, model),
}, { id: 'effort-value-messages', on: ['messages'], mark: 'read', source: 'messagesApi.ts', by: 'efforts',
  envelope: { code: 'invalid_reasoning_effort' }, models: model => isClaude(model) && listed(model),
  check: ({ body, model }) =>
    unlisted(fields(body.output_config).effort, model, given =>
      `output_config.effort "${given}" is not supported by model ${model.id}; supported values: [${
        efforts(model).join(' ')
      }]`) }, { id: 'effort-value-openai', on: ['chat', 'responses'], mark: 'live', source: 'kaitranntt/ccs#344',
  by: 'efforts', envelope: { code: 'unsupported_value' }, models: model => isOpenAi(model) && listed(model),
  check: effortValue }, { id: 'thinking-budget-chat', on: ['chat'], mark: 'guess',
  source: 'docs/spec/copilot.md#chat-request', by: 'thinkingBudget', envelope: 'wrapped', check: chatBudget }, {
  id: 'thinking-budget-messages',
  on: ['messages'],
  mark: 'live',
  source: 'docs/spec/copilot.md#messages-thinking',
  by: 'messagesThinking',
  envelope: 'flat',
  check: messagesBudget,
}]

function unsupported (name: string, given: unknown, { id }: ModelEntry): string | null {
  return given === undefined || given === null
    ? null
    : `${name} "${text(given)}" was provided, but model ${id} does not support reasoning effort`
}

function unlisted (given: unknown, model: ModelEntry, words: (given: string) => string): string | null {
  return given === undefined || given === null || efforts(model).includes(text(given)) ? null : words(text(given))
}

function effortValue ({ ask, body, model }: Seen): string | null {
  const [name, given] = ask.dialect === 'chat'
    ? ['reasoning_effort', body.reasoning_effort]
    : ['reasoning.effort', fields(body.reasoning).effort]
  const quoted = efforts(model).map(value => `'${value}'`)
  const values = quoted.length > 1
    ? `${quoted.slice(0, -1).join(', ')}${quoted.length > 2 ? ',' : ''} and ${quoted.at(-1)}`
    : quoted.join('')
  return unlisted(given, model,
    word => `Unsupported value: '${name}' does not support '${word}' with this model. Supported values are: ${values}.`)
}

function chatBudget ({ ask: { maxTokens }, body: { thinking_budget: budget }, model }: Seen): string | null {
  const { min_thinking_budget: least = 0, max_thinking_budget: most = 0 } = model.capabilities.supports
  return typeof budget === 'number' && (budget < least || budget > most || budget >= (maxTokens ?? Infinity))
    ? `Invalid 'thinking_budget': expected a value from ${least} to ${most} and below max_tokens, but got ${budget} `
      + `instead.`
    : null
}

function messagesBudget ({ ask: { maxTokens }, body, model }: Seen): string | null {
  const { type, budget_tokens: given } = fields(body.thinking)
  if (type !== 'enabled') return null
  const budget = typeof given === 'number' ? given : NaN
  const { min_thinking_budget: least = 1024, max_thinking_budget: most = 0 } = model.capabilities.supports
  if (!(budget >= least)) return `thinking.budget_tokens: Input should be greater than or equal to ${least}`
  if (budget > most) return `thinking.budget_tokens: Input should be less than or equal to ${most}`
  return budget >= (maxTokens ?? Infinity) ? '`max_tokens` must be greater than `thinking.budget_tokens`.' : null
}
