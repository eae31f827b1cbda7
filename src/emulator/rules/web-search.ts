// The web search that Copilot runs on /responses: which models take it, and in which form.
import { fields, list, text } from '../json.ts'
import { isOpenAi } from './kinds.ts'
import type { Rule, Seen } from './rule.ts'

const refusal = 'The use of the web search tool is not supported.'
const searches = ({ body }: Seen) =>
  list(body.tools).map(fields).some(({ type }) => text(type).startsWith('web_search'))

export const searchRules: readonly Rule[] = [{ id: 'web-search-responses', on: ['responses'], mark: 'live',
  source: 'copilot-api#82 (refused), #273 and #311 (taken)', by: 'responsesWebSearch',
  envelope: { code: 'unsupported_value' }, check: seen => searches(seen) ? refusal : null }, {
  id: 'web-search-models',
  on: ['responses'],
  mark: 'live',
  source: 'copilot-api#185, #189, #273: GPT only, and not on every seat',
  by: 'searchRefusals',
  envelope: { code: 'unsupported_value' },
  check: seen =>
    searches(seen) && (!isOpenAi(seen.model) || seen.world.strict.searchless.includes(seen.model.id)) ? refusal : null,
}, {
  id: 'web-search-preview',
  on: ['responses'],
  mark: 'guess',
  source: 'SigmaNight/basiliskLLM#938: some GPT-5 refuse it at OpenAI',
  by: 'searchPreview',
  envelope: 'wrapped',
  check: ({ body, model }) =>
    list(body.tools).map(fields).some(({ type }) => text(type).startsWith('web_search_preview'))
      ? `Hosted tool 'web_search_preview' is not supported with ${model.id}.`
      : null,
}, {
  id: 'web-search-effort',
  on: ['responses'],
  mark: 'guess',
  source: 'openclaw/openclaw#78573',
  by: 'searchEffort',
  envelope: 'wrapped',
  check: seen =>
    searches(seen) && fields(seen.body.reasoning).effort === 'minimal'
      ? "The following tools cannot be used with reasoning.effort 'minimal': web_search."
      : null,
}, {
  id: 'include-values',
  on: ['responses'],
  mark: 'guess',
  source: 'set by a test',
  by: 'refusals',
  envelope: 'wrapped',
  check: ({ body, world: { strict } }) => {
    const value = list(body.include).map(text).find(each => strict.refusedIncludes.includes(each))
    return value === undefined ? null : `Invalid value: '${value}' in 'include'.`
  },
}]
