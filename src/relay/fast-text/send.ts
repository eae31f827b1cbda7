// Takes the values of an event whose shape is known, and writes the event that the client gets.
import { utf8 } from '../../bytes.ts'
import type { Decode } from '../../body.ts'
import { isUsual, readInteger } from './json-bytes.ts'
import { rewritten } from './output.ts'
import { counterAt, type Prefixed, type Shape, type Slot, type Written } from './shape.ts'
import { copyTo, reserve, type Target } from './target.ts'

/** Values that go out in other bytes than they came in, by their slot. */
type Replacements = Map<number, Uint8Array>

/** An event of a known shape: its place, and start and end of each of its values. */
interface Found {
  readonly bytes: Uint8Array
  readonly from: number
  readonly end: number
  readonly found: readonly number[]
}

/** Writes the event that the client gets into the target; nothing if it goes out as it came. */
export function sendEvent (shape: Shape, event: Found, decode: Decode, target: Target): void {
  const { written, prefixed, nextNumber, seen, read, isDropped } = shape
  const replacements = read.length === 0 ? null : readValues(shape, event, decode)
  if (seen !== null) seen()
  if (isDropped || replacements === 'dropped') return
  const number = nextNumber === null ? 0 : nextNumber()
  if (prefixed !== null) writePrefixed(prefixed, event, target)
  else if (written !== null) write(written, event, replacements, number, target)
}

function readValues (
  { slots, read, written }: Shape,
  { bytes, found }: Found,
  decode: Decode,
): Replacements | 'dropped' | null {
  let replacements: Replacements | null = null
  let isDropped = false
  for (const nth of read) {
    const slot = slots[nth]
    const from = found[2 * nth] ?? 0
    const to = found[2 * nth + 1] ?? 0
    if (slot === undefined) continue
    if (slot.takeInteger !== null) slot.takeInteger(readInteger(bytes, from, to))
    const body = readBody(slot, bytes, from, to, decode)
    if (!slot.isSent || body === null) continue
    if (body === '') isDropped ||= slot.kind === 'text'
    else if (written !== null) {
      replacements ??= new Map()
      replacements.set(nth, utf8(body))
    }
  }
  return isDropped ? 'dropped' : replacements
}

/** Takes a string. @returns the body of the JSON string to send, or null if its bytes may be copied */
function readBody (
  { takeText, kind }: Slot,
  bytes: Uint8Array,
  from: number,
  to: number,
  decode: Decode,
): string | null {
  if (kind === 'integer' || kind === 'json') return null
  if (takeText === null) return isUsual(bytes, from, to) ? null : rewritten(decode(bytes, from, to))
  const body = decode(bytes, from, to)
  const text = body.includes('\\') ? JSON.parse(`"${body}"`) as string : body
  const sent = takeText(text)
  return sent === text && (sent === body || isUsual(bytes, from, to)) ? null : JSON.stringify(sent).slice(1, -1)
}

function writePrefixed ({ prefix, skipped }: Prefixed, { bytes, from, end }: Found, target: Target): void {
  const at = reserve(target, prefix.length + end - from - skipped)
  target.bytes.set(prefix, at)
  target.bytes.set(bytes.subarray(from + skipped, end), at + prefix.length)
}

function write (
  { literals, length, fills }: Written,
  { bytes, found }: Found,
  replacements: Replacements | null,
  number: number,
  target: Target,
): void {
  let at = reserve(target, length + lengthOf(fills, found, replacements, number))
  const out = target.bytes
  for (let nth = 0; nth < literals.length; nth++) {
    const literal = literals[nth]
    const fill = fills[nth]
    if (literal === undefined) break
    out.set(literal, at)
    at += literal.length
    if (fill === undefined) break
    if (fill === counterAt) at = writeNumber(out, at, number)
    else {
      const other = replacements === null ? undefined : replacements.get(fill)
      at = other === undefined
        ? copyTo(out, at, bytes, found[2 * fill] ?? 0, found[2 * fill + 1] ?? 0)
        : copyTo(out, at, other, 0, other.length)
    }
  }
}

function lengthOf (
  fills: readonly number[],
  found: readonly number[],
  replacements: Replacements | null,
  number: number,
): number {
  let length = 0
  for (const fill of fills) {
    if (fill === counterAt) length += digitsOf(number)
    else {
      const other = replacements === null ? undefined : replacements.get(fill)
      length += other === undefined ? (found[2 * fill + 1] ?? 0) - (found[2 * fill] ?? 0) : other.length
    }
  }
  return length
}

function writeNumber (out: Uint8Array, start: number, number: number): number {
  const end = start + digitsOf(number)
  for (let at = end - 1, rest = number; at >= start; at--, rest = Math.floor(rest / 10)) out[at] = 0x30 + rest % 10
  return end
}

function digitsOf (number: number): number {
  let digits = 1
  for (let limit = 10; number >= limit; limit *= 10) digits++
  return digits
}
