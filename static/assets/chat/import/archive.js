// ChatGPT's archive: the conversations, in one file or in numbered ones, and the pictures that they name.
import { t } from '../../lib/text.js'
import { newId } from '../conversation.js'
/** @import { FindImage } from './chatgpt.js' */

/** More than that, unpacked, is no list of chats that a page could hold. */
const maxBytes = 512 * 1_048_576
const imageTypes = new Map([['png', 'image/png'], ['jpg', 'image/jpeg'], ['jpeg', 'image/jpeg'], ['webp', 'image/webp'],
  ['gif', 'image/gif']])

/**
 * @param {Blob} file
 * @returns {Promise<{ texts: string[], findImage: FindImage }>}
 * @throws {Error} with a message for the user
 */
export async function openArchive (file) {
  const { unzipSync } = await import('/vendor/unzip.js')
  const packed = new Uint8Array(await file.arrayBuffer())
  /** @type {string[]} */
  const names = []
  /** @param {(name: string) => boolean} isWanted */
  const unpack = isWanted => {
    try {
      return unzipSync(packed, { filter: ({ name, originalSize }) => {
        if (!isWanted(name)) return false
        if (originalSize > maxBytes) throw new Error('too large')
        return true
      } })
    } catch {
      throw new Error(t('import.archive'))
    }
  }
  const lists = unpack(name => {
    names.push(name)
    return /(?:^|\/)conversations(?:-\d+)?\.json$/.test(name)
  })
  if (Object.keys(lists).length === 0) throw new Error(t('import.foreign'))
  const utf8 = new TextDecoder()
  return { texts: Object.entries(lists).sort(([a], [b]) => a < b ? -1 : 1).map(([, bytes]) => utf8.decode(bytes)),
    findImage }

  /** @type {FindImage} */
  function findImage (pointer) {
    // `file-service://file-abc` or `sediment://file_abc`; the archive has `file-abc-name.png` or `file_abc.png`.
    const id = /:\/\/(file[-_][\w-]+)$/.exec(pointer)?.[1]
    const path = id === undefined ? undefined : names.find(name => name.split('/').at(-1)?.startsWith(id))
    const type = imageTypes.get(path?.split('.').at(-1)?.toLowerCase() ?? '')
    if (path === undefined || type === undefined) return null
    const bytes = unpack(name => name === path)[path]
    if (bytes === undefined) return null
    return { id: newId(), kind: 'image', name: path.split('/').at(-1) ?? path, type, size: bytes.length,
      data: `data:${type};base64,${base64(bytes)}` }
  }
}

/** @param {Uint8Array} bytes */
function base64 (bytes) {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 32_768) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  }
  return window.btoa(binary)
}
