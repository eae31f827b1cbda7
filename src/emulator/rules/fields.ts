// Headers and top-level fields: betas, stored data, tiers, and fields that an endpoint does not know.
import { claudeFrom, managesContext } from './kinds.ts'
import { fields, text } from '../json.ts'
import { findLoneSurrogate } from '../surrogates.ts'
import { everywhere } from './rule.ts'
import type { Rule, Seen } from './rule.ts'

const messagesFields = new Set(['model', 'messages', 'system', 'max_tokens', 'stop_sequences', 'stream', 'temperature',
  'top_p', 'top_k', 'thinking', 'output_config', 'tools', 'tool_choice', 'metadata', 'context_management',
  'cache_control'])
const betas = /^(?:interleaved-thinking|context-management|advanced-tool-use|extended-cache-ttl|per-turn-control)-/
/** From 4.8 on. */
const newerBetas = /^mid-conversation-output-config-/
const takesNewerBetas = claudeFrom(4.8)
const extra = (name: string) => `${name}: Extra inputs are not permitted`
const betasOf = ({ ask }: Seen): string[] =>
  ask.request.headers['anthropic-beta']?.split(',').map(beta => beta.trim()) ?? []

export const fieldRules: readonly Rule[] = [{ id: 'lone-surrogate', on: everywhere, mark: 'guess',
  source: 'anthropics/claude-code#60394', by: 'surrogates', envelope: 'wrapped', check: surrogate }, {
  id: 'refused-field-chat',
  on: ['chat', 'responses'],
  mark: 'guess',
  source: 'set by a test',
  by: 'refusals',
  envelope: { code: 'unknown_parameter' },
  check: seen => refused(seen, name => `Unknown parameter: '${name}'.`),
}, { id: 'refused-field-messages', on: ['messages'], mark: 'guess', source: 'set by a test', by: 'refusals',
  envelope: 'flat', check: seen => refused(seen, extra) }, { id: 'beta-unknown', on: ['messages'], mark: 'live',
  source: 'docs/spec/copilot.md#messages-betas', by: 'messagesBeta', envelope: 'flat', check: unknownBeta }, {
  id: 'context-management',
  on: ['messages'],
  mark: 'live',
  source: 'docs/spec/copilot.md#messages-errors',
  by: 'messagesBeta',
  envelope: 'flat',
  check: seen =>
    seen.body.context_management !== undefined && !betasOf(seen).some(beta => beta.startsWith('context-management-'))
      ? extra('context_management')
      : null,
}, { id: 'context-management-models', on: ['messages'], mark: 'read', source: 'chatModelCapabilities.ts',
  by: 'contextManagement', envelope: 'flat', models: model => !managesContext(model),
  check: ({ body }) => body.context_management !== undefined ? extra('context_management') : null }, {
  id: 'field-unknown',
  on: ['messages'],
  mark: 'live',
  source: 'docs/spec/copilot.md#messages-body',
  by: 'messagesFields',
  envelope: 'flat',
  check: ({ body }) => {
    const name = Object.keys(body).find(key => !messagesFields.has(key))
    return name === undefined ? null : extra(name)
  },
}, { id: 'previous-response', on: ['responses'], mark: 'live', source: 'docs/spec/copilot.md#error-bodies',
  by: 'responsesStore', envelope: { code: 'previous_response_not_found' },
  check: ({ body: { previous_response_id: id } }) =>
    id === undefined || id === null ? null : `Previous response with id '${text(id)}' not found.` }, { id: 'store',
  on: ['responses'], mark: 'guess', source: 'docs/spec/copilot.md#responses-request', by: 'responsesStore',
  envelope: 'wrapped', check: ({ body }) => body.store === true ? "Unsupported value: 'store' must be false." : null },
  { id: 'service-tier', on: ['responses'], mark: 'guess', source: 'docs/spec/copilot.md#responses-request, Floway',
    by: 'responsesServiceTier', envelope: 'wrapped',
    check: ({ body: { service_tier: tier } }) =>
      tier === undefined || tier === null
        ? null
        : "Unsupported parameter: 'service_tier' is not supported with this model." }, { id: 'image-generation',
  on: ['responses'], mark: 'guess', source: 'docs/spec/copilot.md#rules, Floway', by: 'responsesTools',
  envelope: 'wrapped',
  check: ({ body }) =>
    fields(body.tool_choice).type === 'image_generation' ? 'Unsupported tool type: image_generation' : null }]

function surrogate ({ ask: { request } }: Seen): string | null {
  const at = findLoneSurrogate(request.body)
  return at === null
    ? null
    : `The request body is not valid JSON: no low surrogate in string: line 1 column ${at + 1} (char ${at})`
}

function refused ({ body, world: { strict } }: Seen, words: (name: string) => string): string | null {
  const name = strict.refusedFields.find(field => body[field] !== undefined)
  return name === undefined ? null : words(name)
}

function unknownBeta (seen: Seen): string | null {
  const { refusedBetas } = seen.world.strict
  const isKnown = (beta: string): boolean =>
    (betas.test(beta) || (newerBetas.test(beta) && takesNewerBetas(seen.model))) && !refusedBetas.includes(beta)
  const unknown = betasOf(seen).filter(beta => !isKnown(beta))
  return unknown.length === 0
    ? null
    : `Unexpected value(s) ${unknown.map(beta => `\`${beta}\``).join(', ')} for the \`anthropic-beta\` header`
}
