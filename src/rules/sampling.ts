// Temperature, top_p and top_k: which models accept them, and within which bounds.
import { isObject, type JsonObject } from '../json.ts'
import { isGiven, withFields } from './fields.ts'
import { isClaude, isForeign, isKimi, isReasoningModel, takesNoSampling, takesOneSampling } from './model-facts.ts'
import type { Rule, RuleContext } from './rule.ts'

const eclipse = 'microsoft/copilot-eclipse-feedback#166, microsoft/copilot-intellij-feedback#1262 (own keys)'
const app = 'github/app#2706, #2574, github/copilot-sdk#1557 (own keys)'

/** Whether a value has no effect: the default of `temperature` and `top_p` is 1. */
function isDefault (name: string, value: unknown): boolean {
  return !isGiven(value) || (value === 1 && name !== 'top_k')
    || (name === 'top_p' && typeof value === 'number' && value >= 0.99)
}

function drop (body: JsonObject, names: readonly string[], { lose }: RuleContext): JsonObject {
  const gone = names.filter(name => body[name] !== undefined)
  if (gone.length === 0) return body
  gone.filter(name => !isDefault(name, body[name])).forEach(lose)
  return withFields(body, Object.fromEntries(gone.map(name => [name, undefined])))
}

const noSampling = (id: string): Rule => ({
  id,
  what: 'Drops `temperature`, `top_p` and `top_k`, which the model calls deprecated.',
  models: 'Claude 4.7 and later',
  applies: takesNoSampling,
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'guess', reference: app },
  answers: [/`?(?:temperature|top_p|top_k)`? is deprecated for this model/],
  apply: (body, context) => drop(body, ['temperature', 'top_p', 'top_k'], context),
})

const oneSampling = (id: string, models: string, applies: Rule['applies']): Rule => ({
  id,
  what: 'Keeps `temperature` where `top_p` is given too.',
  models,
  applies,
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'guess', reference: eclipse },
  answers: [/`?temperature`? and `?top_p`? cannot both be specified/],
  apply (body, context) {
    if (!isGiven(body['temperature']) || !isGiven(body['top_p'])) return body
    return drop(body, [isDefault('temperature', body['temperature']) ? 'temperature' : 'top_p'], context)
  },
})

const claudeRange = (id: string): Rule => ({
  id,
  what: 'Clamps `temperature` to the range from 0 to 1.',
  models: 'Claude',
  applies: isClaude,
  fix: 'clamp',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'Anthropic API reference, "temperature"' },
  apply (body, { lose }) {
    const value = body['temperature']
    if (typeof value !== 'number' || (value >= 0 && value <= 1)) return body
    lose('temperature')
    return { ...body, temperature: Math.min(1, Math.max(0, value)) }
  },
})

const fixedSampling = (id: string): Rule => ({
  id,
  what: 'Drops `temperature` and `top_p` unless they are 1.',
  models: "OpenAI's reasoning models",
  applies: target => isReasoningModel(target) && !isKimi(target),
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'read',
    reference: 'reports of third parties: gpt-5 and the o series refuse all values but the default' },
  answers: [/Unsupported (?:value|parameter): '(?:temperature|top_p)'/],
  apply: (body, context) => drop(body, ['temperature', 'top_p'].filter(name => body[name] !== 1), context),
})

/** The bounds that thinking sets on Messages. */
const thinkingSampling: Rule = {
  id: 'messages-sampling-thinking',
  what: 'With thinking, drops `temperature` other than 1, `top_p` below 0.95 and `top_k`.',
  models: 'all',
  applies: () => true,
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'Anthropic documentation, "Extended thinking"' },
  apply (body, context) {
    const { thinking, temperature, top_p: topP } = body
    const mode = isObject(thinking) ? thinking['type'] : undefined
    if (mode !== 'enabled' && mode !== 'adaptive') return body
    const isLow = typeof topP === 'number' && topP < 0.95
    return drop(body, [...(temperature === 1 ? [] : ['temperature']), ...(isLow ? ['top_p'] : []), 'top_k'], context)
  },
}

const budgetSampling: Rule = {
  id: 'chat-sampling-thinking',
  what: 'With `thinking_budget`, drops `temperature` and `top_p` unless they are 1.',
  models: 'Claude and Gemini',
  applies: isForeign,
  fix: 'drop',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'Anthropic documentation, "Extended thinking"' },
  apply: (body, context) =>
    isGiven(body['thinking_budget'])
      ? drop(body, ['temperature', 'top_p'].filter(name => body[name] !== 1), context)
      : body,
}

/** With other values, the model repeats itself endlessly. */
const kimi: Rule = {
  id: 'chat-sampling-kimi',
  what: 'Sends `temperature: 1` and `top_p: 0.95` in place of `temperature: 0`, with which the model loops.',
  models: 'Kimi',
  applies: isKimi,
  fix: 'rewrite',
  loses: 'small',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: chatEndpoint.ts' },
  apply (body, { lose }) {
    if (body['temperature'] !== 0) return body
    lose('temperature')
    return { ...body, temperature: 1, top_p: 0.95 }
  },
}

export const chatSampling: readonly Rule[] = [kimi, fixedSampling('chat-sampling-fixed'), budgetSampling,
  noSampling('chat-sampling-none'), claudeRange('chat-temperature-range'),
  oneSampling('chat-sampling-one', 'Claude 4.5 and later', takesOneSampling)]
export const responsesSampling: readonly Rule[] = [fixedSampling('responses-sampling-fixed')]
export const messagesSampling: readonly Rule[] = [noSampling('messages-sampling-none'),
  claudeRange('messages-temperature-range'), thinkingSampling, oneSampling('messages-sampling-one', 'all', () => true)]
