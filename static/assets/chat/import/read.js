// Reads the file that the user imports: an export of this page, of ChatGPT (also in its archive) or of Open WebUI.
import { t } from '../../lib/text.js'
import { isExport, readExport } from '../transfer.js'
import { openArchive } from './archive.js'
import { isChatGpt, readChatGpt } from './chatgpt.js'
import { fieldsOf } from './fields.js'
import { isOpenWebUi, readOpenWebUi } from './open-webui.js'
import { createSkips } from './skips.js'
/** @import { Conversation } from '../../types.d.ts' */
/** @import { FindImage } from './chatgpt.js' */
/** @import { Skips } from './skips.js' */

/** Long work pauses this often, so that the page stays usable. */
const pauseEvery = 20

/**
 * @param {Blob} file
 * @param {string} user the new owner
 * @returns {Promise<{ conversations: Conversation[], skips: Skips }>}
 * @throws {Error} with a message for the user if the file is none of these
 */
export async function readFile (file, user) {
  const skips = createSkips()
  const conversations = []
  const { values, findImage } = await openFile(file)
  for (const value of values) conversations.push(...await readValue(value, user, skips, findImage))
  return { conversations, skips }
}

/**
 * @param {Blob} file
 * @returns {Promise<{ values: unknown[], findImage: FindImage }>}
 */
async function openFile (file) {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  // "PK", with which every zip archive begins.
  if (start[0] === 0x50 && start[1] === 0x4b) {
    const { texts, findImage } = await openArchive(file)
    return { values: texts.map(parse), findImage }
  }
  return { values: [parse(await file.text())], findImage: () => null }
}

/** @param {string} text */
function parse (text) {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(t('import.not-json'))
  }
}

/**
 * @param {unknown} value
 * @param {string} user
 * @param {Skips} skips
 * @param {FindImage} findImage
 */
async function readValue (value, user, skips, findImage) {
  if (isExport(value)) return readExport(value, user, skips)
  // One chat alone, as Open WebUI's menu of a chat and some helpers of ChatGPT save it.
  const list = Array.isArray(value) ? value : [value]
  const read = isChatGpt(list) ? readChatGpt : isOpenWebUi(list) ? readOpenWebUi : null
  if (read === null) throw new Error(t('import.foreign'))
  /** @type {Conversation[]} */
  const conversations = []
  for (const [at, one] of list.entries()) {
    const conversation = read(fieldsOf(one), user, skips, findImage)
    if (conversation !== null) conversations.push(conversation)
    if (at % pauseEvery === pauseEvery - 1) await new Promise(resolve => setTimeout(resolve))
  }
  return conversations
}
