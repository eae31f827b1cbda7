// Bytes that are compared eight at a time.

export interface Literal {
  readonly bytes: Uint8Array
  readonly words: DataView
}

export function toLiteral (bytes: Uint8Array): Literal {
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
}

/**
 * Whether the literal is at `from`. Eight bytes are compared as one floating point number, because no integer of that
 * size is as fast in JavaScript. A pattern that is no number equals nothing, so such an event counts as different. The
 * two zeros, which are equal, do not occur in text.
 */
export function isLiteralAt (piece: DataView, from: number, { bytes, words }: Literal): boolean {
  if (from + bytes.length > piece.byteLength) return false
  const last = bytes.length - 8
  for (let at = 0; at < last; at += 8) if (piece.getFloat64(from + at) !== words.getFloat64(at)) return false
  if (last >= 0) return piece.getFloat64(from + last) === words.getFloat64(last) // may compare some bytes twice
  for (let at = 0; at < bytes.length; at++) if (piece.getUint8(from + at) !== bytes[at]) return false
  return true
}
