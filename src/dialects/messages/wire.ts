// Messages on the wire: helpers that several files of this folder share. They trust no input.
import { GatewayError } from '../../errors.ts'
import { isObject, text, type JsonObject } from '../../json.ts'
import { sameOf } from '../../steps.ts'

export { list, text } from '../../json.ts'
export { cutOff } from '../shared/cut-off.ts'

/** The content of a message, or `system`: a string counts as one text block. */
export function blocksOf (content: unknown): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.filter(isObject) : []
}

export function numberOf (value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Upstream refuses empty texts and white space. */
export function isEmptyText (block: unknown): boolean {
  return isObject(block) && block['type'] === 'text' && text(block['text']).trim() === ''
}

export function isCached (block: JsonObject): boolean {
  return isObject(block['cache_control'])
}

/** Writes parsed JSON; gives `{}` for nesting too deep for a writer. */
export function stringify (value: JsonObject): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '{}'
  }
}

/** Maps each item and drops those that become null. Returns the same array if nothing changes. */
export function mapSame<T> (items: T[], fit: (item: T, at: number) => T | null): T[] {
  return sameOf(items, items.map(fit))
}

/** An event needs both its name and its type, because SDKs read one or the other. */
export function writeEvent (type: string, fields: JsonObject = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}

export function invalid (param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param })
}

/** @throws {GatewayError} `upstream_error` */
export function parseEvent (data: string): JsonObject {
  try {
    const value: unknown = JSON.parse(data)
    if (isObject(value)) return value
  } catch { /* The next line throws the error. */ }
  throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
}
