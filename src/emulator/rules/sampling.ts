// Temperature and similar fields, stop sequences, several choices, log probabilities.
import { claudeFrom, isClaude, isGemini, isOpenAi, isOpenAiReasoning } from './kinds.ts'
import { fields, list, text } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

const both = 'temperature and top_p cannot both be specified for this model. Please use only one.'
const blankStop = 'stop_sequences: each stop sequence must contain non-whitespace'

export const samplingRules: readonly Rule[] = [{ id: 'temperature-and-top-p', on: ['chat', 'messages'], mark: 'guess',
  source: 'copilot-eclipse-feedback#166', by: 'claudeBoth', envelope: 'flat', models: claudeFrom(4.5),
  check: ({ body }) => body.temperature !== undefined && body.top_p !== undefined ? both : null }, {
  id: 'sampling-deprecated',
  on: ['chat', 'messages'],
  mark: 'guess',
  source: 'app#2706, copilot-sdk#1557',
  by: 'claudeSampling',
  envelope: 'flat',
  models: claudeFrom(4.7),
  check: ({ body }) => {
    const name = ['temperature', 'top_p', 'top_k'].find(key => body[key] !== undefined)
    return name === undefined
      ? null
      : [`${name} is deprecated for this model.`, `\`${name}\` is deprecated for this model.`]
  },
}, { id: 'temperature-with-thinking', on: ['messages'], mark: 'guess', source: 'docs/spec/copilot.md#messages-thinking',
  by: 'messagesSampling', envelope: 'flat', check: warmThinking }, { id: 'sampling-fixed-chat', on: ['chat'],
  mark: 'guess', source: 'docs/spec/copilot.md#chat-request', by: 'sampling', envelope: 'wrapped',
  models: isOpenAiReasoning,
  check: seen =>
    fixed(seen, name =>
      `Unsupported value: '${name}' does not support this value with this model. Only the default (1) value is `
      + `supported.`) }, { id: 'sampling-fixed-responses', on: ['responses'], mark: 'guess',
  source: 'docs/spec/copilot.md#responses-request', by: 'sampling', envelope: 'wrapped', models: isOpenAiReasoning,
  check: seen => fixed(seen, name => `Unsupported parameter: '${name}' is not supported with this model.`) }, {
  id: 'blank-stop',
  on: ['chat', 'messages'],
  mark: 'guess',
  source: 'BerriAI/litellm#3286',
  by: 'blankStops',
  envelope: 'flat',
  models: isClaude,
  check: ({ body }) =>
    [body.stop_sequences, body.stop].flat().some(stop => typeof stop === 'string' && stop.trim() === '')
      ? blankStop
      : null,
}, { id: 'several-choices', on: ['chat'], mark: 'guess', source: 'docs/spec/copilot.md#rules', by: 'severalChoices',
  envelope: 'wrapped', models: model => !isOpenAi(model),
  check: ({ body }) =>
    typeof body.n === 'number' && body.n > 1
      ? `Unsupported value: 'n' does not support ${body.n} with this model. Only the default (1) value is supported.`
      : null }, { id: 'logprobs-responses', on: ['responses'], mark: 'guess', source: 'docs/spec/copilot.md#rules',
  by: 'logprobs', envelope: 'wrapped',
  check: ({ body }) => body.logprobs !== undefined ? "Unknown parameter: 'logprobs'." : null }, { id: 'logprobs-chat',
  on: ['chat'], mark: 'guess', source: 'docs/spec/copilot.md#rules', by: 'logprobs', envelope: 'wrapped',
  models: model => isClaude(model) || isGemini(model),
  check: ({ body }) =>
    body.logprobs === true || body.top_logprobs !== undefined ? "'logprobs' is not supported with this model." : null },
  { id: 'include-logprobs', on: ['responses'], mark: 'guess', source: 'docs/spec/copilot.md#rules', by: 'logprobs',
    envelope: 'wrapped',
    check: ({ body }) =>
      list(body.include).some(item => text(item).includes('logprobs'))
        ? "Invalid value: 'message.output_text.logprobs' in 'include'."
        : null }]

function warmThinking ({ body }: Seen): string | null {
  const thinks = ['enabled', 'adaptive'].includes(text(fields(body.thinking).type))
  return thinks && body.temperature !== undefined && body.temperature !== 1
    ? '`temperature` may only be set to 1 when thinking is enabled.'
    : null
}

function fixed ({ body }: Seen, words: (name: string) => string): string | null {
  const name = ['temperature', 'top_p'].find(key => body[key] !== undefined && body[key] !== 1)
  return name === undefined ? null : words(name)
}
