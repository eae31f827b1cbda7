// A Responses request on its way to upstream's own Responses endpoint: what must change because Copilot stores nothing,
// runs no tools of its own, and refuses what it does not know. `copilot-upstream.md` 8.1, `translation.md` 2.10.
import { isObject, type JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import { encryptedReasoning, logprobs, refuseState } from './decode-request.ts'
import { minOutputTokens } from './encode-request.ts'
import { isReasoningModel } from './models.ts'
import { prepareItems } from './prepare-items.ts'
import { prepareTools } from './prepare-tools.ts'
import { isGiven, list } from './wire.ts'

/** Left out, and told of unless the value says nothing. */
const dropped: readonly string[] = ['service_tier', 'metadata', 'user', 'safety_identifier', 'client_metadata', 'max_tool_calls', 'moderation', 'access_programs', 'image', 'prompt_cache_options', 'prompt_cache_retention']
/** Left out without a word: their only value that could be kept is the default. */
const silent: readonly string[] = ['background', 'conversation', 'prompt', 'previous_response_id', 'stream_options']
const defaults: readonly unknown[] = ['auto', 'default']

/**
 * @returns null when nothing has to change
 * @throws {GatewayError} for state that only OpenAI keeps, and for a forced tool that nobody here can run
 */
export function prepare (body: JsonObject, target: Target, ledger: Ledger): JsonObject | null {
  refuseState(body, ledger)
  const changes: JsonObject = {}
  const drop = (field: string): void => { changes[field] = undefined }
  for (const [field, value] of Object.entries(body)) {
    if (value === null || silent.includes(field)) drop(field)
    else if (dropped.includes(field)) {
      drop(field)
      if (!defaults.includes(value) && !(isObject(value) && Object.keys(value).length === 0)) ledger.lose(field)
    }
  }
  if (body['model'] !== target.id) changes['model'] = target.id
  if ((body['stream'] === true) !== target.stream) changes['stream'] = target.stream
  if (body['store'] !== false) changes['store'] = false
  if (isReasoningModel(target)) {
    for (const field of ['temperature', 'top_p']) {
      if (!isGiven(body[field]) || body[field] === 1) continue
      drop(field)
      ledger.lose(field)
    }
  }
  const limit = body['max_output_tokens']
  if (typeof limit === 'number' && limit < minOutputTokens) changes['max_output_tokens'] = minOutputTokens
  const reasoning = prepareReasoning(body['reasoning'], ledger)
  if (reasoning !== body['reasoning'] && isGiven(body['reasoning'])) changes['reasoning'] = reasoning
  const include = prepareInclude(body['include'], ledger)
  if (include !== body['include']) changes['include'] = include
  Object.assign(changes, prepareTools(body, ledger))
  const items = prepareItems(body['input'], target, ledger)
  if (items !== body['input']) changes['input'] = items
  return Object.keys(changes).length === 0 ? null : { ...body, ...changes }
}

/** Upstream's own client says effort and summary, and nothing else. */
function prepareReasoning (reasoning: unknown, ledger: Ledger): unknown {
  if (!isObject(reasoning)) return undefined
  const { effort, summary, generate_summary: older, context, mode, ...rest } = reasoning
  if (isGiven(context) && context !== 'auto') ledger.lose('reasoning.context')
  if (isGiven(mode) && mode !== 'standard') ledger.lose('reasoning.mode')
  const shown = summary ?? older
  const kept = { ...rest, ...(isGiven(effort) ? { effort } : {}), ...(isGiven(shown) ? { summary: shown } : {}) }
  const isSame = Object.keys(kept).length === Object.keys(reasoning).length && summary === shown
  return isSame ? reasoning : Object.keys(kept).length === 0 ? undefined : kept
}

/** Nothing is stored, so the state of the reasoning must come along. */
function prepareInclude (include: unknown, ledger: Ledger): unknown {
  const given = list(include)
  const kept = given.filter(value => value === encryptedReasoning || value === logprobs)
  if (kept.length < given.length) ledger.lose('include')
  if (kept.includes(encryptedReasoning)) return kept.length === given.length ? include : kept
  return [...kept, encryptedReasoning]
}
