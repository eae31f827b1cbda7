// A prompt as a request for upstream's Messages endpoint, for clients of the other dialects. Deterministic: the same history
// gives the same bytes, or no prompt would be found in upstream's cache. `translation.md` 2.
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import type { Effort, Prompt } from '../prompt.ts'
import type { ToolNames } from '../tool-names.ts'
import { ephemeral, limitCache, takesCache, withCache, type Parts } from './cache.ts'
import { encodeTurns, endTurns } from './encode-content.ts'
import { encodeTools } from './encode-tools.ts'
import { clampMaxTokens } from './prepare.ts'
import { fitSampling } from './sampling.ts'
import { fitEffort, fitThinking, lacksThoughts, type Wanted } from './thinking.ts'
import { isCached, list } from './wire.ts'

export function encodeRequest (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): JsonObject {
  loseOthers(prompt, ledger)
  const format = encodeFormat(prompt, target, ledger)
  const turns = encodeTurns(prompt.turns, { target, ledger, names })
  const { tools, choice, isForced } = encodeTools(prompt, names, ledger)

  const wanted = readWanted(prompt)
  const maxTokens = clampMaxTokens(prompt.maxTokens, target)
  const fitted = wanted === null
    ? { thinking: null, maxTokens, isLess: false }
    : fitThinking(wanted, { target, maxTokens, mostTokens: mostTokensOf(maxTokens, target), room: 1_024, isForced, lacksThoughts: lacksThoughts(turns) })
  if (fitted.isLess) ledger.lose('reasoning')
  const mode = fitted.thinking?.['type']
  const thinks = mode === 'adaptive' || mode === 'enabled'
  const effort = mode === 'adaptive' && wanted !== null && wanted.effort !== null ? fitEffort(wanted.effort, target) : null
  const output = { ...(effort === null ? {} : { effort }), ...format.output }
  const { sampling: { temperature, topP, topK }, lost } = fitSampling(prompt, { id: target.id, thinks })
  lost.forEach(ledger.lose)
  const stop = prompt.stop.filter(sequence => sequence.trim() !== '')
  if (stop.length < prompt.stop.length) ledger.lose('stop')

  const messages = endTurns(turns, { id: target.id, thinks }).map(message => ({ ...message }))
  const system = [...prompt.system.filter(block => block.text.trim() !== '').map(block => ({ type: 'text', text: block.text, ...(block.cache === true ? { cache_control: ephemeral } : {}) })), ...format.system]
  const cached = cache({ system, tools, messages }, ledger)
  return {
    model: target.id,
    max_tokens: fitted.maxTokens,
    ...(target.stream ? { stream: true } : {}),
    ...(fitted.thinking === null ? {} : { thinking: fitted.thinking }),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(topK === null ? {} : { top_k: topK }),
    ...(stop.length === 0 ? {} : { stop_sequences: stop }),
    ...(prompt.user === null || isPersonal(prompt.user) ? {} : { metadata: { user_id: prompt.user } }),
    ...(cached.tools.length === 0 ? {} : { tools: cached.tools }),
    ...(choice === null ? {} : { tool_choice: choice }),
    ...(cached.system.length === 0 ? {} : { system: cached.system }),
    messages: cached.messages,
  }
}

/** What Messages has no word for. */
function loseOthers ({ topLogprobs, verbosity, cacheKey, serviceTier }: Prompt, ledger: Ledger): void {
  if (topLogprobs !== null) ledger.refuse('logprobs', '`logprobs`')
  if (verbosity !== null && verbosity !== 'medium') ledger.lose('verbosity')
  if (cacheKey !== null) ledger.lose('prompt_cache_key')
  if (serviceTier !== null && serviceTier !== 'auto' && serviceTier !== 'default') ledger.lose('service_tier')
}

/** Null where nothing was said of thinking: then upstream's own measure holds. */
function readWanted ({ thinking, thinkingBudget: budget, effort, showReasoning }: Prompt): Wanted & { effort: Effort | null } | null {
  if (thinking === null && effort === null) return null
  const isOff = thinking === 'off' || (thinking === null && effort === 'none')
  return { thinking: isOff ? 'off' : thinking ?? 'adaptive', budget, effort: effort === 'none' ? null : effort, display: showReasoning ? 'summarized' : 'omitted' }
}

function mostTokensOf (maxTokens: number, { stream, maxOutputTokens, maxNonStreamingOutputTokens }: Target): number {
  const most = maxOutputTokens ?? Infinity
  return Math.max(maxTokens, stream ? most : Math.min(most, maxNonStreamingOutputTokens ?? Infinity))
}

/** JSON by the model's own means where it has them, else by being told. */
function encodeFormat ({ format }: Prompt, { supports }: Target, ledger: Ledger): { readonly output: JsonObject, readonly system: JsonObject[] } {
  const tell = (words: string) => ({ output: {}, system: [{ type: 'text', text: words }] })
  if (format === null) return { output: {}, system: [] }
  if (format.type === 'json') return tell('Respond with a single valid JSON object and nothing else.')
  const { $schema: _dialect, ...schema } = format.schema
  if (supports.structuredOutputs) return { output: { format: { type: 'json_schema', schema } }, system: [] }
  ledger.lose('response_format')
  return tell(`Respond with a single valid JSON object and nothing else. It must match this JSON schema:\n${JSON.stringify(schema)}`)
}

/** Marks of the client's own are kept; where it has none, those that find most of the next request again are set. */
function cache (parts: Parts, ledger: Ledger): Parts {
  const isMarked = [...parts.system, ...parts.tools, ...parts.messages.flatMap(message => list(message['content']) as JsonObject[])].some(isCached)
  if (isMarked) return limitCache(parts, () => ledger.lose('cache_control'))
  const users = parts.messages.flatMap(({ role }, at) => role === 'user' ? [at] : []).slice(-2)
  return {
    system: markLast(parts.system),
    tools: markLast(parts.tools),
    messages: parts.messages.map((message, at) => users.includes(at) ? { ...message, content: markLast(list(message['content']) as JsonObject[]) } : message),
  }
}

function markLast (blocks: readonly JsonObject[]): JsonObject[] {
  return blocks.map((block, at) => at === blocks.length - 1 && takesCache(block) ? withCache(block) : block)
}

/** Anthropic wants no names, mail addresses or telephone numbers. */
function isPersonal (user: string): boolean {
  return user.includes('@') || /^\+?[\d\s().-]{7,}$/.test(user) || user.length > 256
}
