// Reads the facts of every Responses request before the planner decides.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import type { RequestFacts } from '../contract/dialect.ts'
import { agentStep, initiatorOf, instruction, toolResult, type Utterance } from '../shared/initiator.ts'
import { isTranslatedItem } from './wire-item-types.ts'
import { isTranslatedTool, isWebSearch } from './wire-tool-kinds.ts'
import { warmUp } from './warm-up.ts'
import { isGiven, list, objects, readInput, text, typeOf } from './wire.ts'

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspect (body: JsonObject): RequestFacts {
  const { model = null, stream = null, input, previous_response_id: previous } = body
  if (model !== null && !(typeof model === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model))) {
    throw invalid('model', 'a model id')
  }
  if (stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'true or false')
  if (!(typeof input === 'string' || (Array.isArray(input) && input.length > 0)
    || (!isGiven(input) && isGiven(previous)) || warmUp.isRequested(body))) {
    throw invalid('input', 'a text or a non-empty array')
  }
  const items = readInput(input).filter(isObject)
  const tools = [...objects(body['tools']),
    ...items.filter(item => typeOf(item) === 'additional_tools').flatMap(item => objects(item['tools']))]
  return {
    model: typeof model === 'string' ? model : null,
    stream: stream === true,
    includeUsage: false,
    n: 1,
    initiator: initiatorOf(items, readUtterance),
    vision: items.some(hasImage),
    hasTools: tools.length > 0,
    ...(tools.some(tool => isWebSearch(text(tool['type']))) ? { webTools: 'search' } as const : {}),
    mustTranslate: tools.some(isTranslatedTool) || items.some(isTranslatedItem),
  }
}

/** Items without content of their own: the item before them decides. */
const silent: readonly string[] = ['additional_tools', 'configuration_update']

function readUtterance (item: JsonObject): Utterance {
  const type = typeOf(item)
  const { role, content } = item
  if (silent.includes(type)) return instruction
  if (type !== 'message') return type.endsWith('_output') ? toolResult : agentStep
  if (role === 'system' || role === 'developer') return instruction
  if (role === 'assistant' || role === 'tool') return agentStep
  if (typeof content === 'string') return { from: 'user', hasResult: false, texts: [content], hasOther: false }
  const parts = list(content)
  const texts = parts.map(part => isObject(part) ? text(part['text']) : '').filter(each => each !== '')
  return { from: 'user', hasResult: false, texts, hasOther: texts.length < parts.length }
}

/** Tool results may contain images too. */
function hasImage (item: JsonObject): boolean {
  const parts = [...list(item['content']), ...(isObject(item['output']) ? [item['output']] : list(item['output']))]
  return parts.some(part =>
    isObject(part)
    && (part['type'] === 'input_image' || part['type'] === 'computer_screenshot' || part['type'] === 'image_url')
  )
}

function invalid (param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param })
}
