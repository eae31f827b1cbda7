// Loose readers for Responses JSON, because neither clients nor upstream are trusted, and the function that writes
// events.
import { isObject, list, type JsonObject } from '../../json.ts'

export { list, objects, text } from '../../json.ts'

export function fields (value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** Null means the same as absent in this dialect. */
export function isGiven (value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Returns the same object if there is nothing to leave out. */
export function withoutNulls (object: JsonObject): JsonObject {
  return Object.values(object).some(value => value === null)
    ? Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
    : object
}

/** The type of an item: a message may omit it, and an object with only an id is a reference. */
export function typeOf (item: JsonObject): string {
  if (typeof item['type'] === 'string') return item['type']
  if (typeof item['role'] === 'string') return 'message'
  return typeof item['id'] === 'string' ? 'item_reference' : ''
}

/** A plain string is one user message. */
export function readInput (input: unknown): readonly unknown[] {
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : list(input)
}

export function writeEvent (event: { readonly type: string } & JsonObject): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

export { parseObjectWithin as parseObject } from '../../json.ts'
