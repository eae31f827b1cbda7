// Unpacks a request's body with Node's zlib, in its thread pool. While it does, the whole size that the body may have
// counts as used memory.
import { constants, brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress, type ZlibOptions } from 'node:zlib'
import type { Bytes, ReceivedHeaders } from '../contract.ts'
import { cannotUnpack, encodingOf, formatOf, unpackedLimit, unpacksTooLarge,
  type Format } from '../pipeline/encoding.ts'
import type { BodyReader } from './body.ts'

type Done = (error: Error | null, body?: Bytes) => void
type Unpack = (packed: Bytes, options: ZlibOptions, done: (error: Error | null, body: Buffer) => void) => void

/** RFC 9659: a body in zstd needs no window above 8 MiB. Without a limit, a few bytes could ask for 128 MiB. */
const zstdWindow = { [constants.ZSTD_d_windowLogMax]: 23 }
const unpackers: Readonly<Record<Format, Unpack>> = {
  gzip: gunzip,
  deflate: inflate,
  'deflate-raw': inflateRaw,
  br: brotliDecompress,
  zstd: (packed, { maxOutputLength }, done) => {
    zstdDecompress(packed, { maxOutputLength, params: zstdWindow }, done)
  },
}

export interface Packed {
  readonly headers: ReceivedHeaders
  readonly maxBytes: number
  /** Receives a function to call when the body is no longer needed. */
  readonly onRelease: (release: () => void) => void
  /** Called before `done` with an unpacked body. */
  readonly onUnpacked: () => void
}

/** Passes a plain body on. Calls `done` once. */
export function unpackBody (bodies: Pick<BodyReader, 'hold'>, packed: Bytes, call: Packed, done: Done): void {
  const { headers, maxBytes, onRelease, onUnpacked } = call
  try {
    const encoding = encodingOf(headers)
    if (encoding === null || packed.length === 0) return done(null, packed)
    const limit = unpackedLimit(packed.length, maxBytes)
    const release = bodies.hold(limit)
    unpackers[formatOf(encoding, packed)](packed, { maxOutputLength: limit }, (error, body) => {
      release()
      if (error !== null) {
        const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        return done(isLarge ? unpacksTooLarge(limit, maxBytes) : cannotUnpack(encoding, error))
      }
      onRelease(bodies.hold(body.length))
      onUnpacked()
      done(null, body as Bytes)
    })
  } catch (thrown) {
    done(thrown as Error)
  }
}
