// Repairs one item of a stream: decides which of its events are sent, and what must come before them. It counts the
// parts, because accumulators append every part and throw on everything else. `docs/spec/translation.md#sdk-responses`,
// R4, R5, R10.
import type { JsonObject } from '../../../json.ts'
import type { HeldText } from '../answer/decode-held-text.ts'
import { repairPart } from './repair-item.ts'
import { fields, text } from '../wire.ts'

export type Event = { type: string } & JsonObject

export interface Known {
  readonly id: string
  readonly type: string
  readonly callId:
    | string
    | null
  /** Kinds of the opened parts, by `content_index`. */
  readonly parts: string[]
  readonly annotations: number[]
  summaries: number
  readonly input: HeldText
  isInputDone: boolean
  isDone: boolean
  /** The item as it was added, later as it was done. */
  item: JsonObject
}

/** The events to send for an event of an item that is not done. @param sent with the item's own id */
export function ofKnown (sent: Event, known: Known): Event[] {
  const { type } = sent
  // An accumulator would append or measure a missing text.
  const field = textFields[type]
  if (field !== undefined && typeof sent[field] !== 'string') return []
  switch (type) {
    case 'response.content_part.added':
      return addPart(sent, known)
    case 'response.content_part.done':
      return known.parts[place(sent, 'content_index')] === fields(sent['part'])['type']
        ? [{ ...sent, part: repairPart(fields(sent['part'])) }]
        : []
    case 'response.output_text.delta':
    case 'response.output_text.done':
      return inPart(sent, known, 'output_text')
    case 'response.refusal.delta':
    case 'response.refusal.done':
      return inPart(sent, known, 'refusal')
    case 'response.reasoning_text.delta':
    case 'response.reasoning_text.done':
      return inPart(sent, known, 'reasoning_text')
    case 'response.output_text.annotation.added': {
      const index = place(sent, 'content_index')
      if (known.parts[index] !== 'output_text') return []
      const nth = known.annotations[index] ?? 0
      known.annotations[index] = nth + 1
      return [sent['annotation_index'] === nth ? sent : { ...sent, annotation_index: nth }]
    }
    case 'response.reasoning_summary_part.added': {
      if (known.type !== 'reasoning' || place(sent, 'summary_index') !== known.summaries) return []
      known.summaries++
      return [{ ...sent, part: repairPart({ type: 'summary_text', ...fields(sent['part']) }) }]
    }
    case 'response.reasoning_summary_part.done':
      return known.type === 'reasoning' && place(sent, 'summary_index') < known.summaries
        ? [{ ...sent, part: repairPart({ type: 'summary_text', ...fields(sent['part']) }) }]
        : []
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_summary_text.done':
      return inSummary(sent, known)
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta': {
      if (known.isInputDone || known.type !== callTypeOf(type)) return []
      const delta = known.input.push(text(sent['delta']))
      return delta === '' ? [] : [delta === sent['delta'] ? sent : { ...sent, delta }]
    }
    case 'response.function_call_arguments.done':
      return known.type === 'function_call' ? endInput(sent, known, 'arguments') : []
    case 'response.custom_tool_call_input.done':
      return known.type === 'custom_tool_call' ? endInput(sent, known, 'input') : []
    default:
      return [sent]
  }
}

/** Whether a delta only adds text to what its item has begun, so that `ofKnown` would pass it. Changes nothing. */
export function continuesKnown (event: Event, known: Known): boolean {
  switch (event.type) {
    case 'response.output_text.delta':
      return known.parts[place(event, 'content_index')] === 'output_text'
    case 'response.refusal.delta':
      return known.parts[place(event, 'content_index')] === 'refusal'
    case 'response.reasoning_text.delta':
      return known.parts[place(event, 'content_index')] === 'reasoning_text'
    case 'response.reasoning_summary_text.delta':
      return known.type === 'reasoning' && place(event, 'summary_index') < known.summaries
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return !known.isInputDone && known.type === callTypeOf(event.type) && known.input.isPassing()
    default:
      return false
  }
}

/** Events that contain a text, and the field that contains it. */
const textFields: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'delta',
  'response.output_text.done': 'text',
  'response.refusal.delta': 'delta',
  'response.refusal.done': 'refusal',
  'response.reasoning_text.delta': 'delta',
  'response.reasoning_text.done': 'text',
  'response.reasoning_summary_text.delta': 'delta',
  'response.reasoning_summary_text.done': 'text',
  'response.function_call_arguments.delta': 'delta',
  'response.function_call_arguments.done': 'arguments',
  'response.custom_tool_call_input.delta': 'delta',
  'response.custom_tool_call_input.done': 'input',
}

function addPart (event: Event, known: Known): Event[] {
  const part = fields(event['part'])
  const type = text(part['type'])
  const owner = type === 'reasoning_text' ? 'reasoning' : 'message'
  if (type === '' || known.type !== owner || place(event, 'content_index') !== known.parts.length) return []
  known.parts.push(type)
  const repaired = repairPart(part)
  return [repaired === part ? event : { ...event, part: repaired }]
}

/** Text without its part gets one. */
function inPart (event: Event, known: Known, kind: string): Event[] {
  const index = place(event, 'content_index')
  const empty = kind === 'refusal'
    ? { type: kind, refusal: '' }
    : { type: kind, text: '', ...(kind === 'output_text' ? { annotations: [], logprobs: [] } : {}) }
  const before = index === known.parts.length
    ? addPart({ type: 'response.content_part.added', item_id: known.id, output_index: event['output_index'],
      content_index: index, part: empty }, known)
    : []
  return known.parts[index] === kind ? [...before, event] : []
}

function inSummary (event: Event, known: Known): Event[] {
  const index = place(event, 'summary_index')
  if (known.type !== 'reasoning' || index > known.summaries) return []
  if (index < known.summaries) return [event]
  known.summaries++
  return [{ type: 'response.reasoning_summary_part.added', item_id: known.id, output_index: event['output_index'],
    summary_index: index, part: { type: 'summary_text', text: '' } }, event]
}

/** The rest of a call's input, for deltas that were held or never came, followed by the whole input. */
export function endInput (event: Event, known: Known, field: string): Event[] {
  if (known.isInputDone) return []
  const given = text(event[field])
  const rest = known.input.end(given)
  const isEmpty = field === 'arguments' && given.trim() === '' && known.item['status'] !== 'incomplete'
  known.isInputDone = true
  const delta = isEmpty ? '{}' : rest
  const before: Event[] = delta === ''
    ? []
    : [{ type: event.type.replace(/done$/, 'delta'), item_id: known.id, output_index: event['output_index'], delta }]
  return [...before, isEmpty ? { ...event, [field]: '{}' } : event]
}

function callTypeOf (type: string): string {
  return type.startsWith('response.custom_tool_call') ? 'custom_tool_call' : 'function_call'
}

function place (event: Event, name: string): number {
  const index = event[name]
  return typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : 0
}
