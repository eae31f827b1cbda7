// Tells what a file is by its first bytes, and for archives by the names in them. Pure.

/** @typedef {import('./read.js').Kind} Kind */
/** @typedef {import('../../lib/text.js').TextName} TextName */

const maxHeadBytes = 8
/** The names of an archive's files are at its end. */
const maxTailBytes = 1_048_576

/**
 * @param {Blob} blob
 * @returns {Promise<{ kind: Kind } | { problem: TextName } | null>} null if it may be text
 */
export async function kindOf (blob) {
  const head = await latin(blob.slice(0, maxHeadBytes))
  if (head.startsWith('%PDF-')) return { kind: 'pdf' }
  // Word's, Excel's and PowerPoint's old formats, and their new ones with a password.
  if (head.startsWith('\xD0\xCF\x11\xE0')) return { problem: 'chat.file.old' }
  if (head.startsWith('PK')) return kindOfArchive(await latin(blob.slice(-maxTailBytes)))
  return null
}

/**
 * @param {string} names the end of an archive
 * @returns {{ kind: Kind } | { problem: TextName }}
 */
function kindOfArchive (names) {
  if (names.includes('word/document.xml')) return { kind: 'word' }
  if (names.includes('xl/workbook.xml')) return { kind: 'sheet' }
  if (names.includes('ppt/presentation.xml')) return { kind: 'slides' }
  if (names.includes('content.xml') && names.includes('META-INF/manifest.xml')) return { problem: 'chat.file.odf' }
  if (names.includes('xl/workbook.bin')) return { problem: 'chat.file.old' }
  return { problem: 'chat.file.archive' }
}

/** @param {Blob} blob */
async function latin (blob) {
  return new TextDecoder('latin1').decode(await blob.arrayBuffer())
}
