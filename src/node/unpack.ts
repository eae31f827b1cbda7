// Unpacks a request's body with Node's zlib, in its thread pool. What comes out counts as used memory, piece by piece.
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw,
  createZstdDecompress } from 'node:zlib'
import type { Bytes, ReceivedHeaders } from '../contract.ts'
import { ClientGone } from '../errors.ts'
import { cannotUnpack, encodingOf, formatOf, hasLeftover, unpackedLimit, unpacksTooLarge, type Encoding,
  type Format } from '../pipeline/encoding.ts'
import type { BodyReader } from './body.ts'
import type { RequestEnd } from './request-end.ts'

type Done = (error: Error | null, body?: Bytes) => void
type Unpacker = ReturnType<typeof createGunzip>

/** RFC 9659: a body in zstd needs no window above 8 MiB. Without a limit, a few bytes could ask for 128 MiB. */
const zstdWindow = { [constants.ZSTD_d_windowLogMax]: 23 }
const unpackers: Readonly<Record<Format, () => Unpacker>> = {
  gzip: createGunzip,
  deflate: createInflate,
  'deflate-raw': createInflateRaw,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress({ params: zstdWindow }),
}

export interface Packed {
  readonly headers: ReceivedHeaders
  readonly maxBytes: number
  readonly atEnd: RequestEnd
  /** Called before `done` with an unpacked body. */
  readonly onUnpacked: () => void
}

/** Passes a plain body on, and an empty one. Calls `done` once; with `ClientGone` if the request ends before. */
export function unpackBody (bodies: Pick<BodyReader, 'hold'>, packed: Bytes, call: Packed, done: Done): void {
  try {
    const encoding = packed.length === 0 ? null : encodingOf(call.headers)
    if (encoding === null) done(null, packed)
    else unpack(bodies, packed, encoding, call, done)
  } catch (thrown) {
    done(thrown as Error)
  }
}

function unpack (
  bodies: Pick<BodyReader, 'hold'>,
  packed: Bytes,
  encoding: Encoding,
  { maxBytes, atEnd, onUnpacked }: Packed,
  done: Done,
): void {
  const limit = unpackedLimit(packed.length, maxBytes)
  const unpacker = unpackers[formatOf(encoding, packed)]()
  const held = bodies.hold()
  const pieces: Buffer[] = []
  let isOver = false
  // Lets go of all but the body: the request keeps this function until its end.
  function finish (error: Error | null, body?: Bytes): void {
    if (error !== null) held.release()
    if (isOver) return
    isOver = true
    pieces.length = 0
    unpacker.destroy()
    if (error === null) onUnpacked()
    done(error, body)
  }
  unpacker.on('data', (piece: Buffer) => {
    pieces.push(piece)
    const refusal = held.add(piece.length)
    if (held.bytes() > limit) finish(unpacksTooLarge(limit, maxBytes))
    else if (refusal !== null) finish(refusal)
  }).on('end', () => {
    if (unpacker.bytesWritten < packed.length) finish(hasLeftover(encoding))
    else finish(null, Buffer.concat(pieces, held.bytes()))
  }).on('error', cause => {
    finish(cannotUnpack(encoding, cause))
  })
  atEnd.add(() => {
    finish(new ClientGone())
  })
  if (!isOver) unpacker.end(packed)
}
