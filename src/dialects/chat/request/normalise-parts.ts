// Rewrites one Anthropic content block as a Chat part, and one tool result as a Chat message.
import { isObject, text, type JsonObject } from '../../../json.ts'

export type ForeignResult = JsonObject & { readonly type: 'tool_result' }

const foreignTypes = new Set<unknown>(['tool_use', 'tool_result', 'thinking', 'redacted_thinking', 'image', 'document',
  'input_text', 'output_text', 'input_image', 'input_file'])

const ownTypes = new Set<unknown>(['text', 'image_url', 'input_audio', 'file', 'refusal'])

/**
 * Also matches a text under an unknown type, a part without a type, an image as a bare URL, and Anthropic's cache mark,
 * which Copilot expects as a field of the message.
 */
export function isForeignPart (part: unknown): boolean {
  if (!isObject(part)) return false
  const { type, cache_control: mark, image_url: image, text } = part
  if (typeof text === 'string' && !ownTypes.has(type)) return true
  return foreignTypes.has(type) || mark !== undefined || type === undefined || type === null
    || (type === 'image_url' && typeof image === 'string')
}

/** A block without a Chat form stays unchanged: the decoder or upstream then reports it. */
export function toChatPart (block: unknown): JsonObject {
  if (!isObject(block)) return block as JsonObject
  const { cache_control: _mark, ...bare } = block
  switch (block['type'] ?? guessType(block)) {
    case 'text':
      return block['type'] === 'text' && block['cache_control'] === undefined ? block : { ...bare, type: 'text' }
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: block['text'] }
    case 'image_url':
    case 'input_image':
      return imageUrlPart(bare)
    case 'input_file':
      return filePart(block) ?? bare
    case 'image':
      return imagePart(block) ?? bare
    case 'document':
      return documentPart(block) ?? bare
    default:
      if (typeof block['text'] === 'string' && !ownTypes.has(block['type'])) {
        return { type: 'text', text: block['text'] }
      }
      return block['cache_control'] === undefined ? block : bare
  }
}

/** Guesses the type of a part that names none. */
function guessType ({ text, image_url: image }: JsonObject): string | null {
  if (typeof text === 'string') return 'text'
  return typeof image === 'string' || isObject(image) ? 'image_url' : null
}

/** In Responses, an image's URL is a string, and its detail is a separate field. */
function imageUrlPart (part: JsonObject): JsonObject {
  const { image_url: image, detail, ...rest } = part
  if (isObject(image)) return { ...rest, type: 'image_url', image_url: image }
  if (typeof image !== 'string') return part
  return { type: 'image_url', image_url: { url: image, ...(typeof detail === 'string' ? { detail } : {}) } }
}

/** Null for a file by URL, which Chat does not support. */
function filePart ({ file_data: data, file_id: id, filename }: JsonObject): JsonObject | null {
  if (typeof data !== 'string' && typeof id !== 'string') return null
  const named = typeof filename === 'string' ? { filename } : {}
  return { type: 'file', file: { ...named, ...(typeof data === 'string' ? { file_data: data } : { file_id: id }) } }
}

/** Turns Anthropic's instructions, a string or blocks, into the first message of a Chat conversation. */
export function toSystemMessages (system: unknown): readonly JsonObject[] {
  if (typeof system === 'string') return system === '' ? [] : [{ role: 'system', content: system }]
  const parts = Array.isArray(system) ? system.filter(isObject) : []
  if (parts.length === 0) return []
  const isMarked = parts.some(part => isObject(part['cache_control']))
  return [{ role: 'system', content: parts.map(toChatPart),
    ...(isMarked ? { copilot_cache_control: { type: 'ephemeral' } } : {}) }]
}

/**
 * Plain text becomes a string, which every backend accepts. Chat has no flag for a failed call, so the text says it.
 */
export function toResultMessage (result: ForeignResult): JsonObject {
  const { tool_use_id: id, content, is_error: isError } = result
  const blocks = Array.isArray(content) ? content.filter(isObject) : [{ type: 'text', text: text(content) }]
  const parts = blocks.map(block => block['type'] === 'tool_reference' ? referencePart(block) : toChatPart(block))
  const flagged = isError === true ? withError(parts) : parts
  const isText = flagged.every(part => part['type'] === 'text')
  return { role: 'tool', tool_call_id: id,
    content: isText ? flagged.map(part => text(part['text'])).join('\n') : flagged }
}

function withError (parts: readonly JsonObject[]): readonly JsonObject[] {
  const at = parts.findIndex(part => part['type'] === 'text')
  const first = text(parts[at]?.['text'])
  if (/^(?:[Ee]rror|<tool_use_error>)/.test(first)) return parts
  if (at === -1) return [{ type: 'text', text: 'Error' }, ...parts]
  return parts.map((part, index) => index === at ? { ...part, text: `Error: ${first}` } : part)
}

function referencePart ({ tool_name: name }: JsonObject): JsonObject {
  return { type: 'text', text: `Tools now available: ${text(name)}` }
}

function imagePart ({ source }: JsonObject): JsonObject | null {
  const url = urlOf(source, 'image/png')
  return url === null ? null : { type: 'image_url', image_url: { url } }
}

function documentPart ({ source, title }: JsonObject): JsonObject | null {
  if (isObject(source) && source['type'] === 'text' && typeof source['data'] === 'string') {
    return { type: 'text', text: typeof title === 'string' ? `${title}\n${source['data']}` : source['data'] }
  }
  const url = isObject(source) && source['type'] === 'base64' ? urlOf(source, 'application/pdf') : null
  return url === null
    ? null
    : { type: 'file', file: { ...(typeof title === 'string' ? { filename: title } : {}), file_data: url } }
}

function urlOf (source: unknown, fallback: string): string | null {
  if (!isObject(source)) return null
  if (source['type'] === 'url' && typeof source['url'] === 'string') return source['url']
  if (typeof source['data'] !== 'string') return null
  const mime = typeof source['media_type'] === 'string' ? source['media_type'] : fallback
  return `data:${mime};base64,${source['data']}`
}
