// Fields whose strings the gateway looks up in maps and sets: ids, names, schema lists. V8 hashes a string of more than
// 16,383 characters by its length alone, so each of many such strings is compared with all others. No API has ids or
// names of that length, so they are refused. A leaf.
import { GatewayError } from './errors.ts'
import { maxDepth, maxNameLength, tooDeep } from './json-limits.ts'
import { nextTurn } from './next-turn.ts'

const keyFields: ReadonlySet<string> = new Set(['id', 'call_id', 'tool_call_id', 'tool_use_id', 'item_id', 'name',
  '$ref', 'required', 'enum', 'propertyOrdering', 'property_ordering', 'stop', 'stop_sequences', 'stopSequences',
  'allowed_domains', 'blocked_domains'])
/** What a tool gets or gives, whose fields have names of its own. The Responses API has an `input` that is a list. */
const freeFields: ReadonlySet<string> = new Set(['input', 'args', 'response'])
const valuesOfTurn = 16_384

/** @throws {GatewayError} for nesting deeper than 128 levels, and for an id or a name of more than 8,192 characters */
export function assertKeys (value: unknown): void {
  check(value, maxDepth, false, false)
}

function check (value: unknown, depth: number, isKey: boolean, isFree: boolean): void {
  if (typeof value !== 'object' || value === null) {
    if (isKey) assertShort(value)
    return
  }
  if (depth === 0) throw tooDeep()
  if (Array.isArray(value)) {
    for (const item of value) check(item, depth - 1, isKey, isFree)
    return
  }
  for (const name in value) {
    const child = (value as Record<string, unknown>)[name]
    if (typeof child === 'string') {
      if (child.length > maxNameLength && !isFree && keyFields.has(name)) throw keyTooLong()
    } else if (typeof child === 'object' && child !== null) {
      check(child, depth - 1, !isFree && keyFields.has(name), isFree || isFreeField(name, child))
    }
  }
}

/** As `assertKeys`, without the look at the depth, in short turns. */
export async function assertKeysInTurns (value: object): Promise<void> {
  const open: Frame[] = [toFrame(value, false, false)]
  let seen = 0
  for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
    if (frame.at === frame.length) {
      open.pop()
      continue
    }
    if (++seen % valuesOfTurn === 0) await nextTurn()
    const name = frame.names?.[frame.at] ?? ''
    const child: unknown = frame.names === null
      ? (frame.of as unknown[])[frame.at]
      : (frame.of as Record<string, unknown>)[name]
    frame.at++
    const isKey = frame.names === null ? frame.isKey : !frame.isFree && keyFields.has(name)
    if (typeof child === 'object' && child !== null) {
      open.push(toFrame(child, isKey, frame.isFree || (frame.names !== null && isFreeField(name, child))))
    } else if (isKey) assertShort(child)
  }
}

/** An array, whose `names` are null, or an object. */
interface Frame {
  readonly of: object
  readonly names: readonly string[] | null
  readonly length: number
  readonly isKey: boolean
  readonly isFree: boolean
  at: number
}

function toFrame (of: object, isKey: boolean, isFree: boolean): Frame {
  const names = Array.isArray(of) ? null : Object.keys(of)
  return { of, names, length: names === null ? (of as unknown[]).length : names.length, isKey, isFree, at: 0 }
}

function isFreeField (name: string, value: object): boolean {
  return freeFields.has(name) && !Array.isArray(value)
}

function assertShort (value: unknown): void {
  if (typeof value === 'string' && value.length > maxNameLength) throw keyTooLong()
}

function keyTooLong (): GatewayError {
  return new GatewayError('invalid_request', `An id or a name in the body has more than ${maxNameLength} characters.`)
}
