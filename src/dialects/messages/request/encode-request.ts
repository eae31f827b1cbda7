// Encodes a prompt as a request for upstream's Messages endpoint, for clients of the other dialects. Deterministic: the
// same history gives the same bytes, so that upstream's cache finds the prompt. `docs/spec/translation.md#prompt`.
import { atOnce, mapInSteps, type Steps } from '../../../steps.ts'
import type { Target } from '../../contract/dialect.ts'
import { budgetOfEffort } from '../../shared/effort.ts'
import { jsonOnly } from '../../shared/json-only.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Effort, Prompt } from '../../contract/prompt.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import { ephemeral, takesCache, withCache, type Markable } from './encode-cache-marks.ts'
import { encodeTurns } from './encode-content.ts'
import { encodeTools } from './encode-tools.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { isCached, type MessagesRequest, type WireOutput, type SystemBlock, type ThinkingConfigParam, type WireMessage,
  type WireTool } from '../wire.ts'

export function encodeRequest (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): MessagesRequest {
  return atOnce(encodeInSteps(prompt, target, ledger, names))
}

export function* encodeInSteps (
  prompt: Prompt,
  target: Target,
  ledger: Ledger,
  names: ToolNames,
): Steps<MessagesRequest> {
  loseOthers(prompt, ledger)
  const format = encodeFormat(prompt)
  const turns = yield* encodeTurns(prompt.turns, { target, ledger, names })
  yield
  const { tools, choice, isForced } = yield* encodeTools(prompt, names, ledger)
  yield
  const { thinking, effort, maxTokens } = encodeThinking(prompt, isForced, target)
  const output = omitUndefined<WireOutput>({ effort: effort ?? undefined, ...format.output })
  const { temperature, topP, topK } = prompt

  const messages = yield* mapInSteps(turns, message => ({ ...message }))
  yield
  const system = [
    ...prompt.system.filter(block => block.text.trim() !== '').map(block =>
      omitUndefined<SystemBlock>({ type: 'text', text: block.text,
        cache_control: block.cache === true ? ephemeral : undefined })
    ),
    ...format.system,
  ]
  const cached = cache({ system, tools, messages })
  const rest = omitUndefined<Omit<MessagesRequest, 'model' | 'max_tokens'>>({
    stream: target.stream ? true : undefined,
    thinking: thinking ?? undefined,
    output_config: Object.keys(output).length === 0 ? undefined : output,
    temperature: temperature ?? undefined,
    top_p: topP ?? undefined,
    top_k: topK ?? undefined,
    stop_sequences: prompt.stop.length === 0 ? undefined : [...prompt.stop],
    metadata: prompt.user === null || isPersonal(prompt.user) ? undefined : { user_id: prompt.user },
    tools: cached.tools.length === 0 ? undefined : cached.tools,
    tool_choice: choice ?? undefined,
    system: cached.system.length === 0 ? undefined : cached.system,
    messages: cached.messages,
  })
  // An undefined `max_tokens` keeps the field's place. If a rule sets it later, the messages are still last, and the
  // same history gives the same bytes.
  return { model: target.id, max_tokens: maxTokens ?? undefined, ...rest }
}

/** Records the fields that Messages lacks. */
function loseOthers ({ topLogprobs, verbosity, cacheKey, isOwnCacheKey, serviceTier }: Prompt, ledger: Ledger): void {
  if (topLogprobs !== null) ledger.refuse('logprobs', '`logprobs`')
  if (verbosity !== null && verbosity !== 'medium') ledger.lose('verbosity')
  if (cacheKey !== null && isOwnCacheKey !== true) ledger.lose('prompt_cache_key')
  if (serviceTier !== null && serviceTier !== 'auto' && serviceTier !== 'default') ledger.lose('service_tier')
}

/** The tokens of an answer that remain for the text next to a budget. */
const answerTokens = 1_024
const usualTokens = 8_192

interface Encoded {
  readonly thinking: ThinkingConfigParam | null
  readonly effort: Effort | null
  readonly maxTokens: number | null
}

/**
 * Encodes nothing if the client set nothing about thinking: upstream's default then applies. The rules apply the
 * model's limits. Messages counts a thinking budget as part of `max_tokens`; other dialects do not. So `max_tokens` is
 * raised to hold the budget and an answer.
 */
function encodeThinking (
  { thinking, thinkingBudget, effort: given, showReasoning, maxTokens }: Prompt,
  isForced: boolean,
  target: Target,
): Encoded {
  const { supports, stream, thinkingBudget: range, maxOutputTokens, maxNonStreamingOutputTokens } = target
  if (thinking === null && given === null) return { thinking: null, effort: null, maxTokens }
  if (thinking === 'off' || (thinking === null && given === 'none')) {
    return { thinking: { type: 'disabled' }, effort: null, maxTokens }
  }
  const effort = given === 'none' ? null : given
  const display = showReasoning ? 'summarized' : 'omitted'
  const wanted = thinkingBudget ?? budgetOfEffort(effort ?? 'medium')
  const isOn = thinking === 'on'
  if (isForced || range === null || (supports.adaptiveThinking && !isOn)) {
    return { thinking: isOn ? { type: 'enabled', budget_tokens: wanted, display } : { type: 'adaptive', display },
      effort, maxTokens }
  }
  const most = Math.min(maxOutputTokens ?? Infinity, stream ? Infinity : maxNonStreamingOutputTokens ?? Infinity)
  const budget = Math.min(Math.max(wanted, range.min), range.max)
  const whole = Math.max(maxTokens ?? Math.min(maxOutputTokens ?? usualTokens, most),
    Math.min(budget + answerTokens, most))
  return {
    thinking: { type: 'enabled', budget_tokens: Math.min(budget, Math.max(whole - answerTokens, range.min)),
      ...(isOn ? { display } : {}) },
    effort: supports.adaptiveThinking ? effort : null,
    maxTokens: whole,
  }
}

/** A schema uses the model's own feature; JSON without a schema becomes an instruction. */
function encodeFormat (
  { format }: Prompt,
): { readonly output: Pick<WireOutput, 'format'>, readonly system: SystemBlock[] } {
  if (format === null) return { output: {}, system: [] }
  if (format.type === 'json') return { output: {}, system: [{ type: 'text', text: jsonOnly }] }
  const { $schema: _dialect, ...schema } = format.schema
  return { output: { format: { type: 'json_schema', schema } }, system: [] }
}

interface Parts {
  readonly system: SystemBlock[]
  readonly tools: WireTool[]
  readonly messages: WireMessage[]
}

/** Keeps the client's own marks. Without any, sets marks that let the cache find most of the next request. */
function cache (parts: Parts): Parts {
  const isMarked = [parts.system, parts.tools, ...parts.messages.map(message => message.content)].some(blocks =>
    blocks.some(isCached)
  )
  if (isMarked) return parts
  const users = parts.messages.flatMap(({ role }, at) => role === 'user' ? [at] : []).slice(-2)
  return {
    system: markLast(parts.system),
    tools: markLast(parts.tools),
    messages: parts.messages.map((message, at) =>
      users.includes(at) ? { ...message, content: markLast(message.content) } : message
    ),
  }
}

function markLast<T extends Markable> (blocks: readonly T[]): T[] {
  return blocks.map((block, at) => at === blocks.length - 1 && takesCache(block) ? withCache(block) : block)
}

/** Anthropic forbids names, mail addresses and telephone numbers. */
function isPersonal (user: string): boolean {
  return user.includes('@') || /^\+?[\d\s().-]{7,}$/.test(user) || user.length > 256
}
