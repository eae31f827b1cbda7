// Reads JSON from outside, the same way on both runtimes. A leaf.
import { fromUtf8 } from './bytes.ts'
import { GatewayError } from './errors.ts'

export type JsonObject = Record<string, unknown>

export const maxDepth = 128
export const maxKeys = 10_000

/**
 * Reads a JSON object from a body. `__proto__` becomes an ordinary key.
 * @throws {GatewayError} `invalid_request` for anything else, for bytes that are not UTF-8, for nesting deeper than
 * 128,
 *   and for an object of more than 10,000 keys
 */
export function readJsonObject (bytes: Uint8Array): JsonObject {
  return readJsonText(decodeJson(bytes))
}

/** @throws {GatewayError} `invalid_request` for bytes that are not UTF-8 */
export function decodeJson (bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw invalidJson(cause)
  }
}

/** As `readJsonObject`. */
export function readJsonText (text: string): JsonObject {
  assertNarrow(text)
  const value = parse(text)
  if (!isObject(value)) throw new GatewayError('invalid_request', 'The body must be a JSON object.')
  if (isDeeperThan(value, maxDepth)) throw tooDeep()
  noteEscapes(value, text)
  return value
}

/** Long bodies whose text contains no escaped half of a surrogate pair. UTF-8 itself cannot contain one. */
const whole = new WeakSet<JsonObject>()
/** Characters. A look at each text of a shorter body costs less than an entry of the set. */
const shortText = 16_384
const halfEscape = /\\u[dD]/

export function noteEscapes (body: JsonObject, text: string): void {
  if (text.length < shortText) return
  if (!halfEscape.test(text)) whole.add(body)
}

/**
 * Whether no text in a received body can contain half a surrogate pair. Also false for a body that was changed later.
 */
export function isKnownWhole (body: JsonObject): boolean {
  return whole.has(body)
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidJson(cause)
  }
}

export function invalidJson (cause?: unknown): GatewayError {
  return new GatewayError('invalid_request', 'The body is not valid JSON.', { cause })
}

/**
 * Half a million keys in one object would block all requests for a second, mostly after the parsing, and no request
 * needs that many. So the keys are counted first, by jumping from string to string: long texts cost almost nothing.
 */
function assertNarrow (text: string): void {
  if (!hasMoreColons(text, maxKeys)) return
  /** Key counts of the enclosing objects. */
  const outer: number[] = []
  let count = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = closingQuote(text, at + 1)
        if (at === -1) return // Invalid JSON: the parser will throw.
        break
      case 0x7b: // {
        if (outer.push(count) > maxDepth) throw tooDeep() // Counting stops at this depth.
        count = 0
        break
      case 0x7d: // }
        count = outer.pop() ?? 0
        break
      case 0x3a: // :
        if (++count > maxKeys) throw tooWide()
    }
  }
}

export function tooWide (): GatewayError {
  return new GatewayError('invalid_request', `An object of the body has more than ${maxKeys} keys.`)
}

export function tooDeep (): GatewayError {
  return new GatewayError('invalid_request', `The body is nested deeper than ${maxDepth} levels.`)
}

/** Each key has a colon. Almost every body has so few that this fast search is enough. */
function hasMoreColons (text: string, most: number): boolean {
  let count = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) if (++count > most) return true
  return false
}

export const backslash = 0x5c
export const quote = 0x22

/**
 * The end of a JSON string whose first character is at `from`: the first quote that no odd number of backslashes
 * escapes; -1 if there is none.
 */
export function closingQuote (text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at
    while (before > from && text.charCodeAt(before - 1) === backslash) before--
    if ((at - before) % 2 === 0) return at
  }
  return -1
}

/**
 * Parses the JSON of an object. Null for anything else, and for nesting deeper than 128 levels: a writer would overflow
 * its stack.
 */
export function parseObjectWithin (json: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) && (json.length <= 2 * maxDepth || !isDeeperThan(value, maxDepth)) ? value : null
  } catch {
    return null
  }
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

/** The string, or '' for anything else. */
export function text (value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The array, or an empty one for anything else. */
export function list (value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The objects in an array; empty for anything else. */
export function objects (value: unknown): readonly JsonObject[] {
  return list(value).filter(isObject)
}
