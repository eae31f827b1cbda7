// Decodes upstream's stream to parts. `docs/spec/translation.md#messages-to-chat`,
// `docs/spec/translation.md#messages-to-responses`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { StreamDecoder } from '../../contract/dialect.ts'
import type { Part } from '../../contract/part.ts'
import type { VaryingText } from '../../contract/plain-event.ts'
import { droppedString } from '../../shared/varying.ts'
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
  return {
    push (data, name, parsed) {
      if (isDone || data === '' || data === '[DONE]') return []
      const event = parsed ?? parseEvent(data)
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
          decoder.readEnding(event, isObject(event['delta']) ? event['delta'] : {})
          return []
        case 'message_stop':
          if (!decoder.isEnding()) throw cutOff()
          return finish()
        case 'error':
          throw toAnswerError(event)
        default:
          if (isObject(event['error'])) throw toAnswerError(event)
          return [] // `ping`, and events that do not exist yet
      }
    },
    plain (event, name) {
      const { delta } = event
      if (isDone || !isObject(delta) || (event['type'] ?? name) !== 'content_block_delta') return null
      const found = decoder.continued(typeof event['index'] === 'number' ? event['index'] : 0, delta)
      return found
        && { ...found, path: `delta.${found.path}`,
          values: [...paddingOf(event, '', 'type'), ...paddingOf(delta, 'delta.', found.path)] }
    },
    end () {
      if (isDone) return []
      if (decoder.isEnding()) return finish()
      throw cutOff()
    },
  }
}

/** Strings that the decoder ignores, such as padding. They may differ between events. */
function paddingOf (fields: JsonObject, prefix: string, read: string): VaryingText[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    key === 'type' || key === read ? [] : droppedString(prefix + key, value)
  )
}
