// Makes LF of each end of a line, and drops the byte order mark at the beginning of a stream. LF, CR and CRLF all end a
// line. Nearly all streams have LF only, and their chunks stay the buffers that they are.
import { concatBytes } from '../bytes.ts'

export interface LineEnds {
  /** The chunk with LF only; the same buffer if nothing changes. */
  readonly normalise: (chunk: Uint8Array) => Uint8Array
  /** Whether nothing before the next chunk affects it. */
  readonly isClean: () => boolean
}

const [lineFeed, carriageReturn] = [0x0a, 0x0d]
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf)

export function createLineEnds (): LineEnds {
  /** How much of a byte order mark the stream began with, while there may be more of it; then null. */
  let marked: number | null = 0
  /** The last chunk ended in CR: a LF that comes next belongs to it. */
  let afterCr = false

  return {
    isClean: () => marked === null && !afterCr,
    normalise (chunk) {
      const bytes = marked === null ? chunk : withoutMark(chunk, marked)
      if (bytes.length === 0) return bytes
      const isSplit = afterCr && bytes[0] === lineFeed
      afterCr = bytes.at(-1) === carriageReturn
      const rest = isSplit ? bytes.subarray(1) : bytes
      return rest.includes(carriageReturn) ? toLf(rest) : rest
    },
  }

  function withoutMark (chunk: Uint8Array, known: number): Uint8Array {
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
