// Encodes a prompt for Copilot's Responses endpoint. `docs/translation.md`; `docs/spec/copilot.md#responses-request`.
// The same prompt gives the same bytes, because upstream caches by prefix.
import { atOnce, type Steps } from '../../../steps.ts'
import type { Target } from '../../contract/dialect.ts'
import { clampEffort, effortOfBudget } from '../../shared/effort.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Effort, Prompt } from '../../contract/prompt.ts'
import { isStrictSchema } from '../../shared/strict-schema.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import { trigger } from '../wire-compaction.ts'
import { encryptedReasoning, logprobs } from './decode-request.ts'
import { searchSources } from './decode-web-tools.ts'
import { encodeItems } from './encode-items.ts'
import { encodeTools } from './encode-tools.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InputItem, ResponsesRequest } from '../wire.ts'

type Text = NonNullable<ResponsesRequest['text']>
type Format = NonNullable<Text['format']>
type Reasoning = NonNullable<ResponsesRequest['reasoning']>

/** An empty user message. Chat accepts no message at all; Responses requires one item. */
const emptyInput: InputItem[] = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: '' }] }]

/** @throws {GatewayError} in strict mode, for every loss */
export function encodeRequest (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): ResponsesRequest {
  return atOnce(encodeInSteps(prompt, target, ledger, names))
}

export function* encodeInSteps (
  prompt: Prompt,
  target: Target,
  ledger: Ledger,
  names: ToolNames,
): Steps<ResponsesRequest> {
  const { system, turns } = prompt
  // Upstream refuses a request with instructions and no input, so they are sent as a message.
  const isAlone = turns.length === 0 && system.every(block => block.role === undefined)
  const instructions = isAlone
    ? ''
    : system.filter(block => block.role === undefined).map(block => block.text).join('\n\n')
  const messages = isAlone ? system : system.filter(block => block.role !== undefined)
  if (prompt.topK !== null) ledger.lose('top_k')
  loseLimits(prompt, ledger)
  const items = yield* encodeItems({ system: messages, turns }, target, ledger, names)
  const input = prompt.compacts === true ? [...items, trigger] : items
  const tools = yield* encodeTools(prompt, names)
  return omitUndefined<ResponsesRequest>({
    model: target.id,
    instructions: instructions === '' ? undefined : instructions,
    input: turns.length === 0 && input.length === 0 ? emptyInput : input,
    ...tools,
    max_output_tokens: prompt.maxTokens ?? undefined,
    temperature: prompt.temperature ?? undefined,
    top_p: prompt.topP ?? undefined,
    reasoning: encodeReasoning(prompt, target),
    text: encodeText(prompt),
    top_logprobs: prompt.topLogprobs === null || prompt.topLogprobs === 0 ? undefined : prompt.topLogprobs,
    include: [encryptedReasoning, ...(prompt.topLogprobs === null ? [] : [logprobs] as const),
      ...(needsSources(prompt) ? [searchSources] as const : [])],
    prompt_cache_key: prompt.cacheKey ?? undefined,
    user: prompt.user ?? undefined,
    service_tier: prompt.serviceTier ?? undefined,
    store: false,
    stream: target.stream ? true : undefined,
  })
}

/** Copilot decides by itself how often it searches, and whether it opens a page. */
function loseLimits ({ webTools }: Prompt, ledger: Ledger): void {
  if (webTools === null || webTools === undefined || webTools.functions !== undefined) return
  if (webTools.search?.tool === null && webTools.search.maxUses !== null) ledger.lose('tools.max_uses')
  if (webTools.fetches) ledger.lose('tools.web_fetch')
}

/** Without the sources, a client of another dialect would not learn what was found. */
function needsSources ({ webTools }: Prompt): boolean {
  return webTools?.functions === undefined && webTools?.search?.showsSources === true
}

function encodeReasoning (prompt: Prompt, { efforts }: Target): Reasoning | undefined {
  const { thinking, thinkingBudget, showReasoning } = prompt
  const wanted: Effort | null = prompt.effort
    ?? (thinking === 'off'
      ? 'none'
      : thinkingBudget !== null && thinking !== 'adaptive'
      ? effortOfBudget(thinkingBudget)
      : null)
  // If a model lists no efforts, only three are known to work. `docs/spec/translation.md#effort`.
  const effort = wanted === null || efforts.length > 0 ? wanted : clampEffort(wanted, ['low', 'medium', 'high'])
  return orNothing(
    omitUndefined<Reasoning>({ effort: effort ?? undefined,
      summary: showReasoning && wanted !== 'none' ? 'auto' : undefined }),
  )
}

function encodeText ({ format, verbosity }: Prompt): Text | undefined {
  return orNothing(
    omitUndefined<Text>({ format: format === null ? undefined : encodeFormat(format),
      verbosity: verbosity ?? undefined }),
  )
}

function orNothing<T extends object> (fields: T): T | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields
}

function encodeFormat (format: NonNullable<Prompt['format']>): Format {
  if (format.type === 'json') return { type: 'json_object' }
  const { name, description, strict } = format
  const { $schema: _dialect, ...schema } = format.schema
  const clean = (name ?? '').replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
  return omitUndefined<Extract<Format, { type: 'json_schema' }>>({
    type: 'json_schema',
    name: clean === '' ? 'output' : clean,
    description: description ?? undefined,
    schema,
    // Messages names no format and has no `strict`; OpenAI's dialects treat a missing one as false.
    strict: strict ?? (name === null && isStrictSchema(schema)),
  })
}
