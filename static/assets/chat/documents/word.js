// The text of a Word document as Markdown. mammoth makes HTML of it; the sanitiser makes elements of that, which never
// enter the page.
import { convertToHtml, images } from '/vendor/word.js'
import { sanitised } from '../markdown-library.js'
import { checkArchive } from './archive.js'
import { createText } from './limits.js'
import { toMarkdown } from './to-markdown.js'

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function readWord (bytes) {
  await checkArchive(bytes)
  let leftOut = 0
  const { value } = await convertToHtml({ arrayBuffer: bytes.buffer }, {
    convertImage: images.imgElement(async () => {
      leftOut++
      return { src: '' }
    }),
  })
  const text = createText()
  for (const block of toMarkdown(sanitised(value))) text.add(block)
  return { text: text.text(), pages: 0, leftOut }
}
