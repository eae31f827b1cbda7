// Fields whose strings the gateway looks up in maps and sets: ids, names, schema lists. V8 hashes a string of more than
// 16,383 characters by its length alone, so each of many such strings is compared with all others. No API has ids or
// names of that length, so they are refused. A leaf.
import { GatewayError } from './errors.ts'
import { maxNameLength } from './json-limits.ts'
import { stepSize, type Steps } from './steps.ts'

const keyFields: ReadonlySet<string> = new Set(['id', 'call_id', 'tool_call_id', 'tool_use_id', 'item_id', 'name',
  '$ref', 'required', 'enum', 'propertyOrdering', 'property_ordering', 'stop', 'stop_sequences', 'stopSequences',
  'allowed_domains', 'blocked_domains'])
/** What a tool gets or gives, whose fields have names of its own. The Responses API has an `input` that is a list. */
const freeFields: ReadonlySet<string> = new Set(['input', 'args', 'response'])

/** Objects and lists that the walk has not seen yet. Two lists, so that no value needs an object of its own. */
interface Open {
  readonly values: object[]
  /** The lists of key fields. */
  readonly keys: unknown[][]
}

/** @throws {GatewayError} for an id or a name of more than 8,192 characters in a body, which is not too deep */
export function* assertShortKeys (body: object): Steps<void> {
  const open: Open = { values: [body], keys: [] }
  for (let count = 1; open.values.length + open.keys.length > 0; count++) {
    if (count % (8 * stepSize) === 0) yield
    const keys = open.keys.pop()
    if (keys !== undefined) lookAtKeys(keys, open)
    else lookAt(open.values.pop() ?? [], open)
  }
}

function lookAt (value: object, { values, keys }: Open): void {
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) if (typeof item === 'object' && item !== null) values.push(item)
    return
  }
  for (const name in value) {
    const child = (value as Record<string, unknown>)[name]
    if (typeof child === 'string') {
      if (child.length > maxNameLength && keyFields.has(name)) throw keyTooLong()
    } else if (typeof child === 'object' && child !== null) {
      if (Array.isArray(child) && keyFields.has(name)) keys.push(child)
      else if (Array.isArray(child) || !freeFields.has(name)) values.push(child)
    }
  }
}

function lookAtKeys (list: unknown[], { values, keys }: Open): void {
  for (const item of list) {
    if (typeof item === 'string') { if (item.length > maxNameLength) throw keyTooLong() }
    else if (Array.isArray(item)) keys.push(item)
    else if (typeof item === 'object' && item !== null) values.push(item)
  }
}

function keyTooLong (): GatewayError {
  return new GatewayError('invalid_request', `An id or a name in the body has more than ${maxNameLength} characters.`)
}
