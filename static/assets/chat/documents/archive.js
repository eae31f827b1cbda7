// Looks at what an archive would unpack to, before it is unpacked.
import { unzipSync } from '/vendor/zip.js'
import { maxUnpackedBytes, Unreadable } from './limits.js'

/**
 * @param {Uint8Array} bytes
 * @param {(name: string) => boolean} [isWanted] the files to unpack; none without it
 * @returns {Promise<Readonly<Record<string, Uint8Array>>>} throws `Unreadable` if the whole archive is too large
 */
export async function checkArchive (bytes, isWanted = () => false) {
  let size = 0
  return unzipSync(bytes, {
    filter ({ name, originalSize }) {
      size += originalSize
      if (size > maxUnpackedBytes) throw new Unreadable('chat.file.bomb')
      return isWanted(name)
    },
  })
}
