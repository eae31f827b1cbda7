// Reads JSON from outside, the same way on both runtimes. A leaf.
import { fromUtf8 } from './bytes.ts'
import { GatewayError } from './errors.ts'
import { assertShortKeys } from './json-keys.ts'
import { assertNarrow, maxDepth, maxNameLength, tooDeep } from './json-limits.ts'
import { atOnce } from './steps.ts'

export type JsonObject = Record<string, unknown>

/**
 * Reads a JSON object from a body. `__proto__` becomes an ordinary key.
 * @throws {GatewayError} `invalid_request` for anything else, for bytes that are not UTF-8, for nesting deeper
 *   than 128 levels, for an object of more than 10,000 keys, and for a name or an id of more than 8,192 characters
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
  if (text.length > maxNameLength) atOnce(assertShortKeys(value))
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

/**
 * As `JSON.parse`, for a text from outside that is not a whole body, such as the arguments of a call.
 * @throws {SyntaxError} for what is no JSON
 * @throws {GatewayError} for an object of more than 10,000 keys, and for a name of more than 8,192 characters
 */
export function parseJson (text: string): unknown {
  assertNarrow(text)
  return JSON.parse(text)
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
 * Parses the JSON of an object. Null for anything else, and for nesting deeper than 128 levels: a writer would overflow
 * its stack.
 */
export function parseObjectWithin (json: string): JsonObject | null {
  try {
    const value = parseJson(json)
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
