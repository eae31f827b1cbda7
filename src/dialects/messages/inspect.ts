// Reads the facts of a Messages request that the planner needs, for every upstream. `docs/spec/interface.md#initiator`.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import type { RequestFacts } from '../contract/dialect.ts'
import { agentStep, initiatorOf, instruction, type Utterance } from '../shared/initiator.ts'
import { agentQuery } from './request/decode-web-tools.ts'
import { webToolOf } from './wire-tool-kinds.ts'
import { blocksOf, invalid, isEmptyText, list, text } from './wire.ts'

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspect (body: JsonObject): RequestFacts {
  const { model = null, stream = null, messages } = body
  if (model !== null && !(typeof model === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model))) {
    throw invalid('model', 'a model id')
  }
  if (stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'true or false')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a non-empty array')
  refuseThread(body['thread'])
  const wrong = messages.findIndex(message => !isObject(message))
  if (wrong !== -1) throw invalid(`messages.${wrong}`, 'an object')
  return {
    model: typeof model === 'string' ? model : null,
    stream: stream === true,
    includeUsage: false,
    n: 1,
    initiator: agentQuery(body) !== null ? 'agent' : initiatorOf(messages as JsonObject[], readUtterance),
    vision: (messages as JsonObject[]).some(message => hasImage(message['content'])),
    hasTools: Array.isArray(body['tools']) && body['tools'].length > 0,
    ...webToolsIn(body['tools']),
  }
}

function webToolsIn (tools: unknown): Pick<RequestFacts, 'webTools'> {
  const offered = list(tools).map(tool => isObject(tool) ? webToolOf(tool) : null)
  if (offered.includes('web_search')) return { webTools: 'search' }
  return offered.includes('web_fetch') ? { webTools: 'fetch' } : {}
}

/**
 * Anthropic keeps threads on its servers; Copilot does not. The SDK's tool runner reads this code and sends the whole
 * conversation from then on. Without the code it would send only new messages, and the history would be lost.
 */
function refuseThread (thread: unknown): void {
  if (thread === undefined || thread === null) return
  const details = { error_code: 'thread_unsupported_request', unsupported: ['thread'] }
  throw new GatewayError('unsupported_parameter', 'Message threads are not supported here.', { param: 'thread',
    details })
}

function readUtterance ({ role, content }: JsonObject): Utterance {
  if (role === 'system' || role === 'developer') return instruction
  if (role !== 'user') return agentStep
  const blocks = blocksOf(content).filter(block => !isEmptyText(block))
  const texts = blocks.filter(block => block['type'] === 'text').map(block => text(block['text']))
  const results = blocks.filter(block => block['type'] === 'tool_result').length
  return { from: 'user', hasResult: results > 0, texts, hasOther: texts.length + results < blocks.length }
}

/** Also looks into tool results, and into documents made of blocks. */
function hasImage (content: unknown): boolean {
  return list(content).some(block => {
    if (!isObject(block)) return false
    if (block['type'] === 'image') return true
    if (block['type'] === 'tool_result') return hasImage(block['content'])
    return block['type'] === 'document' && isObject(block['source']) && hasImage(block['source']['content'])
  })
}
