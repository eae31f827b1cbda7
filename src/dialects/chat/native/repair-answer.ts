// Repairs a whole answer of upstream's own Chat endpoint for a Chat client.
import { isObject, type JsonObject } from '../../../json.ts'
import type { AnswerOptions, RepairedAnswer } from '../../contract/dialect.ts'
import { readError } from '../errors.ts'
import { stateOf } from '../wire-reasoning.ts'
import { isComplete, repairCompletion } from './repair-message.ts'
import { readUsage } from '../usage.ts'
import { isFailure, requireEnding, type WireChoice } from '../wire.ts'

/** @throws {GatewayError} for an answer that reports a failure, and for one without an end */
export function repairAnswer (
  answer: JsonObject,
  { facts, model, now, newId, remember }: AnswerOptions,
): RepairedAnswer {
  if (isFailure(answer)) throw readError(answer['error'])
  requireEnding(answer)
  const usage = readUsage(answer)
  if (isComplete(answer, facts.n)) {
    const missing = answer['object'] === undefined ? '"object":"chat.completion",' : ''
    return { answer: Object.assign(answer, { object: 'chat.completion' }), usage, missing }
  }
  const repaired = repairCompletion(answer, { model, n: facts.n, now, newId })
  if (remember !== undefined) { for (const choice of repaired.choices) learn(choice, model, remember) }
  return { answer: repaired, usage }
}

function learn ({ message }: WireChoice, model: string, remember: NonNullable<AnswerOptions['remember']>): void {
  if (!isObject(message)) return
  const { tool_calls: calls, reasoning_opaque: opaque, reasoning_text: text } = message
  const first: unknown = Array.isArray(calls) ? calls[0] : undefined
  if (!isObject(first) || typeof first['id'] !== 'string') return
  const hasState = typeof opaque === 'string' && opaque !== ''
  remember(first['id'], hasState ? { kind: 'c', item: stateOf(text, opaque), model } : null)
}
