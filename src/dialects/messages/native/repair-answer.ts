// Repairs a whole message from upstream for a Messages client: adds the fields that Anthropic's schema requires.
import type { JsonObject } from '../../../json.ts'
import type { AnswerOptions, RepairedAnswer } from '../../contract/dialect.ts'
import { readMessage } from '../answer/decode-answer.ts'
import { estimateUsage } from '../answer/encode-message.ts'
import { createUsageReader, toWireUsage } from '../usage.ts'

/** Without `usage`, the vendor's SDKs throw. */
export const noUsage = toWireUsage(estimateUsage({ inputEstimate: 1 }, 0))

/** @throws {GatewayError} for an answer that reports a failure */
export function repairAnswer (answer: JsonObject, { model, newId }: AnswerOptions): RepairedAnswer {
  const message = readMessage(answer)
  const reader = createUsageReader()
  reader.read(message)
  const usage = reader.usage()
  const missing = { id: `msg_${newId()}`, type: 'message', role: 'assistant', model, stop_sequence: null,
    usage: noUsage }
  const isWhole = Object.keys(missing).every(name =>
    name === 'stop_sequence' || (message[name] !== undefined && message[name] !== null)
  )
  return isWhole ? { answer, usage, missing: '' } : { answer: { ...missing, ...present(message) }, usage }
}

function present (message: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null && value !== undefined))
}
