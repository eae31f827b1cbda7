// What is read of every Messages request, whoever answers it. `contract.md` section 3, "Initiator".
import { isObject, type JsonObject } from '../../json.ts'
import type { RequestFacts } from '../dialect.ts'
import { isReminder } from '../reminder.ts'
import { blocksOf, invalid, isEmptyText, list, text } from './wire.ts'

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspect (body: JsonObject): RequestFacts {
  const { model = null, stream = null, messages } = body
  if (model !== null && !(typeof model === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model))) throw invalid('model', 'a model id')
  if (stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'true or false')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a non-empty array')
  const wrong = messages.findIndex(message => !isObject(message))
  if (wrong !== -1) throw invalid(`messages.${wrong}`, 'an object')
  return {
    model: typeof model === 'string' ? model : null,
    stream: stream === true,
    includeUsage: false,
    n: 1,
    initiator: initiatorOf(messages as JsonObject[]),
    vision: (messages as JsonObject[]).some(message => hasImage(message['content'])),
    hasTools: Array.isArray(body['tools']) && body['tools'].length > 0,
  }
}

/** The last turn decides, but for notes: the system's, and an agent's own inside a user's turn. */
function initiatorOf (messages: readonly JsonObject[]): 'user' | 'agent' {
  for (const { role, content } of messages.toReversed()) {
    if (role === 'system' || role === 'developer') continue
    if (role !== 'user') return 'agent'
    const blocks = blocksOf(content).filter(block => !isEmptyText(block))
    const said = blocks.filter(block => !(block['type'] === 'text' && isReminder(text(block['text']))))
    if (said.length > 0) return said.every(block => block['type'] === 'tool_result') ? 'agent' : 'user'
    if (blocks.length === 0) return 'user'
  }
  return 'user'
}

/** Also in a tool's result, and in a document that is made of blocks. */
function hasImage (content: unknown): boolean {
  return list(content).some(block => {
    if (!isObject(block)) return false
    if (block['type'] === 'image') return true
    if (block['type'] === 'tool_result') return hasImage(block['content'])
    return block['type'] === 'document' && isObject(block['source']) && hasImage(block['source']['content'])
  })
}
