// Decodes parts that both a turn and the result of a function may contain. `docs/spec/gemini.md#parts`.
import { textOfBase64 } from '../../../bytes.ts'
import type { JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { FileBlock, ImageBlock, Inline, Remote, TextBlock } from '../../contract/prompt.ts'
import { toInline } from '../../shared/media.ts'
import { camelOf, fieldsOf, given, mustBe, text } from '../wire.ts'

export interface ContentContext {
  readonly ledger: Ledger
  /** Of images, by the client's setting. */
  readonly detail: string | null
}
type Content =
  | TextBlock
  | ImageBlock
  | FileBlock

/** Fields next to a part's data. */
const about = new Set(['text', 'thought', 'thoughtSignature', 'videoMetadata', 'mediaResolution', 'partMetadata'])

/** @param path of the part, for error messages */
export function decodePart (part: JsonObject, path: string, context: ContentContext): Content[] {
  const { ledger } = context
  for (const name of ['videoMetadata', 'mediaResolution', 'partMetadata']) {
    if (given(part, name) !== undefined) ledger.lose(`contents.parts.${name}`)
  }
  const words = text(part['text'])
  if (words !== '') return [{ type: 'text', text: words }]
  if (given(part, 'inlineData') !== undefined) return [decodeInline(fieldsOf(part, 'inlineData'), path, context)]
  if (given(part, 'fileData') !== undefined) return [decodeRemote(fieldsOf(part, 'fileData'), path, context)]
  return decodeExecution(part, ledger)
}

function decodeInline (blob: JsonObject, path: string, { ledger, detail }: ContentContext): ImageBlock | FileBlock {
  const { data } = blob
  const declared = text(given(blob, 'mimeType'))
  if (typeof data !== 'string' || data === '') throw mustBe(`${path}.inlineData.data`, 'base64')
  // Python's SDK writes base64url, which upstream does not take.
  const source: Inline = toInline(declared, data.replaceAll('-', '+').replaceAll('_', '/'))
  refuseSound(source.mime, path, ledger)
  const name = text(given(blob, 'displayName')) || null
  if (source.mime.startsWith('image/')) return { type: 'image', source, detail }
  const words = source.mime.startsWith('text/') ? textOfBase64(source.data) : null
  return { type: 'file', source: words === null ? source : { text: words }, name }
}

function decodeRemote (file: JsonObject, path: string, { ledger, detail }: ContentContext): ImageBlock | FileBlock {
  const url = text(given(file, 'fileUri'))
  const mime = text(given(file, 'mimeType')).toLowerCase()
  if (!/^https?:\/\//i.test(url) || isOfGoogle(url)) {
    ledger.refuse(`${path}.fileData.fileUri`, "A file of Google's storage")
  }
  refuseSound(mime, path, ledger)
  const source: Remote = { url }
  return mime.startsWith('image/')
    ? { type: 'image', source, detail }
    : { type: 'file', source, name: text(given(file, 'displayName')) || null }
}

/** Files that were uploaded to Google, and videos: only Google reads those. */
function isOfGoogle (url: string): boolean {
  return /^https?:\/\/(?:generativelanguage\.googleapis\.com|(?:www\.|m\.)?youtube\.com|youtu\.be)(?:[/:?#]|$)/i.test(
    url,
  )
}

function refuseSound (mime: string, path: string, ledger: Ledger): void {
  if (/^(?:audio|video)\//.test(mime)) ledger.refuse(path, 'Sound and video')
}

/** What Google's servers ran in an earlier turn. */
function decodeExecution (part: JsonObject, ledger: Ledger): TextBlock[] {
  for (const name of Object.keys(part)) {
    const camel = camelOf(name)
    if (about.has(camel) || part[name] === null) continue
    ledger.lose(`contents.parts.${camel}`)
    if (camel === 'executableCode') {
      const { language, code } = fieldsOf(part, 'executableCode')
      return [{ type: 'text', text: `\`\`\`${text(language).toLowerCase()}\n${text(code)}\n\`\`\`` }]
    }
    if (camel === 'codeExecutionResult') {
      const { outcome, output } = fieldsOf(part, 'codeExecutionResult')
      return [{ type: 'text', text: `${text(outcome)}\n${text(output)}`.trim() }]
    }
  }
  return []
}
