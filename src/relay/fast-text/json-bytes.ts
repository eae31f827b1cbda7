// Finds the end of a JSON value in bytes. Stricter than a parser: a value that it accepts is valid JSON in valid UTF-8,
// without white space; everything else gets -1, and the caller takes the slow path.
import { backslash, quote } from '../../json-limits.ts'

const maxDepth = 16
const escapes = new Set([...'"\\/bfnrt'].map(char => char.charCodeAt(0)))
const [comma, colon, minus, plus, point, zero, nine] = [0x2c, 0x3a, 0x2d, 0x2b, 0x2e, 0x30, 0x39]
const words = ['true', 'false', 'null'].map(word => new TextEncoder().encode(word))

/** The closing quote of the string whose first character is at `from`. */
export function endOfString (bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length;) {
    const byte = bytes[at] ?? 0
    if (byte === quote) return at
    if (byte >= 0x20 && byte < 0x80 && byte !== backslash) at++
    else {
      const length = byte === backslash ? escapeLength(bytes, at) : characterLength(bytes, at, byte)
      if (length === 0) return -1
      at += length
    }
  }
  return -1
}

function escapeLength (bytes: Uint8Array, at: number): number {
  const next = bytes[at + 1] ?? 0
  if (next !== 0x75) return escapes.has(next) ? 2 : 0
  for (let digit = at + 2; digit < at + 6; digit++) if (!isHexDigit(bytes[digit] ?? 0)) return 0
  return 6
}

function isHexDigit (byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= zero && byte <= nine) || (lower >= 0x61 && lower <= 0x66)
}

/** The length of a character of two to four bytes; 0 if it is not UTF-8, or a control character: RFC 3629 section 4. */
function characterLength (bytes: Uint8Array, at: number, lead: number): number {
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  const second = bytes[at + 1] ?? 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let next = 2; next < length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** Whether `JSON.stringify` would write the string as it is. It writes no `\/`, and nearly no code of a character. */
export function isUsual (bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== backslash) continue
    const next = bytes[++at]
    if (next === 0x75 || next === 0x2f) return false
  }
  return true
}

/** The end of an integer of at most 15 digits, written as `JSON.stringify` does. */
export function endOfInteger (bytes: Uint8Array, from: number): number {
  const start = bytes[from] === minus ? from + 1 : from
  const to = endOfDigits(bytes, start)
  const isLong = to - start > 15
  const hasZero = bytes[start] === zero && (to - start > 1 || start > from)
  return to === start || isLong || hasZero ? -1 : to
}

export function readInteger (bytes: Uint8Array, from: number, to: number): number {
  const isNegative = bytes[from] === minus
  let value = 0
  for (let at = isNegative ? from + 1 : from; at < to; at++) value = value * 10 + (bytes[at] ?? zero) - zero
  return isNegative ? -value : value
}

/** The end of any value. */
export function endOfJson (bytes: Uint8Array, from: number, depth = 0): number {
  if (depth > maxDepth) return -1
  switch (bytes[from]) {
    case quote:
      return endOfQuoted(bytes, from)
    case 0x7b:
      return endOfList(bytes, from, 0x7d, at => endOfMember(bytes, at, depth))
    case 0x5b:
      return endOfList(bytes, from, 0x5d, at => endOfJson(bytes, at, depth + 1))
    default: {
      const word = words.find(each => each.every((byte, at) => bytes[from + at] === byte))
      return word === undefined ? endOfNumber(bytes, from) : from + word.length
    }
  }
}

function endOfQuoted (bytes: Uint8Array, from: number): number {
  const to = bytes[from] === quote ? endOfString(bytes, from + 1) : -1
  return to === -1 ? -1 : to + 1
}

function endOfMember (bytes: Uint8Array, from: number, depth: number): number {
  const at = endOfQuoted(bytes, from)
  return at === -1 || bytes[at] !== colon ? -1 : endOfJson(bytes, at + 1, depth + 1)
}

function endOfList (bytes: Uint8Array, from: number, closing: number, endOfItem: (at: number) => number): number {
  if (bytes[from + 1] === closing) return from + 2
  for (let at = from + 1;;) {
    at = endOfItem(at)
    if (at === -1) return -1
    if (bytes[at] === closing) return at + 1
    if (bytes[at++] !== comma) return -1
  }
}

function endOfNumber (bytes: Uint8Array, from: number): number {
  const start = bytes[from] === minus ? from + 1 : from
  let at = bytes[start] === zero ? start + 1 : endOfDigits(bytes, start)
  if (at === start) return -1
  if (bytes[at] === point) {
    const to = endOfDigits(bytes, at + 1)
    if (to === at + 1) return -1
    at = to
  }
  if (((bytes[at] ?? 0) | 0x20) !== 0x65) return at
  const sign = bytes[at + 1]
  const digits = sign === plus || sign === minus ? at + 2 : at + 1
  const to = endOfDigits(bytes, digits)
  return to === digits ? -1 : to
}

function endOfDigits (bytes: Uint8Array, from: number): number {
  let at = from
  while ((bytes[at] ?? 0) >= zero && (bytes[at] ?? 0) <= nine) at++
  return at
}
