// Decodes upstream's whole answer into parts. `docs/spec/translation.md#messages-to-chat`,
// `docs/spec/translation.md#messages-to-responses`.
import { append } from '../../../append.ts'
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { Part } from '../../contract/part.ts'
import { createAnswerDecoder } from './decode-blocks.ts'
import { toAnswerError } from '../errors.ts'
import { text } from '../wire.ts'

/** @throws {GatewayError} for an error instead of an answer, and for anything that is no message */
export function readMessage (answer: JsonObject): JsonObject & { content: unknown[] } {
  if (answer['type'] === 'error' || isObject(answer['error'])) throw toAnswerError(answer)
  if (Array.isArray(answer['content'])) {
    if (text(answer['stop_reason']) === '') {
      throw new GatewayError('upstream_error', "Copilot's answer does not say why it ended.")
    }
    return answer as JsonObject & { content: unknown[] }
  }
  if (typeof answer['message'] === 'string') throw toAnswerError(answer)
  throw new GatewayError('upstream_error', "Copilot's answer is not a message.")
}

export function decodeAnswer (answer: JsonObject): Part[] {
  const message = readMessage(answer)
  const decoder = createAnswerDecoder()
  const parts = decoder.start(message)
  message.content.forEach((block, at) => {
    if (!isObject(block)) return
    append(parts, decoder.open(at, block))
    append(parts, decoder.close(at))
  })
  decoder.readEnding(message, message)
  append(parts, decoder.finish())
  return parts
}
