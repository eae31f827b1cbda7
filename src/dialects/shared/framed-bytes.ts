// What stands around the text of an event, as bytes: of an event that comes alone nothing but its text is ever decoded.
import { allocate, utf8 } from '../../bytes.ts'
import { backslash, quote } from '../../json.ts'
import type { TextWriter } from '../contract/dialect.ts'

/** Bytes to compare with, and the same as words of eight. */
export interface Literal {
  readonly bytes: Uint8Array
  readonly words: DataView
}
export interface FramedBytes {
  readonly before: Literal
  readonly behind: Literal
}

export function literalOf (text: string): Literal {
  const bytes = utf8(text)
  return { bytes, words: wordsOf(bytes) }
}

export function wordsOf ({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length)
}

/** A text between `before` and `behind`, in one; null where JSON writes a character of it in more than one byte. */
export function spliceText (before: Uint8Array, text: string, behind: Uint8Array): Uint8Array | null {
  const from = before.length
  const end = from + text.length
  const out = allocate(end + behind.length)
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at - from)
    if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return null
    out[at] = code
  }
  out.set(before)
  out.set(behind, end)
  return out
}

/** For text that stands, as a string of JSON, between the same again and again. @param said hears of each piece */
export function createTextWriter (before: string, behind: string, said: (text: string) => void): TextWriter {
  const [first, last] = [utf8(`${before}"`), utf8(`"${behind}`)]
  const write = (text: string): string => before + JSON.stringify(text) + behind
  return {
    write (text) {
      said(text)
      return write(text)
    },
    writeAlone (text) {
      said(text)
      return spliceText(first, text, last) ?? write(text)
    },
  }
}

/**
 * `before`, a number that is another one each time, and `behind`: the same bytes again as long as its digits are as
 * many.
 */
export function numberedBytes (before: string, behind: string): (number: number) => Uint8Array {
  let bytes = utf8('')
  let digits = 0
  const start = utf8(before).length
  return number => {
    if (number < 10 ** (digits - 1) || number >= 10 ** digits) {
      digits = String(number).length
      bytes = utf8(before + String(number) + behind)
      return bytes
    }
    for (let at = start + digits - 1, rest = number; at >= start; at--, rest = Math.floor(rest / 10)) {
      bytes[at] = 0x30 + rest % 10
    }
    return bytes
  }
}

/**
 * Where the text ends of a piece that is one event with this frame, and no more; else -1. It begins where `before`
 * ends.
 */
export function textEndIn (piece: Uint8Array, { before, behind }: FramedBytes): number {
  const from = before.bytes.length
  if (piece.length < from + behind.bytes.length) return -1
  const words = wordsOf(piece)
  if (!standsIn(words, 0, before)) return -1
  const to = closingQuoteIn(piece, from)
  return to !== -1 && to + behind.bytes.length === piece.length && standsIn(words, to, behind) ? to : -1
}

/**
 * Whether a literal stands there, within the piece. Eight bytes are compared as one floating point number: no integer
 * of that size is as quick in JavaScript. Those that are no number equal nothing, and then the longer way is taken; the
 * two zeros, which are equal, do not occur in text.
 */
export function standsIn (piece: DataView, from: number, { bytes, words }: Literal): boolean {
  const last = bytes.length - 8
  for (let at = 0; at < last; at += 8) if (piece.getFloat64(from + at) !== words.getFloat64(at)) return false
  if (last >= 0) return piece.getFloat64(from + last) === words.getFloat64(last) // perhaps some bytes once more
  for (let at = 0; at < bytes.length; at++) if (piece.getUint8(from + at) !== bytes[at]) return false
  return true
}

/** Where the string of JSON ends whose first byte is at `from`; -1 where it does not, or holds what no string may. */
export function closingQuoteIn (piece: Uint8Array, from: number): number {
  for (let at = from; at < piece.length; at++) {
    const byte = piece[at] ?? 0
    if (byte === quote) return at
    if (byte < 0x20) return -1
    if (byte === backslash && (piece[++at] ?? 0) < 0x20) return -1
  }
  return -1
}
