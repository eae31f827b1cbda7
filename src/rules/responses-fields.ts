// Fields of a Responses request: Copilot stores nothing, and accepts few of the fields that concern an account.
import { isObject, type JsonObject } from '../json.ts'
import { dropFields, list, text as textOf, withFields } from './fields.ts'
import { isForeign, knowsVerbosity } from './model-facts.ts'
import type { Rule } from './rule.ts'

const ofAccount = ['service_tier', 'metadata', 'user', 'safety_identifier', 'client_metadata', 'max_tool_calls',
  'moderation', 'access_programs', 'image', 'prompt_cache_options', 'prompt_cache_retention'] as const
/** The decoder has already refused values other than the default. */
const ofState = ['background', 'conversation', 'prompt', 'previous_response_id', 'stream_options'] as const
const encryptedReasoning = 'reasoning.encrypted_content'
const included: readonly unknown[] = [encryptedReasoning, 'message.output_text.logprobs',
  'web_search_call.action.sources']
const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0

const all: Pick<Rule, 'models' | 'applies' | 'when'> = { models: 'all', applies: () => true, when: 'always' }
const official = 'microsoft/vscode: responsesApi.ts sends none of them'

export const responsesFields: readonly Rule[] = [{
  ...all,
  id: 'responses-fields-null',
  what: 'A field that is null is left out.',
  fix: 'drop',
  loses: 'no',
  source: { mark: 'guess', reference: official },
  apply: body =>
    withFields(body, Object.fromEntries(Object.keys(body).filter(name =>
      body[name] === null
    ).map(name => [name, undefined]))),
}, {
  ...all,
  id: 'responses-fields-account',
  what: `${ofAccount.map(name => `\`${name}\``).join(', ')} are left out.`,
  fix: 'drop',
  loses: 'small',
  source: { mark: 'guess', reference: `Menci/Floway: interceptors/openai-responses (service_tier); ${official}` },
  answers: [/Unsupported parameter: 'service_tier'/],
  apply: (body, { lose }) =>
    dropFields(body, ofAccount, name => {
      if (!isEmpty(body[name])) lose(name)
    }),
}, {
  ...all,
  id: 'responses-fields-state',
  what: `${ofState.map(name => `\`${name}\``).join(', ')} are left out.`,
  fix: 'drop',
  loses: 'no',
  source: { mark: 'read', reference: official },
  apply: body => dropFields(body, ofState, () => {}),
}, {
  ...all,
  id: 'responses-store',
  what: '`store` is false.',
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  answers: [/'store' must be false/],
  apply: body => withFields(body, { store: false }),
}, {
  ...all,
  id: 'responses-include',
  what: '`include` has the encrypted reasoning, and besides it log probabilities and the pages of a search at most.',
  fix: 'rewrite',
  loses: 'small',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  apply (body, { lose }) {
    const given = list(body['include'])
    const kept = given.filter(value => included.includes(value))
    if (kept.length < given.length) lose('include')
    if (!kept.includes(encryptedReasoning)) return { ...body, include: [...kept, encryptedReasoning] }
    return kept.length === given.length ? body : { ...body, include: kept }
  },
}, {
  ...all,
  id: 'responses-include-refused',
  what: 'A value of `include` that Copilot refuses by name is left out; `top_logprobs` stays.',
  when: 'learned',
  fix: 'drop',
  loses: 'small',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts sends `top_logprobs` alone' },
  answers: [/Invalid value: '(?<value>[\w.]{1,100})' in 'include'/],
  apply (body, { values, lose }) {
    const given = list(body['include'])
    const kept = given.filter(value => !values.includes(textOf(value)))
    if (kept.length === given.length) return body
    lose('include')
    return { ...body, include: kept }
  },
}, {
  ...all,
  id: 'responses-reasoning-fields',
  what: '`reasoning` holds `effort` and `summary` alone.',
  fix: 'drop',
  loses: 'small',
  source: { mark: 'read', reference: 'microsoft/vscode: responsesApi.ts' },
  apply: (body, { lose }) =>
    isObject(body['reasoning']) ? withFields(body, { reasoning: fittedReasoning(body['reasoning'], lose) }) : body,
}, {
  ...all,
  id: 'responses-verbosity',
  what: '`text.verbosity` is left out.',
  models: "models before GPT-5, and other makers' models",
  applies: target => isForeign(target) || !knowsVerbosity(target),
  fix: 'drop',
  loses: 'small',
  source: { mark: 'read', reference: 'OpenAI API reference, "verbosity": GPT-5 and later' },
  answers: [/Unsupported parameter: 'text\.verbosity'/],
  apply (body, { lose }) {
    const { text } = body
    if (!isObject(text) || text['verbosity'] === undefined) return body
    const { verbosity, ...rest } = text
    if (verbosity !== null && verbosity !== 'medium') lose('verbosity')
    return withFields(body, { text: isEmpty(rest) ? undefined : rest })
  },
}]

function fittedReasoning (reasoning: JsonObject, lose: (field: string) => void): JsonObject | undefined {
  const { effort, summary, generate_summary: older, context, mode, ...rest } = reasoning
  if ((context ?? null) !== null && context !== 'auto') lose('reasoning.context')
  if ((mode ?? null) !== null && mode !== 'standard') lose('reasoning.mode')
  const shown = summary ?? older ?? null
  const kept = { ...rest, ...(effort === undefined || effort === null ? {} : { effort }),
    ...(shown === null ? {} : { summary: shown }) }
  if (isEmpty(kept)) return undefined
  return Object.keys(kept).length === Object.keys(reasoning).length && (summary ?? null) === shown ? reasoning : kept
}
