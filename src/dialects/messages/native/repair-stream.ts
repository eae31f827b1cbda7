// Messages from upstream to a client of Messages: passed on as they come, but for Copilot's `[DONE]`, which Anthropic's
// SDKs do not know. Read on the way are the errors, the cost, the end, and whether a call's input is whole.
// `docs/spec/copilot.md#messages-stream`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { AnswerOptions, StreamRepair } from '../../contract/dialect.ts'
import { literalOf, standsIn, wordsOf } from '../../shared/framed-bytes.ts'
import { breaksOff } from '../../shared/json-guard.ts'
import { failStream, toAnswerError } from '../errors.ts'
import { createUsageReader } from '../usage.ts'
import { cutOff, parseEvent, text, writeEvent } from '../wire.ts'
import { noUsage } from './repair-answer.ts'

/** Most of a stream: there is nothing in them to look at. */
const passed = new Set(['content_block_delta', 'content_block_stop', 'ping'])
const opening = literalOf('event: content_block_delta\ndata: ')

export function createRepair (_options: AnswerOptions): StreamRepair {
  const usage = createUsageReader()
  let hasReason = false
  /** The input so far of each call, by its index. While there is one, deltas are looked into. */
  const inputs = new Map<number, string[]>()
  let isDone = false

  return {
    repairPiece: piece => inputs.size === 0 && isDelta(piece) ? piece : null,
    event (data, name) {
      if (passed.has(name) && (inputs.size === 0 || name !== 'content_block_delta')) return null
      if (data === '[DONE]' || data === '') return ''
      const event = parseEvent(data)
      const type = text(event['type']) || name
      if (type === 'error' || (type === '' && isObject(event['error']))) throw toAnswerError(event)
      const repaired = repair(type, event)
      if (repaired !== null) return writeEvent(type, repaired)
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
  function repair (type: string, event: JsonObject): JsonObject | null {
    switch (type) {
      case 'message_start': {
        const message = isObject(event['message']) ? event['message'] : {}
        usage.read(message)
        return isObject(message['usage']) && Array.isArray(message['content'])
          ? null
          : { ...event, message: { content: [], usage: noUsage, ...message } }
      }
      case 'message_delta': {
        usage.read(event)
        hasReason ||= isObject(event['delta']) && text(event['delta']['stop_reason']) !== ''
        const said = isObject(event['usage'])
          ? event
          : { ...event, usage: { output_tokens: usage.usage()?.output ?? 0 } }
        const whole = withoutHalfCalls(said)
        return whole === event ? null : whole
      }
      case 'content_block_start': {
        const block = event['content_block']
        if (isObject(block) && block['type'] === 'tool_use' && typeof event['index'] === 'number') {
          inputs.set(event['index'], [])
        }
        return null
      }
      case 'content_block_delta': {
        const { index, delta } = event
        if (typeof index === 'number' && isObject(delta) && typeof delta['partial_json'] === 'string') {
          inputs.get(index)?.push(delta['partial_json'])
        }
        return null
      }
      case 'message_stop':
        if (!hasReason) throw cutOff()
        isDone = true
        return null
      default:
        return null
    }
  }

  /**
   * Anthropic's SDK closes what is open, and its tool runner would run that: only the stop reason tells that a call
   * broke off.
   */
  function withoutHalfCalls (event: JsonObject): JsonObject {
    const { delta } = event
    if (!isObject(delta) || delta['stop_reason'] !== 'tool_use') return event
    const isHalf = [...inputs.values()].some(pieces => breaksOff(pieces.join('')))
    inputs.clear()
    return isHalf ? { ...event, delta: { ...delta, stop_reason: 'max_tokens' } } : event
  }
}

/** Whether a piece is one event of the many, and no more: two lines and a blank one. */
function isDelta (piece: Uint8Array): boolean {
  const end = piece.length - 1
  if (end < opening.bytes.length || piece[end] !== 0x0a || piece[end - 1] !== 0x0a
    || !standsIn(wordsOf(piece), 0, opening)) return false
  return piece.indexOf(0x0a, opening.bytes.length) === end - 1 && !piece.includes(0x0d)
}
