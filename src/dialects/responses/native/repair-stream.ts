// Repairs Copilot's Responses stream so that OpenAI's SDKs accept it. Copilot encrypts the ids again in every event,
// pads deltas, sends unknown events, and sometimes sends the plain arguments of a call only at its end. Events that do
// not fit are dropped, because the last event contains the whole answer. `docs/spec/translation.md#same-dialect`,
// `docs/spec/translation.md#sdk-responses`; `docs/spec/copilot.md#responses-stream`.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { AnswerOptions, StreamRepair, Usage } from '../../contract/dialect.ts'
import { cutOff, refuseUnended, toFailure, toResponseError } from '../errors.ts'
import { isKnownEvent } from '../wire-event-types.ts'
import { createHeldText } from '../answer/decode-held-text.ts'
import { stateOf } from './prepare-reasoning.ts'
import { createIds, hasCallId, isCall, repairItem, prefixOf, withWholeInput } from './repair-item.ts'
import { endedBy, repairResponse } from './repair-answer.ts'
import { plainItemDelta } from './repair-plain.ts'
import { endInput, ofKnown, type Event, type Known } from './repair-stream-item.ts'
import { unstreamed } from '../answer/decode-unstreamed.ts'
import { readUsage } from '../usage.ts'
import { fields, objects, parseObject, text, writeEvent } from '../wire.ts'

export function createRepair (options: AnswerOptions): StreamRepair {
  const ids = createIds(options.newId)
  const items = new Map<number, Known>()
  /** The response as the client first got it; null before. */
  let head: JsonObject | null = null
  let sequence = 0
  let usage: Usage | null = null
  let isDone = false
  const numbers = { current: () => sequence, next: () => sequence++ }

  return {
    plain: (event, name) => head === null || isDone ? null : plainItemDelta(event, name, items, numbers),
    event (data, name, parsed) {
      if (isDone || data === '' || data === '[DONE]') return ''
      const event = parsed ?? parseObject(data)
      if (event === null) {
        if (name !== '' && !isKnownEvent(name)) return ''
        throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
      }
      const type = text(event['type'])
      if (!isKnownEvent(type)) {
        if (type === '' && isObject(event['error'])) throw toFailure(event)
        if (type === 'response.cancelled') throw new GatewayError('upstream_error', 'Copilot cancelled the answer.')
        return ''
      }
      const out = repair(event as Event)
      if (out.length === 1 && out[0] === event && name === type && event['sequence_number'] === sequence) {
        sequence++
        return null
      }
      return out.map(write).join('')
    },
    end () {
      if (!isDone) throw cutOff()
      return ''
    },
    isDone: () => isDone,
    usage: () => usage,
    fail (error) {
      if (isDone) return ''
      isDone = true
      const before = begin({}).map(write).join('')
      const response = { ...head, status: 'failed', error: toResponseError(error),
        output: [...items.values()].map(known => known.item) }
      return before + write({ type: 'response.failed', response })
    },
  }

  function write ({ type, sequence_number: _number, ...payload }: Event): string {
    return writeEvent({ type, sequence_number: sequence++, ...payload })
  }

  /** The events to send for one: itself if it fits, after those that must come before it. */
  function repair (given: Event): Event[] {
    const event = withoutPadding(given)
    const { type } = event
    switch (type) {
      case 'response.created':
        return begin(fields(event['response']))
      case 'response.in_progress':
      case 'response.queued':
        // A repetition would confuse accumulators about the items that they have.
        return items.size > 0
          ? []
          : [...begin(fields(event['response'])), { ...event,
            response: { ...repairResponse(fields(event['response']), options), ...lasting(), output: [] } }]
      case 'response.completed':
      case 'response.incomplete':
        return finish(event)
      case 'response.failed':
        throw toFailure(event['response'])
      case 'error':
        throw toFailure(event)
      case 'keepalive':
        return [event]
      default: {
        const before = begin({})
        const out = typeof event['output_index'] === 'number' ? ofItem(event, event['output_index']) : [event]
        return before.length === 0 ? out : [...before, ...out]
      }
    }
  }

  function begin (response: JsonObject): Event[] {
    if (head !== null) return []
    head = { status: 'in_progress', ...repairResponse(response, options), output: [] }
    return [{ type: 'response.created', response: head }]
  }

  /** What must be the same in every event that shows the response. */
  function lasting (): JsonObject {
    return { id: head?.['id'], created_at: head?.['created_at'], output_text: undefined }
  }

  function ofItem (event: Event, at: number): Event[] {
    const { type } = event
    if (!Number.isSafeInteger(at) || at < 0) return []
    if (type === 'response.output_item.added') return add(event, at)
    if (type === 'response.output_item.done') return done(event, at)
    const known = items.get(at)
    if (known === undefined || known.isDone) return []
    return ofKnown(event['item_id'] === known.id ? event : { ...event, item_id: known.id }, known)
  }

  function add (event: Event, at: number): Event[] {
    const item = fields(event['item'])
    const type = text(item['type'])
    if (items.has(at) || type === '') return []
    const id = ids.take(item['id'], prefixOf(type))
    const callId = hasCallId(type) ? ids.take(item['call_id'], 'call') : null
    const repaired = repairItem(item, id, callId, 'in_progress')
    items.set(at, {
      id,
      type,
      callId,
      summaries: objects(repaired['summary']).length,
      parts: objects(repaired['content']).map(part => text(part['type'])),
      annotations: [],
      input: createHeldText(),
      isInputDone: false,
      isDone: false,
      item: repaired,
    })
    return [withItem(event, repaired)]
  }

  function done (event: Event, at: number): Event[] {
    const item = fields(event['item'])
    const before = items.has(at)
      ? []
      : add({ type: 'response.output_item.added', output_index: at, item: begun(item) }, at)
    const known = items.get(at)
    if (known === undefined || known.isDone || known.type !== item['type']) return []
    const repaired = withWholeInput(repairItem(item, known.id, known.callId, 'completed'))
    const state = stateOf(item)
    if (state !== null) options.rememberState?.(state)
    known.isDone = true
    known.item = repaired
    // A client runs free text as soon as its item is done, and such an item has no status that says otherwise.
    if (known.type === 'custom_tool_call' && repaired['status'] === 'incomplete') return before
    if (isCall(known.type) && !known.isInputDone) {
      const [name, field] = known.type === 'function_call'
        ? ['function_call_arguments', 'arguments']
        : ['custom_tool_call_input', 'input']
      before.push(
        ...endInput({ type: `response.${name}.done`, item_id: known.id, output_index: at, [field]: repaired[field] },
          known, field),
      )
    }
    return [...before, withItem(event, repaired)]
  }

  function finish (event: Event): Event[] {
    const given = fields(event['response'])
    refuseUnended(given)
    if (items.size === 0 && !Array.isArray(given['output'])) throw cutOff()
    const out = begin(given)
    usage = readUsage(given, event)
    for (const [at, item] of unstreamed(items, objects(given['output']))) {
      out.push(...done({ type: 'response.output_item.done', output_index: at, item }, at))
    }
    for (const [at, known] of items) {
      if (!known.isDone) {
        out.push(...done({ type: 'response.output_item.done', output_index: at, item: asFarAs(known) }, at))
      }
    }
    isDone = true
    const output = [...items.entries()].sort(([a], [b]) => a - b).map(([, known]) => known.item)
    const { output_text: _text, ...rest } = { ...repairResponse(given, options), ...lasting() }
    const response = endedBy({ ...rest, output })
    const type = response['status'] === 'incomplete' ? 'response.incomplete' : event.type
    if (type === 'response.completed') options.completed?.(response)
    return [...out, { ...event, type, response }]
  }
}

/** An item that upstream never ended. A call keeps the input that arrived. */
function asFarAs ({ type, item, input }: Known): JsonObject {
  if (type === 'function_call') return { ...item, status: 'incomplete', arguments: input.sent() }
  if (type === 'custom_tool_call') return { ...item, status: 'incomplete', input: input.sent() }
  return 'status' in item ? { ...item, status: 'incomplete' } : item
}

/** Copilot pads deltas to hide their length, and adds notes about the origin of code. Clients need neither. */
function withoutPadding (event: Event): Event {
  if (!('obfuscation' in event) && !('copilot_annotations' in event)) return event
  const { obfuscation: _padding, copilot_annotations: _notes, ...rest } = event
  return rest
}

function withItem (event: Event, item: JsonObject): Event {
  if (event['item'] === item && !('item_id' in event)) return event
  const { item_id: _id, ...rest } = event
  return { ...rest, item }
}

/** An item as it would have begun, made of its end. */
function begun (item: JsonObject): JsonObject {
  const { type } = item
  return {
    ...item,
    ...('status' in item ? { status: 'in_progress' } : {}),
    ...(type === 'message'
      ? { content: [] }
      : type === 'reasoning'
      ? { summary: [] }
      : type === 'function_call'
      ? { arguments: '' }
      : type === 'custom_tool_call'
      ? { input: '' }
      : {}),
  }
}
