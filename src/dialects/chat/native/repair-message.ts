// Repairs a whole Chat answer: adds what Copilot leaves out, and joins what it splits.
// `docs/spec/copilot.md#chat-answer`.
import { isObject } from '../../../json.ts'
import { breaksOff } from '../../shared/json-guard.ts'
import { reasoningOf, showReasoning } from '../wire-reasoning.ts'
import { isFinishReason, type WireAnswer, type WireChoice, type WireMessage } from '../wire.ts'

export interface AnswerOptions {
  readonly model: string
  /** The number of choices that the client requested. With one, all parts from upstream belong together. */
  readonly n: number
  readonly now: () => number
  readonly newId: () => string
}

/** Repairs the answer in place, and returns it. */
export function repairCompletion (
  answer: WireAnswer,
  { model, n, now, newId }: AnswerOptions,
): WireAnswer & { choices: WireChoice[] } {
  const raw = (Array.isArray(answer.choices) ? answer.choices : []).filter(isObject) as WireChoice[]
  const choices = (n <= 1 && raw.length > 1 ? [merge(raw)] : raw).map((choice, at) => repairChoice(choice, at, newId))
  return Object.assign(answer, {
    id: isText(answer.id) ? answer.id : `chatcmpl-${newId()}`,
    object: 'chat.completion',
    created: typeof answer.created === 'number' && answer.created > 0 ? answer.created : Math.floor(now() / 1_000),
    model: isText(answer.model) ? answer.model : model,
    choices,
  })
}

/** Whether `repairCompletion` would only add `object`: this holds for almost every text answer. */
export function isComplete ({ id, object, created, model, choices }: WireAnswer, n: number): boolean {
  return isText(id) && isText(model) && typeof created === 'number' && created > 0
    && (object === undefined || object === 'chat.completion')
    && Array.isArray(choices) && choices.length > 0 && (n > 1 || choices.length === 1)
    && choices.every(isCompleteChoice)
}

/** Calls and reasoning almost always need a repair. */
function isCompleteChoice (choice: unknown): boolean {
  if (!isObject(choice) || !Number.isInteger(choice['index']) || typeof choice['finish_reason'] !== 'string'
    || !isObject(choice['message'])) return false
  const { role, content, tool_calls: calls, padding } = choice['message'] as WireMessage
  return role === 'assistant' && content !== undefined && content !== null && calls === undefined
    && padding === undefined && reasoningOf(choice['message']) === ''
}

function isText (value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** The same answer as a stream, including `[DONE]`: for models that do not stream. */
export function toChunks (answer: WireAnswer & { choices: WireChoice[] }, includeUsage: boolean): string {
  const { id, created, model, system_fingerprint: fingerprint } = answer
  const head = { id, object: 'chat.completion.chunk', created, model,
    ...(fingerprint === undefined ? {} : { system_fingerprint: fingerprint }) }
  const write = (rest: object) => `data: ${JSON.stringify({ ...head, ...rest })}\n\n`
  let out = ''
  for (const { index, message, finish_reason: reason } of answer.choices) {
    const { role: _role, content, tool_calls: calls, padding: _padding, ...more } = message as WireMessage
    const delta = (fields: object) => write({ choices: [{ index, delta: fields, finish_reason: null }] })
    out += delta({ role: 'assistant', content: '' })
    if (Object.keys(more).length > 0) out += delta(more)
    if (typeof content === 'string' && content !== '') out += delta({ content })
    if (Array.isArray(calls)) out += delta({ tool_calls: calls.map((call: object, at) => ({ ...call, index: at })) })
    out += write({ choices: [{ index, delta: {}, finish_reason: reason }] })
  }
  if (includeUsage && isObject(answer.usage)) {
    out += write({ choices: [], usage: answer.usage,
      ...(answer.copilot_usage === undefined ? {} : { copilot_usage: answer.copilot_usage }) })
  }
  return out + 'data: [DONE]\n\n'
}

/** Claude's text and tool calls arrive as separate choices of one answer. */
function merge (choices: readonly WireChoice[]): WireChoice {
  const messages = choices.map(choice => isObject(choice.message) ? choice.message as WireMessage : {})
  const text = messages.map(message => message.content).filter(content => typeof content === 'string').join('')
  const calls = messages.flatMap(message => Array.isArray(message.tool_calls) ? message.tool_calls as unknown[] : [])
  const reasons = choices.map(choice => choice.finish_reason)
  const reason = ['tool_calls', 'length', 'content_filter'].find(word => reasons.includes(word)) ?? reasons[0]
  const message: WireMessage = Object.fromEntries(messages.flatMap(each => Object.entries(each)))
  return { ...choices[0], finish_reason: reason,
    message: { ...message, content: text === '' ? null : text, ...(calls.length > 0 ? { tool_calls: calls } : {}) } }
}

function repairChoice (choice: WireChoice, at: number, newId: () => string): WireChoice {
  const { padding: _padding, ...message } = isObject(choice.message) ? choice.message as WireMessage : {} as WireMessage
  message.role = 'assistant'
  showReasoning(message)
  const given = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject) : []
  const isCutOff = choice.finish_reason === 'length' || choice.finish_reason === 'content_filter'
  const calls = given.map((call, nth) => repairCall(call, newId, isCutOff && nth === given.length - 1))
  const reason = isFinishReason(choice.finish_reason) ? choice.finish_reason : calls.length > 0 ? 'tool_calls' : 'stop'
  if (calls.length > 0) message.tool_calls = calls
  else delete message.tool_calls
  message.content ??= calls.length > 0 ? null : ''
  return {
    ...choice,
    message,
    index: Number.isInteger(choice.index) ? choice.index : at,
    // A call that broke off is incomplete, whatever upstream's reason is.
    finish_reason: reason !== 'content_filter' && given.some(hasHalfInput) ? 'length' : reason,
  }
}

function hasHalfInput ({ function: given }: Record<string, unknown>): boolean {
  return isObject(given) && typeof given['arguments'] === 'string' && breaksOff(given['arguments'])
}

/** @param isOpen its arguments may still be missing */
function repairCall (call: Record<string, unknown>, newId: () => string, isOpen: boolean): object {
  if (isObject(call['custom'])) {
    return { ...call, id: typeof call['id'] === 'string' && call['id'] !== '' ? call['id'] : `call_${newId()}`,
      type: 'custom' }
  }
  const given = isObject(call['function']) ? call['function'] : {}
  const json = typeof given['arguments'] === 'string' && given['arguments'].trim() !== ''
    ? given['arguments']
    : isOpen
    ? ''
    : '{}'
  return {
    ...call,
    id: typeof call['id'] === 'string' && call['id'] !== '' ? call['id'] : `call_${newId()}`,
    type: 'function',
    function: { ...given, arguments: json },
  }
}
