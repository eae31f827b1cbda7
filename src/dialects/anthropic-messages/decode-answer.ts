// Upstream's whole answer, and its stream, as parts. `translation.md` 3.3.5, 3.3.6.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import type { StreamDecoder } from '../dialect.ts'
import { withFramedText } from '../framed-text.ts'
import type { Part } from '../part.ts'
import { createAnswerDecoder } from './decode-blocks.ts'
import { toAnswerError } from './errors.ts'
import { cutOff, parseEvent } from './wire.ts'

/** @throws {GatewayError} for an error in place of an answer, and for what is no message */
export function readMessage (answer: JsonObject): JsonObject & { content: unknown[] } {
  if (answer['type'] === 'error' || isObject(answer['error'])) throw toAnswerError(answer)
  if (Array.isArray(answer['content'])) return answer as JsonObject & { content: unknown[] }
  if (typeof answer['message'] === 'string') throw toAnswerError(answer)
  throw new GatewayError('upstream_error', 'Copilot\'s answer is not a message.')
}

export function decodeAnswer (answer: JsonObject): Part[] {
  const message = readMessage(answer)
  const decoder = createAnswerDecoder()
  const parts = decoder.start(message)
  message.content.forEach((block, at) => {
    if (isObject(block)) parts.push(...decoder.open(at, block), ...decoder.close(at))
  })
  decoder.tell(message, message)
  parts.push(...decoder.finish())
  return parts
}

export function createDecoder (): StreamDecoder {
  const decoder = createAnswerDecoder()
  let isDone = false
  const finish = (): Part[] => {
    isDone = true
    return decoder.finish()
  }
  return withFramedText({
    push (data: string, name: string) {
      if (isDone || data === '' || data === '[DONE]') return []
      const event = parseEvent(data)
      const index = typeof event['index'] === 'number' ? event['index'] : 0
      switch (typeof event['type'] === 'string' ? event['type'] : name) {
        case 'message_start': return decoder.start(isObject(event['message']) ? event['message'] : {})
        case 'content_block_start': return isObject(event['content_block']) ? decoder.open(index, event['content_block']) : []
        case 'content_block_delta': return isObject(event['delta']) ? decoder.delta(index, event['delta']) : []
        case 'content_block_stop': return decoder.close(index)
        case 'message_delta':
          decoder.tell(event, isObject(event['delta']) ? event['delta'] : {})
          return []
        case 'message_stop': return finish()
        case 'error': throw toAnswerError(event)
        default:
          if (isObject(event['error'])) throw toAnswerError(event)
          return []   // `ping`, and whatever comes to be
      }
    },
    end () {
      if (isDone) return []
      if (decoder.isEnding()) return finish()
      throw cutOff()
    },
  }, '"type":"text_delta","text":"', /"citations?":/)
}
