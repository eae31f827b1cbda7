// The text of a Word document as Markdown. mammoth makes HTML of it; the sanitiser makes elements of that, which never
// enter the page.
import { sanitised } from '../markdown-library.js'
import { createText } from './limits.js'
import { readOffice } from './office.js'
import { toMarkdown } from './to-markdown.js'

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function readWord (bytes) {
  const { html, leftOut } = await readOffice('word', bytes)
  const text = createText()
  for (const block of toMarkdown(sanitised(html))) text.add(block)
  return { text: text.text(), pages: 0, leftOut }
}
