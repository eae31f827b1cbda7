// Encodes a prompt as a Chat request to Copilot: `docs/translation.md`. `rules/` handles what its models refuse. The
// same prompt gives the same bytes, so that upstream's prompt cache works.
import { isForeign } from '../../../rules/model-facts.ts'
import { atOnce, type Steps } from '../../../steps.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Prompt } from '../../contract/prompt.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import { encodeFormat } from './encode-format.ts'
import { encodeMessages } from './encode-messages.ts'
import { encodeReasoning } from './encode-reasoning.ts'
import { encodeTools } from './encode-tools.ts'
import { omitUndefined, type Draft } from '../../shared/omit-undefined.ts'
import type { ChatMessage, ChatRequest } from '../wire.ts'

/** An empty user message. Responses accepts no message at all; Chat requires one. */
const emptyMessages: ChatMessage[] = [{ role: 'user', content: '' }]

/** @throws {GatewayError} `unsupported_parameter` for what this dialect or the model cannot carry */
export function encodeRequest (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): ChatRequest {
  return atOnce(encodeInSteps(prompt, target, ledger, names))
}

export function* encodeInSteps (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames): Steps<ChatRequest> {
  if (prompt.topK !== null) ledger.lose('top_k')
  const tools = yield* encodeTools(prompt, names)
  yield
  const reasoning = encodeReasoning(prompt, target, tools.tool_choice)
  const messages = yield* encodeMessages(prompt, target, ledger, names)
  yield
  return omitUndefined<ChatRequest>({
    model: target.id,
    messages: prompt.turns.length === 0 && messages.length === 0 ? emptyMessages : messages,
    max_tokens: reasoning.maxTokens ?? undefined,
    temperature: prompt.temperature ?? undefined,
    top_p: prompt.topP ?? undefined,
    stop: prompt.stop.length > 0 ? [...prompt.stop] : undefined,
    ...tools,
    response_format: encodeFormat(prompt.format),
    ...reasoning.fields,
    ...encodeHints(prompt, target),
    stream: target.stream,
    stream_options: target.stream ? { include_usage: true } : undefined,
  })
}

type Hints = Pick<ChatRequest, 'verbosity' | 'logprobs' | 'top_logprobs' | 'user' | 'prompt_cache_key' | 'service_tier'>

/** Fields about the account, the cache or the style. */
function encodeHints (prompt: Prompt, target: Target): Draft<Hints> {
  // If the proxy made the key itself, the client does not miss it.
  const isKeyFit = prompt.isOwnCacheKey !== true || !isForeign(target)
  return {
    verbosity: prompt.verbosity ?? undefined,
    logprobs: prompt.topLogprobs === null ? undefined : true,
    top_logprobs: prompt.topLogprobs ?? undefined,
    user: prompt.user ?? undefined,
    prompt_cache_key: isKeyFit ? prompt.cacheKey ?? undefined : undefined,
    service_tier: prompt.serviceTier ?? undefined,
  }
}
