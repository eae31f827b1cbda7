// Resolves references to earlier responses. Copilot stores none, but the Vercel AI SDK's default and several agents
// send `previous_response_id` or `item_reference`. `docs/spec/translation.md#response-store`.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { Resolved } from '../../contract/dialect.ts'
import type { References, RememberedItem, RememberedResponse, RememberedResponses } from '../../contract/memory.ts'
import { objects, readInput, text } from '../wire.ts'
import { listItems } from './normalise-listed-items.ts'

export function referencesOf ({ previous_response_id: previous, input }: JsonObject): References | null {
  const items = Array.isArray(input) ? input.filter(isReference).map(({ id }) => id) : []
  const responses = typeof previous === 'string' ? [previous] : []
  return items.length === 0 && responses.length === 0 ? null : { responses, items }
}

export function listInput ({ items, inputLength, response }: RememberedResponse): readonly JsonObject[] {
  return listItems(items.slice(0, inputLength), text(response['id']))
}

/**
 * Returns the same body if it contains no reference.
 * @param roomBytes how many bytes the references may add: one item may be referred to many times
 * @throws {GatewayError} `previous_response_not_found` or `item_not_found` (400) for an unknown or forgotten response,
 *   `request_too_large` (413)
 */
export function resolveReferences (body: JsonObject, remembered: RememberedResponses, roomBytes: number): Resolved {
  const { previous_response_id: previous = null, ...rest } = body
  const { input } = body
  if (previous === null && !(Array.isArray(input) && input.some(isReference))) return { body, added: 0 }
  const earlier = previous === null ? { items: [], size: 0 } : responseOf(previous, remembered)
  let added = within(roomBytes, earlier.size)
  const own = inputItems(input).map(item => {
    if (!isReference(item)) return item
    const found = itemOf(item.id, remembered)
    added = within(roomBytes, added + found.size)
    return found.item
  })
  return { body: { ...rest, input: [...earlier.items, ...own] }, added }
}

/**
 * Null if the client asks to store nothing, and has no connection that keeps it.
 * @param length the body's approximate size in bytes of JSON
 */
export function rememberResponse (
  body: JsonObject,
  length: number,
  remembered: RememberedResponses,
): ((response: JsonObject) => void) | null {
  const isStored = body['store'] !== false
  const keep = isStored ? remembered.keepResponse : remembered.keepForConnection
  if (keep === undefined) return null
  const input = inputItems(body['input'])
  return response => {
    const { id } = response
    if (typeof id !== 'string') return
    const { output: given, ...head } = response
    const output = objects(given)
    let size = length + JSON.stringify(head).length
    for (const item of output) {
      const itemSize = JSON.stringify(item).length + 1
      size += itemSize
      if (isStored && typeof item['id'] === 'string') remembered.keepItem(item['id'], { item, size: itemSize })
    }
    keep(id, { items: [...input, ...output], inputLength: input.length, response, size })
  }
}

/** @throws {GatewayError} */
function within (roomBytes: number, added: number): number {
  if (added <= roomBytes) return added
  throw new GatewayError('request_too_large',
    'The body exceeds MAX_BODY_BYTES once its references to earlier responses are replaced.', { param: 'input' })
}

function responseOf (id: unknown, remembered: RememberedResponses): RememberedResponse {
  const found = typeof id === 'string' ? remembered.response(id) : undefined
  if (found !== undefined) return found
  throw new GatewayError({ code: 'previous_response_not_found', status: 400 },
    'The previous response is not known here: this proxy keeps responses for an hour, in memory. Send store: '
      + 'false and the whole conversation instead.', { param: 'previous_response_id' })
}

function itemOf (id: string, remembered: RememberedResponses): RememberedItem {
  const found = remembered.item(id)
  if (found !== undefined) return found
  throw new GatewayError({ code: 'item_not_found', status: 400 },
    `Item with id '${id.slice(0, 80)}' not found. This proxy keeps items for an hour, in memory; `
      + 'send store: false and the whole conversation instead.', { param: 'input' })
}

/** `{"id":"…"}` without other fields is a reference too. */
function isReference (item: unknown): item is { readonly id: string } {
  if (!isObject(item) || typeof item['id'] !== 'string') return false
  return item['type'] === 'item_reference' || (item['type'] === undefined && Object.keys(item).length === 1)
}

function inputItems (input: unknown): readonly JsonObject[] {
  return readInput(input).filter(isObject)
}
