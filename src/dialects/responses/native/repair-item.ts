// Adds what every item of an answer must have: an id, a unique call id, the arrays and texts that the vendor's
// accumulators read. `docs/spec/translation.md#sdk-responses`, R6 to R8.
import { isObject, type JsonObject } from '../../../json.ts'
import { breaksOff } from '../../shared/json-guard.ts'
import { list, objects, text } from '../wire.ts'

/** Ids of one answer; none is used twice. */
export interface Ids {
  /** The given id if it is usable, otherwise a new one. The prefix `call` is for call ids, all others are for items. */
  readonly take: (given: unknown, prefix: string) => string
}

export function createIds (newId: () => string): Ids {
  const items = new Set<string>()
  const calls = new Set<string>()
  return {
    take (given, prefix) {
      const taken = prefix === 'call' ? calls : items
      const id = typeof given === 'string' && given !== '' && !taken.has(given) ? given : `${prefix}_${newId()}`
      taken.add(id)
      return id
    },
  }
}

export function isCall (type: string): type is 'function_call' | 'custom_tool_call' {
  return type === 'function_call' || type === 'custom_tool_call'
}

/** Items that `call_id` identifies. */
export function hasCallId (type: string): boolean {
  return isCall(type) || type === 'shell_call'
}

/** Returns the same object if it lacks nothing. @param status for an item that must have one and has none */
export function repairItem (
  item: JsonObject,
  id: string,
  callId: string | null,
  status: 'in_progress' | 'completed',
): JsonObject {
  const type = text(item['type'])
  const changes: JsonObject = {}
  const set = (field: string, value: unknown): void => {
    if (item[field] !== value) changes[field] = value
  }
  set('id', id)
  if (callId !== null) set('call_id', callId)
  if (type === 'reasoning') {
    const summary = objects(item['summary'])
    if (!Array.isArray(item['summary']) || summary.length < item['summary'].length) changes['summary'] = summary
    if (Array.isArray(item['content']) && !item['content'].every(isObject)) {
      changes['content'] = objects(item['content'])
    }
  }
  if ((type === 'message' || type === 'function_call') && text(item['status']) === '') set('status', status)
  if (type === 'message') {
    set('role', 'assistant')
    const given = objects(item['content'])
    const content = given.map(repairPart)
    if (!Array.isArray(item['content']) || content.length !== item['content'].length
      || content.some((part, at) => part !== given[at])) changes['content'] = content
  }
  if (type === 'custom_tool_call') set('input', text(item['input']))
  if (type === 'function_call') set('arguments', text(item['arguments']))
  return Object.keys(changes).length === 0 ? item : { ...item, ...changes }
}

/**
 * The call in a form that is safe for clients. A call that broke off is `incomplete`, whatever upstream reports. A
 * complete call without arguments gets an empty object, because clients cannot parse an empty text.
 */
export function withWholeInput (item: JsonObject): JsonObject {
  if (item['type'] !== 'function_call' || item['status'] === 'incomplete') return item
  const json = text(item['arguments'])
  if (json.trim() === '') return { ...item, arguments: '{}' }
  return breaksOff(json) ? { ...item, status: 'incomplete' } : item
}

export function repairPart (part: JsonObject): JsonObject {
  switch (part['type']) {
    case 'output_text': {
      const isWhole = Array.isArray(part['annotations']) && Array.isArray(part['logprobs'])
        && typeof part['text'] === 'string'
      return isWhole
        ? part
        : { ...part, text: text(part['text']), annotations: list(part['annotations']),
          logprobs: list(part['logprobs']) }
    }
    case 'refusal':
      return typeof part['refusal'] === 'string' ? part : { ...part, refusal: '' }
    default:
      return typeof part['text'] === 'string' ? part : { ...part, text: '' }
  }
}

/** The prefixes of OpenAI's own ids. */
export function prefixOf (type: string): string {
  switch (type) {
    case 'message':
      return 'msg'
    case 'function_call':
      return 'fc'
    case 'custom_tool_call':
      return 'ctc'
    case 'reasoning':
      return 'rs'
    case 'compaction':
      return 'cmp'
    default:
      return 'item'
  }
}
