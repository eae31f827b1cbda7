// Several answers at once, and log probabilities: only OpenAI's models have both.
import { isGiven, withFields } from './fields.ts'
import { isForeign } from './model-facts.ts'
import type { Rule } from './rule.ts'

export const chatChoices: readonly Rule[] = [{
  id: 'chat-choices',
  what: '`n` above 1 is refused.',
  models: 'Claude, Gemini, Grok',
  applies: isForeign,
  fix: 'refuse',
  loses: 'yes',
  when: 'always',
  source: { mark: 'guess',
    reference: 'microsoft/vscode: chatMLFetcher.ts asks for 1; other makers have no such field' },
  apply: (body, { refuse }) =>
    typeof body['n'] === 'number' && body['n'] > 1 ? refuse('n', 'more than one choice') : body,
}, {
  id: 'chat-logprobs',
  what: '`logprobs` and `top_logprobs` are left out.',
  models: 'Claude, Gemini, Grok',
  applies: isForeign,
  fix: 'drop',
  loses: 'yes',
  when: 'always',
  source: { mark: 'guess', reference: "microsoft/vscode: responsesApi.ts asks OpenAI's models alone" },
  answers: [/'logprobs' is not supported with this model/],
  apply (body, { lose }) {
    if (body['logprobs'] === undefined && body['top_logprobs'] === undefined) return body
    if (body['logprobs'] === true || isGiven(body['top_logprobs'])) lose('logprobs')
    return withFields(body, { logprobs: undefined, top_logprobs: undefined })
  },
}]

/** This endpoint only knows the requested number of log probabilities. */
export const responsesLogprobs: Rule = {
  id: 'responses-logprobs',
  what: '`logprobs` becomes `top_logprobs`.',
  models: 'all',
  applies: () => true,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  answers: [/Unknown parameter: 'logprobs'/],
  apply (body) {
    const { logprobs, top_logprobs: top } = body
    if (logprobs === undefined) return body
    return withFields(body, { logprobs: undefined,
      top_logprobs: top ?? (typeof logprobs === 'number' ? logprobs : logprobs === true ? 1 : undefined) })
  },
}
