// Upstream's stream as parts. `docs/spec/translation.md#messages-to-chat`,
// `docs/spec/translation.md#messages-to-responses`.
import { isObject } from '../../../json.ts'
import type { StreamDecoder } from '../../contract/dialect.ts'
import type { Part } from '../../contract/part.ts'
import { withFramedText } from '../../shared/framed-text.ts'
import { toAnswerError } from '../errors.ts'
import { cutOff, parseEvent } from '../wire.ts'
import { createAnswerDecoder } from './decode-blocks.ts'

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
        case 'message_start':
          return decoder.start(isObject(event['message']) ? event['message'] : {})
        case 'content_block_start':
          return isObject(event['content_block']) ? decoder.open(index, event['content_block']) : []
        case 'content_block_delta':
          return isObject(event['delta']) ? decoder.delta(index, event['delta']) : []
        case 'content_block_stop':
          return decoder.close(index)
        case 'message_delta':
          decoder.tell(event, isObject(event['delta']) ? event['delta'] : {})
          return []
        case 'message_stop':
          if (!decoder.isEnding()) throw cutOff()
          return finish()
        case 'error':
          throw toAnswerError(event)
        default:
          if (isObject(event['error'])) throw toAnswerError(event)
          return [] // `ping`, and whatever comes to be
      }
    },
    end () {
      if (isDone) return []
      if (decoder.isEnding()) return finish()
      throw cutOff()
    },
  }, '"type":"text_delta","text":"', /"citations?":/)
}
