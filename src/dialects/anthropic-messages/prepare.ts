// A Messages request on its way to upstream's own Messages endpoint: what Copilot refuses is put right or left out.
// Requests that lack nothing are not touched, and their bytes go on as they came. `copilot-upstream.md` 9.3.
import { isObject, type JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import { effortOfBudget, isEffort } from '../effort.ts'
import type { Ledger } from '../ledger.ts'
import { fitCache, limitCache } from './cache.ts'
import { isDefault } from './fields.ts'
import { endWithUser, fitMessages, markLast } from './prepare-messages.ts'
import { fitTools } from './prepare-tools.ts'
import { fitSampling } from './sampling.ts'
import { isBilling } from './system.ts'
import { fitEffort, fitThinking, lacksThoughts } from './thinking.ts'
import { isEmptyText, list, mapSame, numberOf, text } from './wire.ts'

/** Everything else is refused: "Extra inputs are not permitted". */
const known = ['model', 'max_tokens', 'stream', 'system', 'messages', 'tools', 'tool_choice', 'thinking', 'output_config', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'metadata', 'context_management']
const defaultMaxTokens = 8_192

export function prepare (body: JsonObject, target: Target, ledger: Ledger): JsonObject | null {
  const changes: JsonObject = {}
  const set = (name: string, value: unknown): void => {
    if (body[name] !== value) changes[name] = value
  }
  for (const [name, value] of Object.entries(body)) {
    if (value === null || !known.includes(name)) changes[name] = undefined
    if (name === 'thread' && isObject(value)) ledger.refuse('thread', 'A stored conversation')
    if (value === null || known.includes(name) || isDefault(name, value) || unlost.has(name)) continue
    ledger.lose(name.slice(0, 64))
  }
  set('model', target.id)
  if ((body['stream'] === true) !== target.stream) changes['stream'] = target.stream

  const system = fitSystem(body['system'], ledger)
  const rawTools = list(body['tools']).filter(isObject)
  const offered = fitTools(rawTools, body['tool_choice'], ledger)
  const tools = offered.length > 0 ? offered : toolsOfHistory(body['messages'])
  let messages = fitMessages(list(body['messages']) as JsonObject[], { target, ledger, tools: new Set(tools.map(tool => text(tool['name']))) })
  if (messages.length === 0) messages = body['messages'] as JsonObject[]   // upstream says best what is wrong with it

  const maxTokens = clampMaxTokens(numberOf(body['max_tokens']), target)
  const thinks = setThinking(body, { target, ledger, maxTokens, lacks: lacksThoughts(messages) }, set)
  set('max_tokens', maxTokens)
  setSampling(body, { target, ledger, thinks }, set)
  setContextManagement(body, { ledger, thinks }, set)
  if (isObject(body['metadata']) && Object.keys(body['metadata']).some(name => name !== 'user_id')) set('metadata', typeof body['metadata']['user_id'] === 'string' ? { user_id: body['metadata']['user_id'] } : undefined)

  messages = endWithUser(messages, { id: target.id, thinks }, ledger)
  if (isObject(body['cache_control'])) messages = markLast(messages)
  const limited = limitCache({ system: Array.isArray(system) ? system as JsonObject[] : [], tools, messages }, () => ledger.lose('cache_control'))
  set('system', Array.isArray(system) ? sameAs(system, limited.system) : system)
  if (limited.tools.length > 0) set('tools', sameAs(list(body['tools']), limited.tools))
  else if (body['tools'] !== undefined) set('tools', undefined)
  if (offered.length === 0) set('tool_choice', tools.length > 0 ? { type: 'none' } : undefined)
  set('messages', sameAs(list(body['messages']), limited.messages))

  return Object.keys(changes).length === 0 ? null : { ...body, ...changes }
}

/** Left out without being missed: read elsewhere, or meant for the client's own SDK. */
const unlost = new Set(['betas', 'output_format', 'cache_control', 'anthropic_version'])

function sameAs (before: readonly unknown[], after: readonly JsonObject[]): readonly unknown[] {
  return before.length === after.length && after.every((item, at) => item === before[at]) ? before : after
}

/** What the client asked for, or the most the model gives; whole answers are shorter than streamed ones. */
export function clampMaxTokens (wanted: number | null, { stream, maxOutputTokens, maxNonStreamingOutputTokens }: Target): number {
  const most = Math.min(maxOutputTokens ?? Infinity, stream ? Infinity : maxNonStreamingOutputTokens ?? Infinity)
  return wanted === null ? Math.min(maxOutputTokens ?? defaultMaxTokens, most) : Math.max(1, Math.min(Math.floor(wanted), most))
}

/** Calls in a history want their tools defined, even where a client offers none any more. */
function toolsOfHistory (messages: unknown): JsonObject[] {
  const names = new Set(list(messages).filter(isObject).flatMap(message => list(message['content'])).filter(isObject).filter(block => block['type'] === 'tool_use').map(block => text(block['name'])))
  return [...names].filter(Boolean).map(name => ({ name, input_schema: { type: 'object' } }))
}

/** A system prompt in one string stays one. */
function fitSystem (system: unknown, ledger: Ledger): unknown {
  if (typeof system === 'string') {
    const said = isBilling({ type: 'text', text: system }) ? system.slice(system.indexOf('\n') + 1 || system.length) : system
    return said.trim() === '' ? undefined : said
  }
  if (!Array.isArray(system)) return system ?? undefined
  const blocks = mapSame(system as JsonObject[], block => !isObject(block) || isEmptyText(block) || isBilling(block) ? null : fitCache(block, () => ledger.lose('cache_control')))
  return blocks.length === 0 ? undefined : blocks
}

type Set = (name: string, value: unknown) => void

/** @returns whether the model will think */
function setThinking (body: JsonObject, { target, ledger, maxTokens, lacks }: { target: Target, ledger: Ledger, maxTokens: number, lacks: boolean }, set: Set): boolean {
  const output = isObject(body['output_config']) ? body['output_config'] : {}
  const effort = isEffort(output['effort']) ? output['effort'] : null
  const given = isObject(body['thinking']) ? body['thinking'] : null
  const type = given?.['type']
  const choice = isObject(body['tool_choice']) ? body['tool_choice']['type'] : undefined
  const wantedBudget = type === 'enabled' ? numberOf(given?.['budget_tokens']) : null
  const display = given?.['display'] === 'summarized' || given?.['display'] === 'omitted' ? given['display'] : null
  const fitted = given === null
    ? { thinking: null, isLess: false }
    : fitThinking({ thinking: type === 'disabled' ? 'off' : type === 'enabled' ? 'on' : 'adaptive', budget: wantedBudget, effort, display },
      { target, maxTokens, mostTokens: maxTokens, room: 1, isForced: choice === 'any' || choice === 'tool', lacksThoughts: lacks })
  if (fitted.isLess) ledger.lose('thinking')
  if (given !== null && !(fitted.thinking !== null && isSame(given, fitted.thinking))) set('thinking', fitted.thinking ?? undefined)

  // A budget that becomes adaptive thinking lives on as an effort.
  const isAdapted = wantedBudget !== null && fitted.thinking?.['type'] === 'adaptive'
  const wantedEffort = effort ?? (isAdapted ? effortOfBudget(wantedBudget) : null)
  const fittedEffort = wantedEffort === null ? null : fitEffort(wantedEffort, target)
  if (effort !== null && fittedEffort !== effort) ledger.lose('output_config.effort')
  if (output['task_budget'] !== undefined && output['task_budget'] !== null) ledger.lose('output_config.task_budget')
  const format = output['format'] ?? body['output_format'] ?? null
  const config = { ...(fittedEffort === null ? {} : { effort: fittedEffort }), ...(format === null ? {} : { format }) }
  if (!isSame(output, config)) set('output_config', Object.keys(config).length === 0 ? undefined : config)
  return fitted.thinking !== null && fitted.thinking['type'] !== 'disabled'
}

function isSame (before: JsonObject, after: JsonObject): boolean {
  const names = Object.keys(after)
  return Object.keys(before).length === names.length && names.every(name => before[name] === after[name])
}

function setSampling (body: JsonObject, { target, ledger, thinks }: { target: Target, ledger: Ledger, thinks: boolean }, set: Set): void {
  const given = { temperature: numberOf(body['temperature']), topP: numberOf(body['top_p']), topK: numberOf(body['top_k']) }
  const { sampling, lost } = fitSampling(given, { id: target.id, thinks })
  lost.forEach(ledger.lose)
  if (sampling.temperature !== given.temperature) set('temperature', sampling.temperature ?? undefined)
  if (sampling.topP !== given.topP) set('top_p', sampling.topP ?? undefined)
  if (sampling.topK !== given.topK) set('top_k', sampling.topK ?? undefined)
}

/** Thoughts can be cleared away only where there is thinking; compaction is not to be had at all. */
function setContextManagement (body: JsonObject, { ledger, thinks }: { ledger: Ledger, thinks: boolean }, set: Set): void {
  const given = body['context_management']
  if (!isObject(given)) return
  const edits = mapSame(list(given['edits']), edit => {
    const type = isObject(edit) ? text(edit['type']) : ''
    if (type.startsWith('clear_tool_uses_') || (type.startsWith('clear_thinking_') && thinks)) return edit
    if (!type.startsWith('clear_thinking_')) ledger.lose('context_management')
    return null
  })
  if (edits.length === 0) set('context_management', undefined)
  else if (edits !== given['edits'] || Object.keys(given).length > 1) set('context_management', { edits })
}
