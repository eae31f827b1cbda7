// What is read of every Responses request before anything is decided.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import type { RequestFacts } from '../dialect.ts'
import { isReminder } from '../reminder.ts'
import { isTranslatedItem } from './item-types.ts'
import { isTranslatedTool } from './tool-types.ts'
import { isGiven, list, objects, readInput, text, typeOf } from './wire.ts'

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspect (body: JsonObject): RequestFacts {
  const { model = null, stream = null, input, previous_response_id: previous } = body
  if (model !== null && !(typeof model === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model))) throw invalid('model', 'a model id')
  if (stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'true or false')
  if (!(typeof input === 'string' || (Array.isArray(input) && input.length > 0) || (!isGiven(input) && isGiven(previous)))) throw invalid('input', 'a text or a non-empty array')
  const items = readInput(input).filter(isObject)
  const tools = [...objects(body['tools']), ...items.filter(item => typeOf(item) === 'additional_tools').flatMap(item => objects(item['tools']))]
  return {
    model: typeof model === 'string' ? model : null,
    stream: stream === true,
    includeUsage: false,
    n: 1,
    initiator: initiatorOf(items),
    vision: items.some(hasImage),
    hasTools: tools.length > 0,
    mustTranslate: tools.some(isTranslatedTool) || items.some(isTranslatedItem),
  }
}

/** Items that say nothing themselves: what came before them decides. */
const silent: readonly string[] = ['additional_tools', 'configuration_update']

/** The last item that speaks decides, but for notes: the system's, and an agent's own inside a user's turn. */
function initiatorOf (items: readonly JsonObject[]): 'user' | 'agent' {
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at] ?? {}
    const type = typeOf(item)
    if (silent.includes(type)) continue
    if (type !== 'message') return 'agent'
    const { role, content } = item
    if (role === 'system' || role === 'developer') continue
    if (role === 'assistant' || role === 'tool') return 'agent'
    if (!isOnlyReminders(content)) return 'user'
  }
  return 'user'
}

function isOnlyReminders (content: unknown): boolean {
  if (typeof content === 'string') return isReminder(content)
  return Array.isArray(content) && content.length > 0 && content.every(part => isObject(part) && isReminder(text(part['text'])))
}

/** Tool results show images too. */
function hasImage (item: JsonObject): boolean {
  const parts = [...list(item['content']), ...(isObject(item['output']) ? [item['output']] : list(item['output']))]
  return parts.some(part => isObject(part) && (part['type'] === 'input_image' || part['type'] === 'computer_screenshot' || part['type'] === 'image_url'))
}

function invalid (param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param })
}
