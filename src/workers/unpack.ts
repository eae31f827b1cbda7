// Unpacks a request's body with the platform's DecompressionStream, which knows `gzip` and `deflate` everywhere, and
// `br` and `zstd` on newer platforms. docs/workers.md#node-and-workers-compared
import { concatBytes } from '../bytes.ts'
import type { Bytes, ReceivedHeaders } from '../contract.ts'
import { cannotUnpack, encodingOf, encodings, formatOf, unpackedLimit, unpacksTooLarge, type Encoding,
  type Format } from '../pipeline/encoding.ts'

const names: Readonly<Record<Format, string>> = { gzip: 'gzip', deflate: 'deflate', 'deflate-raw': 'deflate-raw',
  br: 'brotli', zstd: 'zstd' }
let known: readonly Encoding[] | null = null

export interface Unpacked {
  readonly bytes: Bytes
  /** Without the encoding. */
  readonly headers: ReceivedHeaders
}

/**
 * Gives a plain body back as it is.
 * @throws {GatewayError} `unsupported_media_type`, `request_too_large`, `invalid_request`
 */
export async function unpackBody (packed: Bytes, headers: ReceivedHeaders, maxBytes: number): Promise<Unpacked> {
  if (headers['content-encoding'] === undefined || packed.length === 0) return { bytes: packed, headers }
  known ??= encodings.filter(encoding => open(encoding) !== null)
  const encoding = encodingOf(headers, known)
  const stream = encoding === null ? null : open(formatOf(encoding, packed))
  if (encoding === null || stream === null) return { bytes: packed, headers }
  const limit = unpackedLimit(packed.length, maxBytes)
  const reader = new Blob([packed]).stream().pipeThrough(stream).getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown): never => {
      throw cannotUnpack(encoding, cause)
    })
    if (done) return { bytes: concatBytes(pieces), headers: { ...headers, 'content-encoding': undefined } }
    length += value.length
    if (length > limit) {
      reader.cancel().catch(() => {})
      throw unpacksTooLarge(limit, maxBytes)
    }
    pieces.push(value)
  }
}

/** Null if the platform does not know the format. */
function open (format: Format): ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource> | null {
  try {
    return new DecompressionStream(names[format] as CompressionFormat)
  } catch {
    return null
  }
}
