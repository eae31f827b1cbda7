// Limits on the output, and the window that input and output share.
import { limitOf, tokensOf } from '../ask.ts'
import { isClaude, isOpenAi, isOpenAiReasoning } from './kinds.ts'
import { fields, text } from '../json.ts'
import type { Rule, Seen } from './rule.ts'

const maxTokensName =
  "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
const capTooSmall =
  'Could not finish the message because max_tokens or model output limit was reached. Please try again with higher '
  + 'max_tokens.'
/** With an effort, a reasoning model uses up a cap of this many tokens before it writes any text. */
const hopelessTokens = 16

export const limitRules: readonly Rule[] = [{ id: 'max-tokens-name', on: ['chat'], mark: 'live',
  source: 'docs/spec/copilot.md#error-bodies', by: 'maxTokensName', envelope: 'wrapped', models: isOpenAiReasoning,
  check: ({ body }) => body.max_tokens !== undefined ? maxTokensName : null }, { id: 'max-tokens-least',
  on: ['responses'], mark: 'guess', source: 'docs/spec/copilot.md#responses-request', by: 'responsesMinimumTokens',
  envelope: 'wrapped',
  check: ({ ask: { maxTokens } }) =>
    maxTokens !== null && maxTokens < 16
      ? `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${maxTokens} `
        + `instead.`
      : null }, { id: 'cap-too-small', on: ['chat', 'responses'], mark: 'live', source: 'vscode#276139',
  by: 'capTooSmall', envelope: 'wrapped', models: isOpenAiReasoning, check: cap }, { id: 'max-tokens-missing',
  on: ['messages'], mark: 'read', source: 'docs/spec/copilot.md#messages-body', by: 'messagesMaxTokens',
  envelope: 'flat', check: ({ body }) => typeof body.max_tokens !== 'number' ? 'max_tokens: Field required' : null }, {
  id: 'max-tokens-unstreamed',
  on: ['messages'],
  mark: 'read',
  source: 'docs/spec/copilot.md#messages-body',
  by: 'messagesMaxTokens',
  envelope: 'flat',
  check: unstreamed,
}, { id: 'max-tokens-over-claude', on: ['messages', 'chat'], mark: 'guess', source: 'codecompanion.nvim#1028',
  by: 'outputOver', envelope: 'wrapped', models: isClaude,
  check: seen =>
    over(seen, (name, given, most) =>
      `${name}: ${given} > ${most}, which is the maximum allowed number of output tokens for ${seen.model.id}`) }, {
  id: 'max-tokens-over-openai',
  on: ['chat', 'responses'],
  mark: 'guess',
  source: 'codecompanion.nvim#1028',
  by: 'outputOver',
  envelope: 'wrapped',
  models: isOpenAi,
  check: seen =>
    over(seen, (name, given, most) =>
      `${name} is too large: ${given}. This model supports at most ${most} completion tokens, whereas you provided `
      + `${given}.`),
}, { id: 'context-window', on: ['chat', 'messages'], mark: 'live', source: 'ericc-ch/copilot-api#83',
  by: 'contextWindow', envelope: 'wrapped', models: isClaude, check: contextWindow }]

function cap ({ ask: { maxTokens }, body }: Seen): string | null {
  const effort = text(body.reasoning_effort ?? fields(body.reasoning).effort)
  return maxTokens !== null && maxTokens <= hopelessTokens && !['', 'none', 'minimal'].includes(effort)
    ? capTooSmall
    : null
}

function unstreamed ({ ask: { maxTokens, stream }, model }: Seen): string | null {
  const whole = model.capabilities.limits?.max_non_streaming_output_tokens ?? 16_000
  return !stream && maxTokens !== null && maxTokens > whole
    ? `max_tokens: ${maxTokens} > ${whole}: streaming is required`
    : null
}

function over ({ body, model }: Seen, words: (name: string, given: number, most: number) => string): string | null {
  const most = model.capabilities.limits?.max_output_tokens ?? Infinity
  const name = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'].find(key =>
    (limitOf(body[key]) ?? 0) > most
  )
  return name === undefined ? null : words(name, Number(body[name]), most)
}

function contextWindow ({ ask, model }: Seen): string | null {
  const window = model.capabilities.limits?.max_context_window_tokens ?? Infinity
  const input = tokensOf(ask.promptChars)
  return ask.maxTokens !== null && input + ask.maxTokens > window
    ? `input length and max_tokens exceed context limit: ${input} + ${ask.maxTokens} > ${window}, decrease input `
      + `length or max_tokens and try again`
    : null
}
