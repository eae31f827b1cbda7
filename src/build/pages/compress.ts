// Each text file once more, packed by Brotli and gzip. Node sends them as they are; Cloudflare packs by itself.
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const texts = /\.(?:html|js|css|svg|webmanifest|txt|json)$/
/** Below it, what packing saves is less than what its header costs. */
const leastBytes = 512

/** @returns by the name's ending; none if the file is small or already packed */
export async function packed (name: string, content: Uint8Array): Promise<readonly (readonly [string, Buffer])[]> {
  if (!texts.test(name) || content.length < leastBytes) return []
  const [br, gz] = await Promise.all([promisify(brotliCompress)(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  }), promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION })])
  return [['.br', br], ['.gz', gz]]
}
