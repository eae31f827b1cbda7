// Makes LF of each end of a line, and drops the byte order mark at the beginning of a stream. LF, CR and CRLF all end a
// line. Nearly all streams have LF only, and their chunks stay the buffers that they are.
import { concatBytes } from '../bytes.ts'

export interface LineEnds {
  /** The chunk without the mark. Every chunk of a stream passes here, in their order. */
  readonly withoutMark: (chunk: Uint8Array) => Uint8Array
  /** The bytes with LF only; the same buffer if nothing changes. Bytes without CR need not pass here. */
  readonly normalise: (bytes: Uint8Array) => Uint8Array
  /** Whether the last byte was a CR, so that a LF that comes next belongs to it. */
  readonly isAfterCr: () => boolean
}

export const [lineFeed, carriageReturn] = [0x0a, 0x0d]
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf)

export function createLineEnds (): LineEnds {
  /** How much of a byte order mark the stream began with, while there may be more of it; then null. */
  let marked: number | null = 0
  let afterCr = false

  return {
    isAfterCr: () => afterCr,
    normalise (bytes) {
      const isSplit = afterCr && bytes[0] === lineFeed
      afterCr = bytes.at(-1) === carriageReturn
      const rest = isSplit ? bytes.subarray(1) : bytes
      return rest.includes(carriageReturn) ? toLf(rest) : rest
    },
    withoutMark: chunk => marked === null ? chunk : strip(chunk, marked),
  }

  function strip (chunk: Uint8Array, known: number): Uint8Array {
    let length = known
    let at = 0
    while (length < 3 && at < chunk.length && chunk[at] === byteOrderMark[length]) {
      length++
      at++
    }
    marked = length < 3 && at === chunk.length ? length : null
    const rest = chunk.subarray(at)
    return marked !== null || length === 3 || length === 0
      ? at === 0 ? chunk : rest
      : concatBytes([byteOrderMark.subarray(0, length), rest])
  }
}

function toLf (bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === lineFeed && bytes[at - 1] === carriageReturn) continue
    out[length++] = byte === carriageReturn ? lineFeed : byte
  }
  return out.subarray(0, length)
}
