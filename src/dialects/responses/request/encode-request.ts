// Encodes a prompt for Copilot's Responses endpoint. `docs/translation.md`; `docs/spec/copilot.md#responses-request`.
// The same prompt gives the same bytes, because upstream caches by prefix.
import type { JsonObject } from '../../../json.ts'
import { atOnce, type Steps } from '../../../steps.ts'
import type { Target } from '../../contract/dialect.ts'
import { clampEffort, effortOfBudget } from '../../shared/effort.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Effort, Prompt } from '../../contract/prompt.ts'
import { isStrictSchema } from '../../shared/strict-schema.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import { encryptedReasoning, logprobs } from './decode-request.ts'
import { encodeItems } from './encode-items.ts'
import { encodeTools } from './encode-tools.ts'

/** An empty user message. Chat accepts no message at all; Responses requires one item. */
const emptyInput = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: '' }] }]

/** @throws {GatewayError} in strict mode, for every loss */
export function encodeRequest (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): JsonObject {
  return atOnce(encodeInSteps(prompt, target, ledger, names))
}

export function* encodeInSteps (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): Steps<JsonObject> {
  const { system, turns } = prompt
  // Instructions alone are no input: then they are sent as a message.
  const isAlone = turns.length === 0 && system.every(block => block.role === undefined)
  const instructions = isAlone
    ? ''
    : system.filter(block => block.role === undefined).map(block => block.text).join('\n\n')
  const messages = isAlone ? system : system.filter(block => block.role !== undefined)
  if (prompt.topK !== null) ledger.lose('top_k')
  const input = yield* encodeItems({ system: messages, turns }, target, ledger, names)
  const tools = yield* encodeTools(prompt, names)
  return {
    model: target.id,
    ...(instructions === '' ? {} : { instructions }),
    input: turns.length === 0 && input.length === 0 ? emptyInput : input,
    ...tools,
    ...(prompt.maxTokens === null ? {} : { max_output_tokens: prompt.maxTokens }),
    ...(prompt.temperature === null ? {} : { temperature: prompt.temperature }),
    ...(prompt.topP === null ? {} : { top_p: prompt.topP }),
    ...encodeReasoning(prompt, target),
    ...encodeText(prompt),
    ...(prompt.topLogprobs === null || prompt.topLogprobs === 0 ? {} : { top_logprobs: prompt.topLogprobs }),
    include: prompt.topLogprobs === null ? [encryptedReasoning] : [encryptedReasoning, logprobs],
    ...(prompt.cacheKey === null ? {} : { prompt_cache_key: prompt.cacheKey }),
    ...(prompt.user === null ? {} : { user: prompt.user }),
    ...(prompt.serviceTier === null ? {} : { service_tier: prompt.serviceTier }),
    store: false,
    ...(target.stream ? { stream: true } : {}),
  }
}

function encodeReasoning (prompt: Prompt, { efforts }: Target): JsonObject {
  const { thinking, thinkingBudget, showReasoning } = prompt
  const wanted: Effort | null = prompt.effort
    ?? (thinking === 'off'
      ? 'none'
      : thinkingBudget !== null && thinking !== 'adaptive'
      ? effortOfBudget(thinkingBudget)
      : null)
  // If a model lists no efforts, only three are known to work. `docs/spec/translation.md#effort`.
  const effort = wanted === null || efforts.length > 0 ? wanted : clampEffort(wanted, ['low', 'medium', 'high'])
  const reasoning = { ...(effort === null ? {} : { effort }),
    ...(showReasoning && wanted !== 'none' ? { summary: 'auto' } : {}) }
  return Object.keys(reasoning).length === 0 ? {} : { reasoning }
}

function encodeText ({ format, verbosity }: Prompt): JsonObject {
  const text = { ...(format === null ? {} : { format: encodeFormat(format) }),
    ...(verbosity === null ? {} : { verbosity }) }
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
    // Messages names no format and has no `strict`; OpenAI's dialects treat a missing one as false.
    strict: strict ?? (name === null && isStrictSchema(schema)),
  }
}
