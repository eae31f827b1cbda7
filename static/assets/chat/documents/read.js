// Reads the text of a document, by what is in the file and not by its name. Each kind has a library of its own, which
// is loaded with the first file of that kind.
import { maxFileBytes, Unreadable } from './limits.js'

/**
 * @typedef {'pdf' | 'word' | 'sheet' | 'slides'} Kind
 * @typedef {{ text: string, pages: number, leftOut: number }} Document `pages` are pages, sheets or slides,
 *   0 if the file has none; `leftOut` is the number of pictures, which are not read
 */

/**
 * @param {Blob} blob
 * @param {Kind} kind
 * @returns {Promise<Document>} throws `Unreadable` with the reason; anything else means that the file is damaged
 */
export async function readDocument (blob, kind) {
  if (blob.size > maxFileBytes) throw new Unreadable('chat.file.large', { most: '30 MB' })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const read = await load(kind).catch(() => {
    throw new Unreadable('chat.file.unloaded')
  })
  const found = await read(bytes)
  if (found.text.trim() === '') throw new Unreadable(kind === 'pdf' ? 'chat.file.scanned' : 'chat.file.wordless')
  return found
}

/** @typedef {(bytes: Uint8Array<ArrayBuffer>) => Promise<Document>} Read */

/**
 * @param {Kind} kind
 * @returns {Promise<Read>}
 */
async function load (kind) {
  switch (kind) {
    case 'pdf':
      return (await import('./pdf.js')).readPdf
    case 'word':
      return (await import('./word.js')).readWord
    case 'sheet':
      return (await import('./sheet.js')).readSheet
    case 'slides':
      return (await import('./slides.js')).readSlides
  }
}
