// Decodes a Responses request into a prompt. `docs/translation.md#responses-client`.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import { atOnce, stepSize, type Steps } from '../../../steps.ts'
import { isEffort } from '../../shared/effort.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { OutputFormat, Prompt, TextBlock } from '../../contract/prompt.ts'
import { trigger } from '../wire-compaction.ts'
import { decodeItems } from './decode-items.ts'
import { decodeToolChoice, decodeTools, foundTools, isForcedServerTool, loadedNames } from './decode-tools.ts'
import { decodeWebTools, searchSources } from './decode-web-tools.ts'
import { fields, isGiven, list, objects, readInput, text, typeOf } from '../wire.ts'

export const encryptedReasoning = 'reasoning.encrypted_content'
export const logprobs = 'message.output_text.logprobs'

const carried: readonly unknown[] = [encryptedReasoning, logprobs, searchSources]

/** Fields that this file or others read. */
const known = new Set(['model', 'input', 'instructions', 'max_output_tokens', 'temperature', 'top_p', 'top_logprobs',
  'include', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning', 'text', 'previous_response_id', 'conversation',
  'prompt', 'background', 'store', 'stream', 'stream_options', 'truncation', 'metadata', 'user', 'safety_identifier',
  'prompt_cache_key', 'service_tier'])

/** @throws {GatewayError} `invalid_request`, or `unsupported_parameter` for what no other dialect can carry */
export function decodeRequest (body: JsonObject, ledger: Ledger): Prompt {
  return atOnce(decodeInSteps(body, ledger))
}

export function* decodeInSteps (body: JsonObject, ledger: Ledger): Steps<Prompt> {
  refuseState(body, ledger)
  const items = readInput(body['input']).filter(isObject)
  const updates = items.filter(item => typeOf(item) === 'configuration_update')
  const reasoning = yield* latest(body, updates, 'reasoning')
  const format = yield* latest(body, updates, 'text')
  yield
  const { system, turns } = yield* decodeItems(body['input'], ledger)
  yield
  if (isForcedServerTool(body['tool_choice'])) {
    ledger.refuse('tool_choice', `The tool ${text(fields(body['tool_choice'])['type'])}`)
  }
  const given = [...objects(body['tools']),
    ...items.flatMap(item =>
      typeOf(item) === 'additional_tools'
        ? objects(item['tools'])
        : typeOf(item) === 'tool_search_output'
        ? foundTools(item)
        : []
    )]
  yield
  const loaded = loadedNames(items)
  yield
  const tools = yield* decodeTools(given, loaded, ledger)
  const webTools = decodeWebTools(given, body)
  const toolChoice = (webTools?.forced ?? null) === null
    ? yield* decodeToolChoice(body['tool_choice'], tools, ledger)
    : null
  yield
  noteLosses(body, reasoning, ledger)
  const effort = reasoning['effort']
  return {
    model: text(body['model']),
    system: [...instructions(body), ...system],
    turns,
    tools,
    webTools,
    toolChoice,
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
    ...(items.at(-1)?.['type'] === trigger.type ? { compacts: true } : {}),
    stream: body['stream'] === true,
    body,
  }
}

/** Refuses what only a server that stores state could do. */
export function refuseState (body: JsonObject, ledger: Ledger): void {
  if (isGiven(body['previous_response_id'])) {
    throw new GatewayError('previous_response_not_found',
      'The previous response is not known here. Send the whole conversation instead.', {
      param: 'previous_response_id',
    })
  }
  for (const field of ['conversation', 'prompt']) if (isGiven(body[field])) ledger.refuse(field, `\`${field}\``)
  if (body['background'] === true) ledger.refuse('background', '`background: true`')
}

function noteLosses (body: JsonObject, reasoning: JsonObject, ledger: Ledger): void {
  for (const field of Object.keys(body)) {
    if (!known.has(field) && isGiven(body[field]) && !isEmpty(body[field])) ledger.lose(field.slice(0, 64))
  }
  if (body['truncation'] === 'auto') ledger.lose('truncation')
  if (isGiven(reasoning['context']) && reasoning['context'] !== 'auto') ledger.lose('reasoning.context')
  if (isGiven(reasoning['mode']) && reasoning['mode'] !== 'standard') ledger.lose('reasoning.mode')
  if (list(body['include']).some(value => !carried.includes(value))) ledger.lose('include')
}

function instructions (body: JsonObject): readonly TextBlock[] {
  const given = body['instructions']
  return typeof given === 'string' && given.trim() !== '' ? [{ type: 'text', text: given }] : []
}

/** A setting of the request with the changes of its items: the last one counts. */
function* latest (body: JsonObject, updates: readonly JsonObject[], field: string): Steps<JsonObject> {
  const found = new Map<string, unknown>()
  for (const [at, each] of [body, ...updates].entries()) {
    if (at % stepSize === stepSize - 1) yield
    for (const [name, value] of Object.entries(fields(each[field]))) found.set(name, value)
  }
  yield
  return Object.fromEntries(found)
}

function decodeFormat (format: unknown): OutputFormat | null {
  const { type, name, description, schema, strict } = fields(format)
  if (type === 'json_object') return { type: 'json' }
  if (type !== 'json_schema' || !isObject(schema)) return null
  return { type: 'schema', name: text(name) || null, description: text(description) || null, schema,
    strict: typeof strict === 'boolean' ? strict : null }
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
