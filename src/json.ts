// Outside JSON, read one way on both runtimes. A leaf.
import { fromUtf8 } from './bytes.ts'
import { GatewayError } from './errors.ts'

export type JsonObject = Record<string, unknown>

const maxDepth = 128

/**
 * A JSON object from a body. `__proto__` comes out as an ordinary key; nothing here or behind ever assigns by such a name.
 * @throws {GatewayError} `invalid_request` for anything else, for bytes that are not UTF-8, and for nesting deeper than 128
 */
export function readJsonObject (bytes: Uint8Array): JsonObject {
  const value = parse(bytes)
  if (!isObject(value)) throw new GatewayError('invalid_request', 'The body must be a JSON object.')
  if (isDeeperThan(value, maxDepth)) throw new GatewayError('invalid_request', `The body is nested deeper than ${maxDepth} levels.`)
  return value
}

function parse (bytes: Uint8Array): unknown {
  try { return JSON.parse(fromUtf8(bytes)) } catch (cause) {
    throw new GatewayError('invalid_request', 'The body is not valid JSON.', { cause })
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
