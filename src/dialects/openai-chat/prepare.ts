// A Chat request on its way to upstream's own Chat endpoint: what must change because Copilot refuses it, or because it
// holds state that is not this upstream's. Most requests change nowhere, and then their bytes go on as they came.
import { isObject, type JsonObject } from '../../json.ts'
import { fits, isCarrier, unpackCarrier } from '../carrier.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import { isForeign, isReasoningModel, systemRole } from './model-rules.ts'
import { carrierSeparator } from './wire.ts'

const openAiOnly = ['seed', 'logit_bias', 'frequency_penalty', 'presence_penalty', 'user', 'safety_identifier', 'prompt_cache_key', 'verbosity']

/** The body with upstream's wishes met, or null when nothing has to change. */
export function prepare (body: JsonObject, target: Target, ledger: Pick<Ledger, 'lose'>): JsonObject | null {
  const changes: JsonObject = {}
  const given = (name: string) => body[name] !== undefined && body[name] !== null
  const drop = (names: readonly string[], isLoss: (name: string) => boolean = () => true) => {
    for (const name of names) {
      if (body[name] === undefined) continue
      changes[name] = undefined
      if (given(name) && isLoss(name)) ledger.lose(name)
    }
  }
  if (body['model'] !== target.id) changes['model'] = target.id
  if (!target.stream && (body['stream'] === true || (!target.streams && given('stream_options')))) Object.assign(changes, { stream: false, stream_options: undefined })
  if (target.stream && body['stream'] !== true) Object.assign(changes, { stream: true, stream_options: { include_usage: true } })
  if (!(Array.isArray(body['tools']) && body['tools'].length > 0)) drop(['tools', 'tool_choice', 'parallel_tool_calls'], () => false)
  drop(['service_tier', 'store', 'metadata'], name => body[name] !== false && body[name] !== 'auto' && body[name] !== 'default')

  if (isReasoningModel(target)) {
    drop(['temperature', 'top_p'].filter(name => body[name] !== 1))
    if (given('max_tokens')) Object.assign(changes, { max_tokens: undefined, max_completion_tokens: body['max_completion_tokens'] ?? body['max_tokens'] })
  }
  if (isForeign(target)) {
    if (given('max_completion_tokens')) Object.assign(changes, { max_completion_tokens: undefined, max_tokens: body['max_completion_tokens'] })
    drop(openAiOnly, name => body[name] !== 0)
  }
  const received = body['messages'] as readonly unknown[]
  const messages = received.map((message, at) => fitMessage(message, target, ledger, at === received.length - 1)).filter(message => message !== null)
  if (messages.length !== received.length || messages.some((message, at) => message !== received[at])) changes['messages'] = messages
  return Object.keys(changes).length === 0 ? null : { ...body, ...changes }
}

/** The very same message when it fits, null when nothing is left of it. */
function fitMessage (message: unknown, target: Target, ledger: Pick<Ledger, 'lose'>, isLast: boolean): unknown {
  if (!isObject(message)) return message
  const { role, content } = message
  if ((role === 'system' || role === 'developer') && systemRole(target) === 'user') return { ...message, role: 'user' }
  if (isForeign(target) && role === 'developer') return { ...message, role: 'system' }
  if (role !== 'assistant') return message
  // Claude refuses a last assistant text that ends in white space.
  const trimmed = isLast && target.family === 'claude' && typeof content === 'string' && /\s$/.test(content) ? { ...message, content: content.trimEnd() } : message
  return fitReasoning(trimmed, target, ledger)
}

/** Upstream's own state goes back as it came, ours is unpacked or taken out. `reasoning_content` is for clients only. */
function fitReasoning (message: JsonObject, target: Target, ledger: Pick<Ledger, 'lose'>): JsonObject | null {
  const { reasoning_opaque: opaque, reasoning_content: shown, ...bare } = message
  if (isCarrier(opaque)) {
    const { reasoning_text: _text, ...rest } = bare
    const carrier = opaque.split(carrierSeparator).map(unpackCarrier).findLast(each => each !== null && fits(each, ['c'], target.id))
    if (carrier !== null && carrier !== undefined) return { ...rest, ...carrier.item }
    ledger.lose('reasoning')
    return isEmpty(rest) ? null : rest
  }
  if (!('reasoning_content' in message)) return message
  if (typeof opaque === 'string' && opaque !== '') {
    const text = bare['reasoning_text'] ?? shown
    return { ...bare, ...(typeof text === 'string' && text !== '' ? { reasoning_text: text } : {}), reasoning_opaque: opaque }
  }
  if (typeof shown === 'string' && shown !== '') ledger.lose('reasoning_content')
  return { ...bare, ...('reasoning_opaque' in message ? { reasoning_opaque: opaque } : {}) }
}

function isEmpty ({ content, tool_calls: calls, function_call: call, refusal }: JsonObject): boolean {
  const isNothing = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  return [content, calls, call, refusal].every(isNothing)
}
