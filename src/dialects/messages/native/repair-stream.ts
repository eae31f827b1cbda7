// Repairs upstream's Messages stream for a Messages client. Nearly all events pass as they come; Copilot's `[DONE]`,
// which Anthropic's SDKs do not know, is dropped. Errors, usage, the end and the input of calls are read on the way.
// `docs/spec/copilot.md#messages-stream`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { AnswerOptions, StreamRepair } from '../../contract/dialect.ts'
import { breaksOff } from '../../shared/json-guard.ts'
import { failStream, toAnswerError } from '../errors.ts'
import { createUsageReader } from '../usage.ts'
import { cutOff, parseEvent, text, writeEvent } from '../wire.ts'
import { noUsage } from './repair-answer.ts'
import { deltaType, plainBlockDelta } from './repair-plain.ts'

/** Events that need no check: most of a stream. */
const passed = new Set([deltaType, 'content_block_stop', 'ping'])

export function createRepair (_options: AnswerOptions): StreamRepair {
  const usage = createUsageReader()
  let hasReason = false
  /** The input so far of each call, by its index. While there is one, deltas are parsed. */
  const inputs = new Map<number, string[]>()
  let isDone = false

  return {
    plain: (event, name) =>
      plainBlockDelta(event, name, index => {
        const pieces = typeof index === 'number' ? inputs.get(index) : undefined
        return pieces === undefined ? null : json => {
          pieces.push(json)
        }
      }),
    event (data, name, parsed) {
      if (passed.has(name) && (inputs.size === 0 || name !== deltaType)) return null
      if (data === '[DONE]' || data === '') return ''
      const event = parsed ?? parseEvent(data)
      const type = text(event['type']) || name
      if (type === 'error' || (type === '' && isObject(event['error']))) throw toAnswerError(event)
      const repaired = repair(type, event)
      if (repaired !== null) return writeEvent(type, repaired)
      // SDKs read the event's name, and drop events without one.
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

  /** Null for an event that needs no change. Without `usage` SDKs throw. */
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
        const counted = isObject(event['usage'])
          ? event
          : { ...event, usage: { output_tokens: usage.usage()?.output ?? 0 } }
        const whole = withoutHalfCalls(counted)
        return whole === event ? null : whole
      }
      case 'content_block_start': {
        const block = event['content_block']
        if (isObject(block) && block['type'] === 'tool_use' && typeof event['index'] === 'number') {
          inputs.set(event['index'], [])
        }
        return null
      }
      case deltaType: {
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
   * Anthropic's SDK closes an open call, and its tool runner would run it. Only the stop reason shows that a call broke
   * off.
   */
  function withoutHalfCalls (event: JsonObject): JsonObject {
    const { delta } = event
    if (!isObject(delta) || delta['stop_reason'] !== 'tool_use') return event
    const isHalf = [...inputs.values()].some(pieces => breaksOff(pieces.join('')))
    inputs.clear()
    return isHalf ? { ...event, delta: { ...delta, stop_reason: 'max_tokens' } } : event
  }
}
