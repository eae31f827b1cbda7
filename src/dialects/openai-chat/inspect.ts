// What is read of every Chat request, whichever way it goes.
import { isObject, type JsonObject } from '../../json.ts'
import type { RequestFacts } from '../dialect.ts'
import { isReminder } from '../reminder.ts'
import { invalid } from './read.ts'

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspect (body: JsonObject): RequestFacts {
  const { model = null, stream = null, messages, n, stream_options: options } = body
  if (model !== null && !(typeof model === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model))) throw invalid('model', 'a model id')
  if (stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'true or false')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a non-empty array')
  return {
    model: typeof model === 'string' ? model : null,
    stream: stream === true,
    includeUsage: isObject(options) && options['include_usage'] === true,
    n: typeof n === 'number' ? n : 1,
    initiator: initiatorOf(messages),
    vision: messages.some(message => hasPart(message, ['image_url', 'image'])),
    hasFile: messages.some(message => hasPart(message, ['file'])),
    hasTools: [body['tools'], body['functions']].some(list => Array.isArray(list) && list.length > 0),
  }
}

/** The last message decides, but for notes: the system's at the end, and an agent's own inside a user's turn. */
function initiatorOf (messages: readonly unknown[]): 'user' | 'agent' {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]
    const role = isObject(message) ? message['role'] : undefined
    if (role === 'system' || role === 'developer') continue
    if (role === 'user' && isObject(message) && isOnlyReminders(message['content'])) continue
    return role === 'assistant' || role === 'tool' || role === 'function' ? 'agent' : 'user'
  }
  return 'user'
}

function isOnlyReminders (content: unknown): boolean {
  if (typeof content === 'string') return isReminder(content)
  return Array.isArray(content) && content.length > 0 &&
    content.every(part => isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string' && isReminder(part['text']))
}

function hasPart (message: unknown, types: readonly string[]): boolean {
  return isObject(message) && Array.isArray(message['content']) && message['content'].some(part => isObject(part) && types.includes(String(part['type'])))
}
