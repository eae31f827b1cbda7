// Reads the facts of every Chat request, whichever dialect upstream speaks.
import { isObject, text, type JsonObject } from '../../json.ts'
import type { RequestFacts } from '../contract/dialect.ts'
import { agentStep, initiatorOf, instruction, toolResult, type Utterance } from '../shared/initiator.ts'
import { invalid } from './request/decode-fields.ts'
import { usesFunctions } from './request/decode-tools.ts'

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspect (body: JsonObject): RequestFacts {
  const { model = null, stream = null, messages, n, stream_options: options } = body
  if (model !== null && !(typeof model === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model))) {
    throw invalid('model', 'a model id')
  }
  if (stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'true or false')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a non-empty array')
  return {
    model: typeof model === 'string' ? model : null,
    stream: stream === true,
    includeUsage: isObject(options) && options['include_usage'] === true,
    n: typeof n === 'number' ? n : 1,
    initiator: initiatorOf(messages as readonly unknown[], readUtterance),
    vision: messages.some(message => hasPart(message, ['image_url', 'image'])),
    hasFile: messages.some(message => hasPart(message, ['file'])),
    hasTools: [body['tools'], body['functions']].some(list => Array.isArray(list) && list.length > 0),
    usesFunctions: usesFunctions(body),
    ...(isObject(body['web_search_options']) ? { webTools: 'search' } as const : {}),
  }
}

function readUtterance (message: unknown): Utterance {
  const { role, content } = isObject(message) ? message : {}
  if (role === 'system' || role === 'developer') return instruction
  if (role === 'tool' || role === 'function') return toolResult
  if (role === 'assistant') return agentStep
  if (typeof content === 'string') return { from: 'user', hasResult: false, texts: [content], hasOther: false }
  const parts = Array.isArray(content) ? content as readonly unknown[] : []
  const texts = parts.map(part => isObject(part) && part['type'] === 'text' ? part['text'] : null).filter(text =>
    typeof text === 'string'
  )
  return { from: 'user', hasResult: false, texts, hasOther: texts.length < parts.length }
}

function hasPart (message: unknown, types: readonly string[]): boolean {
  return isObject(message) && Array.isArray(message['content'])
    && message['content'].some(part => isObject(part) && types.includes(text(part['type'])))
}
