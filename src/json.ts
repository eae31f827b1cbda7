// Outside JSON, read one way on both runtimes. A leaf.
import { fromUtf8 } from './bytes.ts'
import { GatewayError } from './errors.ts'

export type JsonObject = Record<string, unknown>

const maxDepth = 128
const maxKeys = 10_000

/**
 * A JSON object from a body. `__proto__` comes out as an ordinary key; nothing here or behind ever assigns by such a name.
 * @throws {GatewayError} `invalid_request` for anything else, for bytes that are not UTF-8, for nesting deeper than 128,
 *   and for an object of more than 10,000 keys
 */
export function readJsonObject (bytes: Uint8Array): JsonObject {
  const value = parse(bytes)
  if (!isObject(value)) throw new GatewayError('invalid_request', 'The body must be a JSON object.')
  if (isDeeperThan(value, maxDepth)) throw new GatewayError('invalid_request', `The body is nested deeper than ${maxDepth} levels.`)
  return value
}

function parse (bytes: Uint8Array): unknown {
  try {
    const text = fromUtf8(bytes)
    if (isWiderThan(text, maxKeys)) throw new GatewayError('invalid_request', `An object of the body has more than ${maxKeys} keys.`)
    return JSON.parse(text)
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : new GatewayError('invalid_request', 'The body is not valid JSON.', { cause })
  }
}

/**
 * Half a million keys in one object hold up everyone for a second, most of it after the parsing, and no request has use
 * for so many. So they are counted before, from string to string: long texts cost next to nothing.
 */
function isWiderThan (text: string, keys: number): boolean {
  if (!hasMoreColons(text, keys)) return false
  /** Of the objects around the one that is open. */
  const outer: number[] = []
  let count = 0
  for (let at = 0; at < text.length && outer.length <= maxDepth; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:   // "
        at = closingQuote(text, at + 1)
        if (at === -1) return false   // no JSON, as its parser will say
        break
      case 0x7b: outer.push(count); count = 0; break   // {
      case 0x7d: count = outer.pop() ?? 0; break   // }
      case 0x3a: if (++count > keys) return true   // :
    }
  }
  return false
}

/** Each key has one. Nearly every body is done with here, at the pace at which a processor finds a byte. */
function hasMoreColons (text: string, most: number): boolean {
  let count = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) if (++count > most) return true
  return false
}

export const backslash = 0x5c
export const quote = 0x22

/** Where the string of JSON ends whose first character is at `from`: at the first quote that no odd number of backslashes escapes; -1 where it does not end. */
export function closingQuote (text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at
    while (before > from && text.charCodeAt(before - 1) === backslash) before--
    if ((at - before) % 2 === 0) return at
  }
  return -1
}

export function isObject (value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDeeperThan (value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  if (Array.isArray(value)) {
    for (const item of value) if (isDeeperThan(item, depth - 1)) return true
    return false
  }
  for (const key in value) if (isDeeperThan((value as JsonObject)[key], depth - 1)) return true
  return false
}
