// A request in no dialect as Copilot's Responses endpoint takes it. `translation.md` 2.11, columns C→R and M→R;
// `copilot-upstream.md` 8.1. Same prompt, same bytes: upstream caches by prefix.
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import { clampEffort, effortOfBudget } from '../effort.ts'
import type { Ledger } from '../ledger.ts'
import type { Effort, Prompt } from '../prompt.ts'
import { isStrictSchema } from '../strict-schema.ts'
import type { ToolNames } from '../tool-names.ts'
import { encryptedReasoning, logprobs } from './decode-request.ts'
import { encodeItems } from './encode-items.ts'
import { encodeTools } from './encode-tools.ts'
import { isReasoningModel, knowsVerbosity } from './models.ts'

/** The least that upstream takes as a limit. */
export const minOutputTokens = 16

/** @throws {GatewayError} in strict mode, for what is lost */
export function encodeRequest (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): JsonObject {
  const { system, turns } = prompt
  // Instructions alone are no input: then they are sent as a message.
  const isAlone = turns.length === 0 && system.every(block => block.role === undefined)
  const instructions = isAlone ? '' : system.filter(block => block.role === undefined).map(block => block.text).join('\n\n')
  const messages = isAlone ? system : system.filter(block => block.role !== undefined)
  if (prompt.topK !== null) ledger.lose('top_k')
  if (prompt.user !== null) ledger.lose('user')
  if (prompt.serviceTier !== null && !['auto', 'default', 'standard_only'].includes(prompt.serviceTier)) ledger.lose('service_tier')
  return {
    model: target.id,
    ...(instructions === '' ? {} : { instructions }),
    input: encodeItems({ system: messages, turns }, target, ledger, names),
    ...encodeTools(prompt, names),
    ...(prompt.maxTokens === null ? {} : { max_output_tokens: Math.max(minOutputTokens, Math.floor(prompt.maxTokens)) }),
    ...encodeSampling(prompt, target, ledger),
    ...encodeReasoning(prompt, target, ledger),
    ...encodeText(prompt, target, ledger),
    ...(prompt.topLogprobs === null || prompt.topLogprobs === 0 ? {} : { top_logprobs: prompt.topLogprobs }),
    include: prompt.topLogprobs === null ? [encryptedReasoning] : [encryptedReasoning, logprobs],
    ...(prompt.cacheKey === null ? {} : { prompt_cache_key: prompt.cacheKey }),
    store: false,
    ...(target.stream ? { stream: true } : {}),
  }
}

function encodeSampling ({ temperature, topP }: Prompt, target: Target, ledger: Ledger): JsonObject {
  const given = { ...(temperature === null ? {} : { temperature }), ...(topP === null ? {} : { top_p: topP }) }
  if (!isReasoningModel(target)) return given
  if (temperature !== null && temperature !== 1) ledger.lose('temperature')
  if (topP !== null && topP !== 1) ledger.lose('top_p')
  return {}
}

function encodeReasoning (prompt: Prompt, target: Target, ledger: Ledger): JsonObject {
  const { thinking, thinkingBudget, showReasoning } = prompt
  const wanted: Effort | null = prompt.effort ?? (thinking === 'off' ? 'none' : thinkingBudget !== null && thinking !== 'adaptive' ? effortOfBudget(thinkingBudget) : null)
  if (!isReasoningModel(target)) {
    if ((wanted !== null && wanted !== 'none') || thinking === 'on') ledger.lose('reasoning')
    return {}
  }
  const effort = wanted === null ? null : listedEffort(wanted, target.efforts)
  const reasoning = { ...(effort === null ? {} : { effort }), ...(showReasoning && wanted !== 'none' ? { summary: 'auto' } : {}) }
  return Object.keys(reasoning).length === 0 ? {} : { reasoning }
}

/** `translation.md` 2.6.1. Of a model that lists none it is only known that these three work. */
function listedEffort (effort: Effort, listed: readonly string[]): Effort | null {
  const known = listed.length > 0 ? listed : ['low', 'medium', 'high']
  return clampEffort(effort === 'minimal' && !known.includes('minimal') ? 'low' : effort, known)
}

function encodeText ({ format, verbosity }: Prompt, target: Target, ledger: Ledger): JsonObject {
  const isVerbose = verbosity !== null && knowsVerbosity(target.id)
  if (verbosity !== null && verbosity !== 'medium' && !isVerbose) ledger.lose('verbosity')
  const text = { ...(format === null ? {} : { format: encodeFormat(format) }), ...(isVerbose ? { verbosity } : {}) }
  return Object.keys(text).length === 0 ? {} : { text }
}

function encodeFormat (format: NonNullable<Prompt['format']>): JsonObject {
  if (format.type === 'json') return { type: 'json_object' }
  const { name, description, strict } = format
  const { $schema: _dialect, ...schema } = format.schema
  const clean = (name ?? '').replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
  return {
    type: 'json_schema',
    name: clean === '' ? 'output' : clean,
    ...(description === null ? {} : { description }),
    schema,
    // Messages names no format and says nothing of `strict`; OpenAI's dialects take its absence for false.
    strict: strict ?? (name === null && isStrictSchema(schema)),
  }
}
