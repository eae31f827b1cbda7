// Decodes a Messages request into a prompt. `docs/spec/translation.md#messages-request`,
// `docs/spec/translation.md#instructions`.
import { isObject, type JsonObject } from '../../../json.ts'
import { atOnce, stepSize, type Steps } from '../../../steps.ts'
import { effortOfBudget, isEffort } from '../../shared/effort.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Block, OutputFormat, Prompt, TextBlock, Turn } from '../../contract/prompt.ts'
import { decodeContent, type ContentContext } from './decode-content.ts'
import { decodeToolChoice, decodeTools, usedTools } from './decode-tools.ts'
import { cacheKeyOf } from './decode-cache-key.ts'
import { decodeWebTools } from './decode-web-tools.ts'
import { loseFields } from './decode-fields.ts'
import { readSystem, textOnly } from './decode-system.ts'
import { kindOf } from '../wire-tool-kinds.ts'
import { blocksOf, invalid, isCached, list, numberOf, text } from '../wire.ts'

export function decodeRequest (body: JsonObject, ledger: Ledger): Prompt {
  return atOnce(decodeInSteps(body, ledger))
}

export function* decodeInSteps (body: JsonObject, ledger: Ledger): Steps<Prompt> {
  loseFields(body, ledger)
  const messages = readMessages(body['messages'])
  const system = readSystem(body['system'], ledger).map((block): TextBlock => ({ type: 'text',
    text: text(block['text']), ...(isCached(block) ? { cache: true } : {}) })
  )
  yield
  const used = yield* usedTools(messages)
  yield
  const tools = yield* decodeTools(withAdditions(body, messages), used, ledger)
  yield
  const webTools = decodeWebTools(body)
  const builtins = new Map(tools.map(tool => [tool.name, tool.builtin]))
  const context: ContentContext = { ledger, builtinOf: name => builtins.get(name) ?? null }
  const turns: Turn[] = []
  for (const message of messages) {
    if (turns.length % stepSize === stepSize - 1) yield
    turns.push(yield* decodeTurn(message, turns.length, context))
  }
  return {
    model: text(body['model']),
    system,
    turns: isObject(body['cache_control']) ? withLastCached(turns) : turns,
    tools,
    webTools,
    ...decodeToolChoice((webTools?.forced ?? null) === null ? body['tool_choice'] : null),
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
    isOwnCacheKey: true,
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

function* decodeTurn ({ role, content }: JsonObject, at: number, context: ContentContext): Steps<Turn> {
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw invalid(`messages.${at}.role`, 'user, assistant or system')
  }
  const given = role === 'system' ? blocksOf(content).filter(block => !isToolChange(block)) : content
  const decoded = yield* decodeContent(given, `messages.${at}.content`, context)
  const blocks: readonly Block[] = role === 'system' ? textOnly(decoded, context.ledger) : decoded
  // Results answer the turn before: nothing may come between.
  return { role,
    blocks: role === 'user' && blocks.length > 1 && blocks.some(isResult)
      ? [...blocks.filter(isResult), ...blocks.filter(block => !isResult(block))]
      : blocks }
}

function isResult ({ type }: Block): boolean {
  return type === 'tool-result'
}

function isToolChange ({ type }: JsonObject): boolean {
  return type === 'tool_addition' || type === 'tool_removal'
}

/** Tools that a system message adds in the middle of the conversation. They join the list and stay in it. */
function withAdditions (body: JsonObject, messages: readonly JsonObject[]): JsonObject {
  const added = messages.filter(message => message['role'] === 'system').flatMap(message =>
    blocksOf(message['content'])
  ).map(block => block['type'] === 'tool_addition' && isObject(block['tool']) ? block['tool']['definition'] : null)
    .filter(isObject)
  return added.length === 0
    ? body
    : { ...body, tools: [...list(body['tools']), ...added.filter(tool => kindOf(tool).kind === 'custom')] }
}

/** `cache_control` at the top marks the last block. */
function withLastCached (turns: readonly Turn[]): Turn[] {
  const at = turns.findLastIndex(turn => turn.blocks.length > 0)
  return turns.map((turn, index) =>
    index !== at
      ? turn
      : { ...turn, blocks: turn.blocks.map((block, nth) =>
        nth === turn.blocks.length - 1 && block.type !== 'reasoning' && block.type !== 'refusal'
          ? { ...block, cache: true }
          : block
      ) }
  )
}

/** An explicit effort overrides the one of a budget; a client that turns thinking off gets none. */
function decodeThinking (
  body: JsonObject,
  ledger: Ledger,
): Pick<Prompt, 'thinking' | 'thinkingBudget' | 'effort' | 'showReasoning'> {
  const output = isObject(body['output_config']) ? body['output_config'] : {}
  const requested = output['effort'] ?? null
  if (requested !== null && !isEffort(requested)) {
    throw invalid('output_config.effort', 'low, medium, high, xhigh or max')
  }
  for (const [name, value] of Object.entries(output)) {
    if (name !== 'effort' && name !== 'format' && value !== undefined && value !== null) {
      ledger.lose(`output_config.${name.slice(0, 64)}`)
    }
  }
  const given = body['thinking'] ?? null
  if (given === null) return { thinking: null, thinkingBudget: null, effort: requested, showReasoning: false }
  if (!isObject(given)) throw invalid('thinking', 'an object')
  const showReasoning = given['display'] !== 'omitted'
  switch (given['type']) {
    case 'disabled':
      return { thinking: 'off', thinkingBudget: null, effort: 'none', showReasoning: false }
    case 'adaptive':
    case 'between_tools':
      return { thinking: 'adaptive', thinkingBudget: null, effort: requested, showReasoning }
    case 'enabled': {
      const budget = numberOf(given['budget_tokens'])
      return { thinking: 'on', thinkingBudget: budget,
        effort: requested ?? (budget === null ? null : effortOfBudget(budget)), showReasoning }
    }
    default:
      throw invalid('thinking.type', 'enabled, adaptive or disabled')
  }
}

function decodeFormat (body: JsonObject): OutputFormat | null {
  const output = isObject(body['output_config']) ? body['output_config'] : {}
  const format = output['format'] ?? body['output_format'] ?? null
  if (!isObject(format)) return null
  if (format['type'] !== 'json_schema' || !isObject(format['schema'])) {
    throw invalid('output_config.format', 'a json_schema with a schema')
  }
  return { type: 'schema', name: null, description: null, schema: format['schema'], strict: null }
}
