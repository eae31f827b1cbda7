// Bytes that grow while events are written into them.
import { allocate, encodeInto, utf8 } from '../../bytes.ts'

export interface Target {
  bytes: Uint8Array
  used: number
  /** The length to begin with, if more than one event may be written. */
  readonly expected: number
}

const none = new Uint8Array()

export function createTarget (expected: number): Target {
  return { bytes: none, used: 0, expected }
}

/** @returns where the next `length` bytes begin */
export function reserve (target: Target, length: number): number {
  const at = target.used
  target.used = at + length
  if (target.used > target.bytes.length) {
    const grown = allocate(Math.max(target.used, at === 0 ? target.expected : 2 * at))
    if (at > 0) grown.set(target.bytes.subarray(0, at))
    target.bytes = grown
  }
  return at
}

/** Empties the target. @returns what was written, or null */
export function takeWritten (target: Target): Uint8Array | null {
  const { bytes, used } = target
  target.bytes = none
  target.used = 0
  return used === 0 ? null : used === bytes.length ? bytes : bytes.subarray(0, used)
}

/** A loop is faster than `set` of a subarray for the few bytes that a value has. @returns the index behind them */
export function copyTo (out: Uint8Array, start: number, bytes: Uint8Array, from: number, to: number): number {
  let at = start
  for (let next = from; next < to; next++) out[at++] = bytes[next] ?? 0
  return at
}

export function writeBytes (target: Target, piece: Uint8Array): void {
  const at = reserve(target, piece.length)
  target.bytes.set(piece, at)
}

/** Nearly all texts are ASCII, and are encoded in place. */
export function writeText (target: Target, text: string): void {
  const at = reserve(target, text.length)
  if (encodeInto(text, target.bytes.subarray(at, target.used))) return
  target.used = at
  writeBytes(target, utf8(text))
}
