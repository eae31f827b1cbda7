// Loose readers for Responses JSON, which comes from clients and from upstream and is trusted from neither, and the one
// way in which events are written.
import { isObject, type JsonObject } from '../../json.ts'

/** A string, or '' for anything else. */
export function text (value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function list (value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The objects among an array's elements; none for what is no array. */
export function objects (value: unknown): readonly JsonObject[] {
  return list(value).filter(isObject)
}

export function fields (value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** Null means the same as absent in this dialect. */
export function isGiven (value: unknown): boolean {
  return value !== undefined && value !== null
}

/** The very same object when there is nothing to leave out. */
export function withoutNulls (object: JsonObject): JsonObject {
  return Object.values(object).some(value => value === null) ? Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)) : object
}

/** Items by their type: a message may leave it out, and an id alone is a reference. */
export function typeOf (item: JsonObject): string {
  if (typeof item['type'] === 'string') return item['type']
  if (typeof item['role'] === 'string') return 'message'
  return typeof item['id'] === 'string' ? 'item_reference' : ''
}

/** A text alone is one message of the user. */
export function readInput (input: unknown): readonly unknown[] {
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : list(input)
}

export function writeEvent (event: { readonly type: string } & JsonObject): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

/** Deeper JSON is nobody's answer, and would overflow the stack of whoever writes it again. */
const maxDepth = 128

/** The JSON of an object, or null for anything else, and for what is nested deeper than 128 levels. */
export function parseObject (json: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) && (json.length <= 2 * maxDepth || isWithin(value, maxDepth)) ? value : null
  } catch { return null }
}

function isWithin (value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every(inner => isWithin(inner, depth - 1))
}
