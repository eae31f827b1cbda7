// A Responses request in no dialect. `translation.md` 2.11, R client.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { isEffort } from '../effort.ts'
import type { Ledger } from '../ledger.ts'
import type { OutputFormat, Prompt, TextBlock } from '../prompt.ts'
import { decodeItems } from './decode-items.ts'
import { decodeToolChoice, decodeTools, foundTools, isForcedServerTool, loadedNames } from './decode-tools.ts'
import { fields, isGiven, list, objects, readInput, text, typeOf } from './wire.ts'

export const encryptedReasoning = 'reasoning.encrypted_content'
export const logprobs = 'message.output_text.logprobs'

/** Hints about cost, latency, cache and telemetry: nothing that a caller receives depends on them. */
const hints: readonly string[] = ['client_metadata', 'context_management', 'max_tool_calls', 'moderation', 'access_programs', 'image', 'prompt_cache_options', 'prompt_cache_retention']

/** @throws {GatewayError} `invalid_request`, or `unsupported_parameter` for what no other dialect can carry */
export function decodeRequest (body: JsonObject, ledger: Ledger): Prompt {
  refuseState(body, ledger)
  const items = readInput(body['input']).filter(isObject)
  const updates = items.filter(item => typeOf(item) === 'configuration_update')
  const reasoning = latest(body, updates, 'reasoning')
  const format = latest(body, updates, 'text')
  const { system, turns } = decodeItems(body['input'], ledger)
  if (isForcedServerTool(body['tool_choice'])) ledger.refuse('tool_choice', `The tool ${text(fields(body['tool_choice'])['type'])}`)
  const given = [...objects(body['tools']), ...items.flatMap(item => typeOf(item) === 'additional_tools' ? objects(item['tools']) : typeOf(item) === 'tool_search_output' ? foundTools(item) : [])]
  const tools = decodeTools(given, loadedNames(items), ledger)
  noteLosses(body, reasoning, ledger)
  const effort = reasoning['effort']
  return {
    model: text(body['model']),
    system: [...instructions(body), ...system],
    turns,
    tools,
    toolChoice: decodeToolChoice(body['tool_choice'], tools, ledger),
    parallelToolCalls: typeof body['parallel_tool_calls'] === 'boolean' ? body['parallel_tool_calls'] : null,
    maxTokens: number(body['max_output_tokens']),
    temperature: number(body['temperature']),
    topP: number(body['top_p']),
    topK: null,
    stop: [],
    effort: isEffort(effort) ? effort : null,
    thinkingBudget: null,
    thinking: null,
    showReasoning: isGiven(reasoning['summary']) || isGiven(reasoning['generate_summary']),
    format: decodeFormat(format['format']),
    verbosity: verbosityOf(format['verbosity']),
    topLogprobs: list(body['include']).includes(logprobs) ? number(body['top_logprobs']) ?? 0 : null,
    user: text(body['safety_identifier']) || text(body['user']) || null,
    cacheKey: text(body['prompt_cache_key']) || null,
    serviceTier: text(body['service_tier']) || null,
    stream: body['stream'] === true,
    body,
  }
}

/** What only a server that keeps state could do. */
export function refuseState (body: JsonObject, ledger: Ledger): void {
  if (isGiven(body['previous_response_id'])) throw new GatewayError('previous_response_not_found', 'The previous response is not known here. Send the whole conversation instead.', { param: 'previous_response_id' })
  for (const field of ['conversation', 'prompt']) if (isGiven(body[field])) ledger.refuse(field, `\`${field}\``)
  if (body['background'] === true) ledger.refuse('background', '`background: true`')
}

function noteLosses (body: JsonObject, reasoning: JsonObject, ledger: Ledger): void {
  for (const field of hints) if (isGiven(body[field]) && !isEmpty(body[field])) ledger.lose(field)
  if (body['truncation'] === 'auto') ledger.lose('truncation')
  if (isGiven(reasoning['context']) && reasoning['context'] !== 'auto') ledger.lose('reasoning.context')
  if (isGiven(reasoning['mode']) && reasoning['mode'] !== 'standard') ledger.lose('reasoning.mode')
  if (list(body['include']).some(value => value !== encryptedReasoning && value !== logprobs)) ledger.lose('include')
}

function instructions (body: JsonObject): readonly TextBlock[] {
  const given = body['instructions']
  return typeof given === 'string' && given.trim() !== '' ? [{ type: 'text', text: given }] : []
}

/** A setting of the request, with what its items change: the last one holds. */
function latest (body: JsonObject, updates: readonly JsonObject[], field: string): JsonObject {
  return updates.reduce<JsonObject>((before, update) => ({ ...before, ...fields(update[field]) }), fields(body[field]))
}

function decodeFormat (format: unknown): OutputFormat | null {
  const { type, name, description, schema, strict } = fields(format)
  if (type === 'json_object') return { type: 'json' }
  if (type !== 'json_schema' || !isObject(schema)) return null
  return { type: 'schema', name: text(name) || null, description: text(description) || null, schema, strict: typeof strict === 'boolean' ? strict : null }
}

function verbosityOf (value: unknown): Prompt['verbosity'] {
  return value === 'low' || value === 'medium' || value === 'high' ? value : null
}

function number (value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function isEmpty (value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
