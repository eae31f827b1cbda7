// The text of a PDF, page by page, with PDF.js in a thread of its own.
import { getDocument, PDFWorker } from '/vendor/pdf.js'
import { startThread } from '../../lib/threads.js'
import { createText, Unreadable } from './limits.js'

/** @param {Uint8Array<ArrayBuffer>} data */
export async function readPdf (data) {
  const thread = startThread('/vendor/pdf-worker.js')
  const worker = new PDFWorker({ port: /** @type {any} */ (thread) })
  const task = getDocument({ data, worker, cMapUrl: '/vendor/cmaps/', cMapPacked: true, disableFontFace: true,
    useSystemFonts: false, useWasm: false, enableXfa: false, verbosity: 0 })
  const failed = new Promise((_resolve, reject) => {
    thread.addEventListener('error', () => reject(new Unreadable('chat.file.unloaded')))
  })
  try {
    const document = await /** @type {typeof task.promise} */ (Promise.race([task.promise, failed]))
    const text = createText()
    for (let page = 1; page <= document.numPages; page++) {
      const words = wordsOf((await (await document.getPage(page)).getTextContent()).items)
      if (words !== '') text.add(`[Page ${page}]\n${words}`)
    }
    return { text: text.text(), pages: document.numPages, leftOut: 0 }
  } catch (thrown) {
    throw isNamed(thrown, 'PasswordException') ? new Unreadable('chat.file.locked') : thrown
  } finally {
    await task.destroy().catch(() => {})
    thread.terminate()
  }
}

/** @param {readonly object[]} items */
function wordsOf (items) {
  let words = ''
  for (const item of items) {
    if ('str' in item && typeof item.str === 'string') words += item.str
    if ('hasEOL' in item && item.hasEOL === true) words += '\n'
  }
  // PDF.js writes a zero for a letter that it cannot name.
  return words.replaceAll('\0', '\uFFFD').replace(/[ \t]+\n/g, '\n').replace(/\n{3,}/g, '\n\n').trim()
}

/**
 * @param {unknown} thrown
 * @param {string} name
 */
function isNamed (thrown, name) {
  return thrown instanceof Error && thrown.name === name
}
