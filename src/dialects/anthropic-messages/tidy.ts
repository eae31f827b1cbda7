// Messages from upstream to a client of Messages: passed on as they come, but for Copilot's `[DONE]`, which Anthropic's
// SDKs do not know. Read on the way are the errors, the cost and the end. `copilot-upstream.md` 9.5.
import { isObject, type JsonObject } from '../../json.ts'
import type { AnswerOptions, StreamTidy, TidiedAnswer } from '../dialect.ts'
import { literalOf, standsIn, wordsOf } from '../framed-bytes.ts'
import { readMessage } from './decode-answer.ts'
import { estimateUsage } from './encode-message.ts'
import { failStream, toAnswerError } from './errors.ts'
import { createUsageReader, toWireUsage } from './usage.ts'
import { cutOff, parseEvent, text, writeEvent } from './wire.ts'

/** Most of a stream: there is nothing in them to look at. */
const passed = new Set(['content_block_delta', 'content_block_start', 'content_block_stop', 'ping'])
const opening = literalOf('event: content_block_delta\ndata: ')
const noUsage = toWireUsage(estimateUsage({ inputEstimate: 1 }, 0))

export function createTidy (_options: AnswerOptions): StreamTidy {
  const usage = createUsageReader()
  let hasReason = false
  let isDone = false

  return {
    mendPiece: piece => isDelta(piece) ? piece : null,
    event (data, name) {
      if (passed.has(name)) return null
      if (data === '[DONE]' || data === '') return ''
      const event = parseEvent(data)
      const type = text(event['type']) || name
      if (type === 'error' || (type === '' && isObject(event['error']))) throw toAnswerError(event)
      const mended = mend(type, event)
      if (mended !== null) return writeEvent(type, mended)
      // SDKs go by the event's name, and drop what has none.
      return type === '' ? '' : name === type ? null : writeEvent(type, event)
    },
    end () {
      if (isDone) return ''
      if (!hasReason) throw cutOff()
      isDone = true
      return writeEvent('message_stop')
    },
    isDone: () => isDone,
    usage: usage.usage,
    fail: failStream,
  }

  /** Null for an event that is well as it is. Without `usage` SDKs throw. */
  function mend (type: string, event: JsonObject): JsonObject | null {
    switch (type) {
      case 'message_start': {
        const message = isObject(event['message']) ? event['message'] : {}
        usage.read(message)
        return isObject(message['usage']) && Array.isArray(message['content']) ? null : { ...event, message: { content: [], usage: noUsage, ...message } }
      }
      case 'message_delta': {
        usage.read(event)
        hasReason ||= isObject(event['delta']) && text(event['delta']['stop_reason']) !== ''
        return isObject(event['usage']) ? null : { ...event, usage: { output_tokens: usage.usage()?.output ?? 0 } }
      }
      case 'message_stop':
        isDone = true
        return null
      default: return null
    }
  }
}

/** Whether a piece is one event of the many, and no more: two lines and a blank one. */
function isDelta (piece: Uint8Array): boolean {
  const end = piece.length - 1
  if (end < opening.bytes.length || piece[end] !== 0x0a || piece[end - 1] !== 0x0a || !standsIn(wordsOf(piece), 0, opening)) return false
  return piece.indexOf(0x0a, opening.bytes.length) === end - 1 && !piece.includes(0x0d)
}

export function tidyAnswer (answer: JsonObject, { model, newId }: AnswerOptions): TidiedAnswer {
  const message = readMessage(answer)
  const reader = createUsageReader()
  reader.read(message)
  const usage = reader.usage()
  const missing = { id: `msg_${newId()}`, type: 'message', role: 'assistant', model, stop_reason: 'end_turn', stop_sequence: null, usage: noUsage }
  const isWhole = Object.keys(missing).every(name => name === 'stop_sequence' || (message[name] !== undefined && message[name] !== null))
  return isWhole ? { answer, usage, missing: '' } : { answer: { ...missing, ...present(message) }, usage }
}

function present (message: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null && value !== undefined))
}
