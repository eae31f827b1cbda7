// A Messages request as a prompt in no dialect. `translation.md` 1.3, 2.3 to 2.8.
import { isObject, type JsonObject } from '../../json.ts'
import { effortOfBudget, isEffort } from '../effort.ts'
import type { Ledger } from '../ledger.ts'
import type { Block, OutputFormat, Prompt, TextBlock, Turn } from '../prompt.ts'
import { decodeContent, type ContentContext } from './decode-content.ts'
import { decodeToolChoice, decodeTools, usedTools } from './decode-tools.ts'
import { cacheKeyOf } from './cache-key.ts'
import { loseFields } from './fields.ts'
import { readSystem } from './system.ts'
import { kindOf } from './tool-kinds.ts'
import { blocksOf, invalid, isCached, list, numberOf, text } from './wire.ts'

export function decodeRequest (body: JsonObject, ledger: Ledger): Prompt {
  loseFields(body, ledger)
  const messages = readMessages(body['messages'])
  const system = readSystem(body['system']).map((block): TextBlock => ({ type: 'text', text: text(block['text']), ...(isCached(block) ? { cache: true } : {}) }))
  const tools = decodeTools(withAdditions(body, messages), usedTools(messages), ledger)
  const builtins = new Map(tools.map(tool => [tool.name, tool.builtin]))
  const turns = messages.map((message, at) => decodeTurn(message, at, { ledger, builtinOf: name => builtins.get(name) ?? null }))
  return {
    model: text(body['model']),
    system,
    turns: isObject(body['cache_control']) ? withLastCached(turns) : turns,
    tools,
    ...decodeToolChoice(body['tool_choice']),
    maxTokens: numberOf(body['max_tokens']),
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    topK: numberOf(body['top_k']),
    stop: list(body['stop_sequences']).filter(stop => typeof stop === 'string' && stop !== '') as string[],
    ...decodeThinking(body, ledger),
    format: decodeFormat(body),
    verbosity: null,
    topLogprobs: null,
    user: null,
    cacheKey: cacheKeyOf(body, system),
    serviceTier: body['service_tier'] === 'standard_only' ? 'default' : body['service_tier'] === 'auto' ? 'auto' : null,
    stream: body['stream'] === true,
    body,
  }
}

function readMessages (messages: unknown): JsonObject[] {
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a non-empty array')
  return messages.map((message: unknown, at) => {
    if (!isObject(message)) throw invalid(`messages.${at}`, 'an object')
    return message
  })
}

function decodeTurn ({ role, content }: JsonObject, at: number, context: ContentContext): Turn {
  if (role !== 'user' && role !== 'assistant' && role !== 'system') throw invalid(`messages.${at}.role`, 'user, assistant or system')
  const blocks = role === 'system' ? decodeContent(blocksOf(content).filter(block => !isToolChange(block)), `messages.${at}.content`, context).filter(block => block.type === 'text') : decodeContent(content, `messages.${at}.content`, context)
  // Results answer the turn before: nothing may stand between.
  const isResult = (block: Block) => block.type === 'tool-result'
  return { role, blocks: role === 'user' ? [...blocks.filter(isResult), ...blocks.filter(block => !isResult(block))] : blocks }
}

function isToolChange ({ type }: JsonObject): boolean {
  return type === 'tool_addition' || type === 'tool_removal'
}

/** Tools that a system message brings in mid-conversation; they join the list, and none is ever taken off it. */
function withAdditions (body: JsonObject, messages: readonly JsonObject[]): JsonObject {
  const added = messages.filter(message => message['role'] === 'system').flatMap(message => blocksOf(message['content']))
    .map(block => block['type'] === 'tool_addition' && isObject(block['tool']) ? block['tool']['definition'] : null).filter(isObject)
  return added.length === 0 ? body : { ...body, tools: [...list(body['tools']), ...added.filter(tool => kindOf(tool).kind === 'custom')] }
}

/** `cache_control` at the top means the last block there is. */
function withLastCached (turns: readonly Turn[]): Turn[] {
  const at = turns.findLastIndex(turn => turn.blocks.length > 0)
  return turns.map((turn, index) => index !== at ? turn : { ...turn, blocks: turn.blocks.map((block, nth) => nth === turn.blocks.length - 1 && block.type !== 'reasoning' && block.type !== 'refusal' ? { ...block, cache: true } : block) })
}

/** The effort a client names goes before what its budget says; whoever turns thinking off means it. */
function decodeThinking (body: JsonObject, ledger: Ledger): Pick<Prompt, 'thinking' | 'thinkingBudget' | 'effort' | 'showReasoning'> {
  const output = isObject(body['output_config']) ? body['output_config'] : {}
  const said = output['effort'] ?? null
  if (said !== null && !isEffort(said)) throw invalid('output_config.effort', 'low, medium, high, xhigh or max')
  if (output['task_budget'] !== undefined && output['task_budget'] !== null) ledger.lose('output_config.task_budget')
  const given = body['thinking'] ?? null
  if (given === null) return { thinking: null, thinkingBudget: null, effort: said, showReasoning: false }
  if (!isObject(given)) throw invalid('thinking', 'an object')
  const showReasoning = given['display'] !== 'omitted'
  switch (given['type']) {
    case 'disabled': return { thinking: 'off', thinkingBudget: null, effort: 'none', showReasoning: false }
    case 'adaptive': case 'between_tools': return { thinking: 'adaptive', thinkingBudget: null, effort: said, showReasoning }
    case 'enabled': {
      const budget = numberOf(given['budget_tokens'])
      return { thinking: 'on', thinkingBudget: budget, effort: said ?? (budget === null ? null : effortOfBudget(budget)), showReasoning }
    }
    default: throw invalid('thinking.type', 'enabled, adaptive or disabled')
  }
}

function decodeFormat (body: JsonObject): OutputFormat | null {
  const output = isObject(body['output_config']) ? body['output_config'] : {}
  const format = output['format'] ?? body['output_format'] ?? null
  if (!isObject(format)) return null
  if (format['type'] !== 'json_schema' || !isObject(format['schema'])) throw invalid('output_config.format', 'a json_schema with a schema')
  return { type: 'schema', name: null, description: null, schema: format['schema'], strict: null }
}
