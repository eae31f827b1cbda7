// Decodes the parts of messages and of tool results. `docs/spec/translation.md#content`.
import { textOfBase64 } from '../../../bytes.ts'
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { readSource, toInline } from '../../shared/media.ts'
import type { FileBlock, ImageBlock, RefusalBlock, TextBlock } from '../../contract/prompt.ts'
import { proseOf, unreadable } from '../wire-encrypted-part.ts'
import { isGiven, text } from '../wire.ts'

export type Content =
  | TextBlock
  | ImageBlock
  | FileBlock

/**
 * @param at its path in the request
 * @throws {GatewayError} for anything that is no content, and for what cannot be resolved
 */
export function decodeContent (content: unknown, at: string, ledger: Ledger): readonly (Content | RefusalBlock)[] {
  if (!isGiven(content)) return []
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  if (!Array.isArray(content)) {
    throw new GatewayError('invalid_request', `\`${at}\` must be a text or an array of parts.`, { param: at })
  }
  return content.flatMap((part, index) => decodePart(part, `${at}[${index}]`, ledger))
}

function decodePart (part: unknown, at: string, ledger: Ledger): readonly (Content | RefusalBlock)[] {
  if (typeof part === 'string') return [{ type: 'text', text: part }]
  if (!isObject(part)) throw new GatewayError('invalid_request', `\`${at}\` must be an object.`, { param: at })
  const type = text(part['type'])
  switch (type) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
    case 'reasoning_text':
      return text(part['text']) === '' ? [] : [{ type: 'text', text: text(part['text']) }]
    case 'refusal':
      return text(part['refusal']) === '' ? [] : [{ type: 'refusal', text: text(part['refusal']) }]
    case 'input_image':
    case 'image_url':
      return [decodeImage(part, at, ledger)]
    case 'input_file':
      return [decodeFile(part, at, ledger)]
    case 'encrypted_content': {
      const prose = proseOf(part)
      if (prose === null) ledger.lose('encrypted_content')
      return [{ type: 'text', text: prose ?? unreadable }]
    }
    case 'input_audio':
      return ledger.refuse(`${at}.input_audio`, 'Audio')
    default:
      // A newer kind of text, unknown to this list.
      if (text(part['text']) !== '') return [{ type: 'text', text: text(part['text']) }]
      throw new GatewayError('invalid_request', `\`${at}.type\` is not a kind of content: ${type.slice(0, 64)}.`, {
        param: `${at}.type`,
      })
  }
}

function decodeImage (part: JsonObject, at: string, ledger: Ledger): ImageBlock {
  const nested = isObject(part['image_url']) ? part['image_url'] : {}
  const url = text(part['image_url']) || text(nested['url'])
  if (url === '' && isGiven(part['file_id'])) ledger.refuse(`${at}.file_id`, 'An image by file id')
  if (url === '') {
    throw new GatewayError('invalid_request', `\`${at}.image_url\` must be a URL.`, { param: `${at}.image_url` })
  }
  return { type: 'image', source: readSource(url), detail: text(part['detail']) || text(nested['detail']) || null }
}

function decodeFile (part: JsonObject, at: string, ledger: Ledger): FileBlock {
  const name = text(part['filename']) || null
  const data = text(part['file_data'])
  if (data !== '') return { type: 'file', name, source: fileSource(data) }
  if (text(part['file_url']) !== '') return { type: 'file', name, source: { url: text(part['file_url']) } }
  if (isGiven(part['file_id'])) ledger.refuse(`${at}.file_id`, 'A file by its id')
  throw new GatewayError('invalid_request', `\`${at}\` must have file_data or file_url.`, { param: at })
}

/** Decodes text files to text and keeps other bytes. Some clients leave out `data:`. */
function fileSource (data: string): FileBlock['source'] {
  const source = data.startsWith('data:')
    ? readSource(data)
    : toInline(data.startsWith('JVBERi') ? 'application/pdf' : 'application/octet-stream', data)
  if ('url' in source || !/^(?:text\/|application\/(?:json|xml|yaml|javascript))/.test(source.mime)) return source
  const words = textOfBase64(source.data)
  return words === null ? source : { text: words }
}
