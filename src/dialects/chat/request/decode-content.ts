// Decodes the parts of a message's content. `docs/spec/translation.md#chat-messages`,
// `docs/spec/translation.md#content`.
import { textOfBase64 } from '../../../bytes.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { readSource, toInline } from '../../shared/media.ts'
import type { FileBlock, ImageBlock, TextBlock } from '../../contract/prompt.ts'
import { invalid, readObject, token } from './decode-fields.ts'

/** Leaves out empty texts. @throws {GatewayError} */
export function readContent (
  content: unknown,
  path: string,
  ledger: Ledger,
): ReadonlyArray<TextBlock | ImageBlock | FileBlock> {
  if (content === null || content === undefined || content === '') return []
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw invalid(path, 'a string or an array of parts')
  return content.map((part, at) => readPart(readObject(part, `${path}[${at}]`), `${path}[${at}]`, ledger)).filter(
    block => block.type !== 'text' || block.text !== ''
  )
}

/** @throws {GatewayError} */
export function readPart (part: JsonObject, path: string, ledger: Ledger): TextBlock | ImageBlock | FileBlock {
  const cache = isObject(part['prompt_cache_breakpoint']) ? { cache: true } : {}
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
      if (typeof part['text'] !== 'string') throw invalid(`${path}.text`, 'a string')
      return { type: 'text', text: part['text'], ...cache }
    case 'image_url':
      return { ...readImage(part['image_url'], `${path}.image_url`, ledger), ...cache }
    case 'file':
      return { ...readFile(readObject(part['file'], `${path}.file`), `${path}.file`, ledger), ...cache }
    case 'input_audio':
      return ledger.refuse(path, 'audio input')
    default:
      return typeof part['type'] === 'string'
        ? ledger.refuse(path, `a part of the type ${token(part['type'])}`)
        : fail(`${path}.type`)
  }
}

function readImage (image: unknown, path: string, ledger: Ledger): ImageBlock {
  const { url, detail, file_id: fileId } = isObject(image) ? image : { url: image }
  if (typeof url !== 'string' || url === '') {
    return typeof fileId === 'string' ? ledger.refuse(`${path}.file_id`, 'a file id') : fail(`${path}.url`)
  }
  return { type: 'image', source: readSource(url), detail: typeof detail === 'string' ? detail : null }
}

function readFile (
  { file_data: data, file_id: fileId, filename }: JsonObject,
  path: string,
  ledger: Ledger,
): FileBlock {
  const name = typeof filename === 'string' && filename !== '' ? filename : null
  if (typeof data !== 'string' || data === '') {
    return typeof fileId === 'string' ? ledger.refuse(`${path}.file_id`, 'a file id') : fail(`${path}.file_data`)
  }
  // The API documents plain base64; clients send a data URL.
  const source = data.startsWith('data:') ? readSource(data) : toInline('application/pdf', data)
  const text = 'mime' in source && source.mime.startsWith('text/') ? textOfBase64(source.data) : null
  return { type: 'file', source: text === null ? source : { text }, name }
}

function fail (path: string): never {
  throw invalid(path, 'what the API documents there')
}
