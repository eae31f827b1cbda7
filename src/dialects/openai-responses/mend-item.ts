// What every item of an answer must have, whoever made it: an id, a call id of its own, the arrays and texts that the
// vendor's accumulators reach into. `translation.md` 3.1.2, R6 to R8.
import { isObject, type JsonObject } from '../../json.ts'
import { objects, text } from './wire.ts'

/** Ids of one answer; none is given out twice. */
export interface Ids {
  /** The given id where it can be used, else a new one. The prefix `call` is for ids of calls, all others are of items. */
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

/** Items whose `call_id` tells them apart. */
export function hasCallId (type: string): boolean {
  return isCall(type) || type === 'shell_call'
}

/** The same object when it lacks nothing. */
export function mendItem (item: JsonObject, id: string, callId: string | null): JsonObject {
  const type = text(item['type'])
  const changes: JsonObject = {}
  const set = (field: string, value: unknown): void => { if (item[field] !== value) changes[field] = value }
  set('id', id)
  if (callId !== null) set('call_id', callId)
  if (type === 'reasoning') {
    const summary = objects(item['summary'])
    if (!Array.isArray(item['summary']) || summary.length < item['summary'].length) changes['summary'] = summary
    if (Array.isArray(item['content']) && !item['content'].every(isObject)) changes['content'] = objects(item['content'])
  }
  if (type === 'message') {
    set('role', 'assistant')
    const content = objects(item['content']).map(mendPart)
    if (!Array.isArray(item['content']) || content.length !== item['content'].length || content.some((part, at) => part !== objects(item['content'])[at])) changes['content'] = content
  }
  if (type === 'custom_tool_call') set('input', text(item['input']))
  if (type === 'function_call') set('arguments', text(item['arguments']))
  return Object.keys(changes).length === 0 ? item : { ...item, ...changes }
}

/** Arguments that never came are an empty object, for a client would parse an empty text. */
export function withArguments (item: JsonObject): JsonObject {
  return item['type'] === 'function_call' && text(item['arguments']).trim() === '' ? { ...item, arguments: '{}' } : item
}

export function mendPart (part: JsonObject): JsonObject {
  switch (part['type']) {
    case 'output_text': return Array.isArray(part['annotations']) && typeof part['text'] === 'string' ? part : { ...part, text: text(part['text']), annotations: Array.isArray(part['annotations']) ? part['annotations'] : [] }
    case 'refusal': return typeof part['refusal'] === 'string' ? part : { ...part, refusal: '' }
    default: return typeof part['text'] === 'string' ? part : { ...part, text: '' }
  }
}

/** The prefixes of OpenAI's own ids. */
export function prefixOf (type: string): string {
  switch (type) {
    case 'message': return 'msg'
    case 'function_call': return 'fc'
    case 'custom_tool_call': return 'ctc'
    case 'reasoning': return 'rs'
    default: return 'item'
  }
}
