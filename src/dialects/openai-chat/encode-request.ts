// A prompt as a Chat request to Copilot: `translation.md` 2.11, columns "→C"; what models there take, `copilot-upstream.md` 7.1.
// The same prompt gives the same bytes, so that upstream's prompt cache is met.
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import type { Prompt } from '../prompt.ts'
import type { ToolNames } from '../tool-names.ts'
import { encodeFormat } from './encode-format.ts'
import { encodeMessages } from './encode-messages.ts'
import { encodeReasoning } from './encode-reasoning.ts'
import { encodeTools } from './encode-tools.ts'
import { isForeign, isReasoningModel, takesOneSampling } from './model-rules.ts'
import { said } from './read.ts'

/** @throws {GatewayError} `unsupported_parameter` for what this dialect or the model cannot carry */
export function encodeRequest (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): JsonObject {
  const { format, instruction } = encodeFormat(prompt.format, target, ledger)
  const tools = encodeTools(prompt, target, ledger, names)
  const reasoning = encodeReasoning(prompt, target, tools['tool_choice'], ledger)
  const maxTokens = reasoning.maxTokens
  return said({
    model: target.id,
    messages: encodeMessages(prompt, target, ledger, names, instruction),
    ...(isReasoningModel(target) ? { max_completion_tokens: maxTokens ?? undefined } : { max_tokens: maxTokens ?? undefined }),
    ...encodeSampling(prompt, target, reasoning.fields['thinking_budget'] !== undefined, ledger),
    ...tools,
    response_format: format,
    ...reasoning.fields,
    ...encodeHints(prompt, target, ledger),
    stream: target.stream,
    stream_options: target.stream ? { include_usage: true } : undefined,
  })
}

/** Temperature, top-p and the like, as far as the model lets them be chosen. */
function encodeSampling (prompt: Prompt, target: Target, thinks: boolean, ledger: Ledger): JsonObject {
  const isFixed = isReasoningModel(target) || thinks
  const isClaude = target.family === 'claude'
  const fit = (name: string, value: number | null): number | undefined => {
    if (value === null) return undefined
    if (isFixed && value !== 1) {
      ledger.lose(name)
      return undefined
    }
    if (!isClaude || value <= 1) return value
    ledger.lose(name)
    return 1
  }
  const temperature = fit('temperature', prompt.temperature)
  let topP = fit('top_p', prompt.topP)
  if (topP !== undefined && temperature !== undefined && takesOneSampling(target)) {
    if (topP !== 1) ledger.lose('top_p')
    topP = undefined
  }
  if (prompt.topK !== null) ledger.lose('top_k')
  // o3 and o4-mini refuse stop sequences.
  const takesStop = !/^o[34]/.test(target.id)
  if (prompt.stop.length > 0 && !takesStop) ledger.lose('stop')
  return { temperature, top_p: topP, stop: prompt.stop.length > 0 && takesStop ? prompt.stop.slice(0, 4) : undefined }
}

/** What concerns the account, the cache or the style rather than the words. */
function encodeHints (prompt: Prompt, target: Target, ledger: Ledger): JsonObject {
  const isForeignModel = isForeign(target)
  const takesVerbosity = target.family === 'openai' && isReasoningModel(target) && !/^o\d/.test(target.id)
  if (prompt.verbosity !== null && prompt.verbosity !== 'medium' && !takesVerbosity) ledger.lose('verbosity')
  if (prompt.topLogprobs !== null && isForeignModel) ledger.refuse('top_logprobs', 'log-probabilities')
  const isUserFit = prompt.user !== null && prompt.user.length <= 64 && !isForeignModel
  if (prompt.user !== null && !isUserFit) ledger.lose('user')
  if (prompt.cacheKey !== null && isForeignModel) ledger.lose('prompt_cache_key')
  if (prompt.serviceTier !== null && prompt.serviceTier !== 'default' && prompt.serviceTier !== 'auto') ledger.lose('service_tier')
  return {
    verbosity: prompt.verbosity !== null && takesVerbosity ? prompt.verbosity : undefined,
    ...(prompt.topLogprobs === null ? {} : { logprobs: true, top_logprobs: prompt.topLogprobs }),
    user: isUserFit ? prompt.user : undefined,
    prompt_cache_key: prompt.cacheKey !== null && !isForeignModel ? prompt.cacheKey : undefined,
  }
}
