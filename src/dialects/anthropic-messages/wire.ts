// Messages on the wire: what several files of this folder read or write alike. What comes from outside is trusted nowhere.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'

/** The content of a message, or `system`: a string is one text block. */
export function blocksOf (content: unknown): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.filter(isObject) : []
}

export function list (value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

export function text (value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function numberOf (value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Upstream refuses these: text must be more than white space. */
export function isEmptyText (block: unknown): boolean {
  return isObject(block) && block['type'] === 'text' && text(block['text']).trim() === ''
}

export function isCached (block: JsonObject): boolean {
  return isObject(block['cache_control'])
}

/** Of what was parsed; nested deeper than a writer can follow, it is nothing of use. */
export function stringify (value: JsonObject): string {
  try { return JSON.stringify(value) } catch { return '{}' }
}

/** Each item as it fits, without those that come out null; the very same array when all fit already. */
export function mapSame<T> (items: T[], fit: (item: T, at: number) => T | null): T[] {
  const fitted = items.map(fit)
  return fitted.every((item, at) => item !== null && item === items[at]) ? items : fitted.filter(item => item !== null)
}

/** An event needs both its name and its type: SDKs go by the one or the other. */
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
  } catch { /* said below */ }
  throw new GatewayError('upstream_error', 'Copilot sent an event that is not JSON.')
}

export function cutOff (): GatewayError {
  return new GatewayError('upstream_error', 'upstream stream ended before completion')
}

/** Of a Claude's id, `claude-sonnet-4.6` → 4.6; 0 where there is none. */
export function versionOf (id: string): number {
  const [, after, before] = /^claude-(?:[a-z]+-(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)-)/.exec(id) ?? []
  return Number(after ?? before ?? 0)
}
