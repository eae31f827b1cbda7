// The shape of an event: the bytes that all its kind have, and between them the values that differ.
import type { VaryingValue } from '../../dialects/contract/plain-event.ts'
import { backslash } from '../../json-limits.ts'
import { endOfInteger, endOfJson, endOfString, readInteger } from './json-bytes.ts'
import type { Range } from './locate.ts'
import { isSameAt, type Words } from './words.ts'

/** A value that differs. All slots have the same fields, so that the code that reads them stays fast. */
export interface Slot {
  /** The literal before it: its first byte in the shape's `words`, and its length. */
  readonly from: number
  readonly length: number
  readonly kind: VaryingValue['kind']
  /** The bytes that a string must not be. */
  readonly except: Uint8Array | null
  readonly accepts: ((value: number) => boolean) | null
  readonly takeText: ((text: string) => string) | null
  readonly takeInteger: ((value: number) => void) | null
  readonly isSent: boolean
}

/** How to write the client's event: literals, and between each two of them a slot's value or the next number. */
export interface Written {
  readonly literals: readonly Uint8Array[]
  /** The length of all literals. */
  readonly length: number
  /** Numbers of slots, or `counterAt`. */
  readonly fills: readonly number[]
}

/** Other bytes in front of upstream's, which go out as they came from `skipped` on. */
export interface Prefixed {
  readonly prefix: Uint8Array
  readonly skipped: number
}

export const counterAt = -1

export interface Shape {
  readonly slots: readonly Slot[]
  /** The event that it was learned from, where the literals are. */
  readonly words: Words
  /** The literal behind the last slot. */
  readonly last: Range
  /** What goes out. One of the two at most: if both are null, the event goes out as it came, or not at all. */
  readonly written: Written | null
  readonly prefixed: Prefixed | null
  readonly isDropped: boolean
  /** The slots whose values are read, and not only copied. */
  readonly read: readonly number[]
  readonly nextNumber: (() => number) | null
  readonly seen:
    | (() => void)
    | null
  /** The event without any of the values that may differ, and the values that are a part of the shape, by path. */
  readonly skeleton: string
  readonly steady: ReadonlyMap<string, string>
}

export function isKept ({ written, prefixed, isDropped }: Shape): boolean {
  return written === null && prefixed === null && !isDropped
}

/**
 * Finds the values of the event that begins at `from`, and puts the start and end of each into `found`.
 * @returns the end of the event, or -1 for an event of another shape
 */
export function matchShape (
  { slots, words, last }: Shape,
  { bytes, view }: Words,
  from: number,
  found: number[],
): number {
  let at = from
  for (let nth = 0; nth < slots.length; nth++) {
    const slot = slots[nth]
    if (slot === undefined || !isSameAt(view, at, words, slot.from, slot.length)) return -1
    const start = at + slot.length
    at = endOfSlot(slot, bytes, start)
    if (at === -1) return -1
    found[2 * nth] = start
    found[2 * nth + 1] = at
  }
  const length = last.to - last.from
  return isSameAt(view, at, words, last.from, length) ? at + length : -1
}

function endOfSlot ({ kind, except, accepts }: Slot, bytes: Uint8Array, from: number): number {
  switch (kind) {
    case 'text':
    case 'string': {
      const to = endOfString(bytes, from)
      const isRefused = (kind === 'text' && to === from) || (except !== null && mayBe(except, bytes, from, to))
      return isRefused ? -1 : to
    }
    case 'integer': {
      const to = endOfInteger(bytes, from)
      return to === -1 || accepts?.(readInteger(bytes, from, to)) === false ? -1 : to
    }
    case 'json':
      return endOfJson(bytes, from)
  }
}

/** A string with an escape may be any string: the slow path reads it. */
function mayBe (other: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === backslash) return true
  return isSame(bytes, from, to, other)
}

function isSame (bytes: Uint8Array, from: number, to: number, other: Uint8Array): boolean {
  if (to - from !== other.length) return false
  for (let at = 0; at < other.length; at++) if (bytes[from + at] !== other[at]) return false
  return true
}
