// A whole answer of upstream's own Chat endpoint for a Chat client.
import type { JsonObject } from '../../json.ts'
import type { AnswerOptions, TidiedAnswer } from '../dialect.ts'
import { readError } from './errors.ts'
import { isComplete, tidyCompletion } from './response.ts'
import { readUsage } from './usage.ts'
import { isFailure } from './wire.ts'

/** @throws {GatewayError} for an answer that tells of a failure */
export function tidyAnswer (answer: JsonObject, { facts, model, now, newId }: AnswerOptions): TidiedAnswer {
  if (isFailure(answer)) throw readError(answer['error'])
  const usage = readUsage(answer)
  if (isComplete(answer, facts.n)) {
    const missing = answer['object'] === undefined ? '"object":"chat.completion",' : ''
    return { answer: Object.assign(answer, { object: 'chat.completion' }), usage, missing }
  }
  return { answer: tidyCompletion(answer, { model, n: facts.n, now, newId }), usage }
}
