// Reads single fields of a client's body. A field that this proxy acts on must have the right type; null counts as
// absent.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'

/** @param param dotted path into the request */
export function invalid (param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param })
}

/** Null if absent. @throws {GatewayError} `invalid_request` for any other type */
export function readNumber (body: JsonObject, name: string): number | null {
  const value = body[name] ?? null
  if (value !== null && typeof value !== 'number') throw invalid(name, 'a number')
  return value
}

/** Null if absent. @throws {GatewayError} `invalid_request` for any other type */
export function readText (body: JsonObject, name: string): string | null {
  const value = body[name] ?? null
  if (value !== null && typeof value !== 'string') throw invalid(name, 'a string')
  return value
}

/** Null if absent. @throws {GatewayError} `invalid_request` for any other type */
export function readFlag (body: JsonObject, name: string): boolean | null {
  const value = body[name] ?? null
  if (value !== null && typeof value !== 'boolean') throw invalid(name, 'true or false')
  return value
}

/** Empty if absent. @throws {GatewayError} `invalid_request` for any other type */
export function readList (body: JsonObject, name: string): readonly unknown[] {
  const value = body[name] ?? []
  if (!Array.isArray(value)) throw invalid(name, 'an array')
  return value
}

/** @throws {GatewayError} `invalid_request` for anything but an object */
export function readObject (value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw invalid(path, 'an object')
  return value
}

/** Turns a client's name into a token of the loss ledger, which a header will contain. */
export function token (name: unknown): string {
  return typeof name === 'string' && /^[\w.-]{1,64}$/.test(name) ? name : 'unknown'
}
