// Fields of a Chat request that Copilot or the model's maker refuses.
import type { JsonObject } from '../json.ts'
import { dropFields, isGiven, mapField, text } from './fields.ts'
import { isForeign, isOpenAi, knowsVerbosity } from './model-facts.ts'
import type { Rule } from './rule.ts'

/** They concern OpenAI's account. Copilot has no tiers and stores no answers. */
const ofAccount = ['service_tier', 'store', 'metadata'] as const
const ofOpenAi = ['seed', 'logit_bias', 'frequency_penalty', 'presence_penalty', 'user', 'safety_identifier',
  'prompt_cache_key', 'verbosity'] as const
const maxUserLength = 64

const dropped: Pick<Rule, 'fix' | 'loses' | 'when'> = { fix: 'drop', loses: 'small', when: 'always' }

export const chatFields: readonly Rule[] = [{
  ...dropped,
  id: 'chat-fields-account',
  what: '`service_tier`, `store` and `metadata` are left out.',
  models: 'all',
  applies: () => true,
  source: { mark: 'guess', reference: 'microsoft/vscode: chatMLFetcher.ts sends none of them' },
  apply: (body, { lose }) => dropFields(body, ofAccount, lose),
}, {
  ...dropped,
  id: 'chat-fields-openai',
  what: "Fields that only OpenAI's models know are left out.",
  models: 'Claude, Gemini, Grok',
  applies: isForeign,
  source: { mark: 'guess',
    reference: 'microsoft/vscode: chatEndpoint.ts sends none of them; other backends may refuse unknown fields' },
  apply: (body, { lose }) => dropFields(body, ofOpenAi, lose),
}, {
  ...dropped,
  id: 'chat-verbosity',
  what: '`verbosity` is left out.',
  models: 'models before GPT-5',
  applies: target => !isForeign(target) && !knowsVerbosity(target),
  source: { mark: 'read', reference: 'OpenAI API reference, "verbosity": GPT-5 and later' },
  answers: [/Unsupported parameter: 'verbosity'/],
  apply: (body, { lose }) => dropFields(body, ['verbosity'], lose),
}, {
  ...dropped,
  id: 'chat-user-length',
  what: `\`user\` with more than ${maxUserLength} characters is left out.`,
  models: 'all',
  applies: () => true,
  source: { mark: 'guess', reference: 'OpenAI API reference, "user": at most 64 characters' },
  answers: [/Invalid 'user': string too long/],
  apply: (body, { lose }) => text(body['user']).length > maxUserLength ? dropFields(body, ['user'], lose) : body,
}, {
  ...dropped,
  id: 'chat-tools-strict',
  what: '`strict` of a tool is left out.',
  models: "all but OpenAI's",
  applies: target => !isOpenAi(target),
  source: { mark: 'guess', reference: 'OpenAI documentation, "Function calling": strict mode is OpenAI\'s own' },
  apply: (body, { lose }) =>
    mapField(body, 'tools', tool => {
      const fitted = mapFunction(tool)
      if (fitted !== tool && isStrict(tool)) lose('tools.strict')
      return fitted
    }),
}]

const functionOf = (tool: JsonObject): JsonObject => (tool['function'] ?? {}) as JsonObject
const isStrict = (tool: JsonObject): boolean => functionOf(tool)['strict'] === true

function mapFunction (tool: JsonObject): JsonObject {
  const { strict, ...rest } = functionOf(tool)
  return isGiven(strict) ? { ...tool, function: rest } : tool
}
