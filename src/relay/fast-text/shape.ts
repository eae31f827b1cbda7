// The shape of an event: the bytes that all its kind have, and between them the values that differ.
import type { VaryingValue } from '../../dialects/contract/plain-event.ts'
import { backslash } from '../../json.ts'
import { endOfInteger, endOfJson, endOfString, readInteger } from './json-bytes.ts'
import { isLiteralAt, type Literal } from './literal.ts'

/** A value that differs. All slots have the same fields, so that the code that reads them stays fast. */
export interface Slot {
  /** The bytes before it. */
  readonly before: Literal
  readonly kind: VaryingValue['kind']
  /** The bytes that a string must not be. */
  readonly except: Uint8Array | null
  readonly accepts: ((value: number) => boolean) | null
  readonly takeText: ((text: string) => string) | null
  readonly takeInteger: ((value: number) => void) | null
  readonly isSent: boolean
}

/** How to write the client's event: literals, and between each two of them a slot's value or the next number. */
export interface Output {
  readonly literals: readonly Uint8Array[]
  /** The length of all literals. */
  readonly length: number
  /** Numbers of slots, or `counterAt`. */
  readonly fills: readonly number[]
  /** Whether the values go out as they came. Otherwise strings are written as `JSON.stringify` does. */
  readonly isVerbatim: boolean
}

export const counterAt = -1

export interface Shape {
  readonly slots: readonly Slot[]
  /** The bytes behind the last slot. */
  readonly last: Literal
  /** Null if the event goes out as it came, `dropped` if it does not go out. */
  readonly output:
    | Output
    | 'dropped'
    | null
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

/**
 * Where the values are in the event that begins at `from`: start and end of each, then the end of the event. Null for
 * an event of another shape. Changes nothing.
 */
export function matchShape ({ slots, last }: Shape, bytes: Uint8Array, words: DataView, from: number): number[] | null {
  const [first] = slots
  if (!isLiteralAt(words, from, first === undefined ? last : first.before)) return null
  const found: number[] = []
  let at = from
  for (let nth = 0; nth < slots.length; nth++) {
    const slot = slots[nth]
    if (slot === undefined || (nth > 0 && !isLiteralAt(words, at, slot.before))) return null
    const start = at + slot.before.bytes.length
    at = endOfSlot(slot, bytes, start)
    if (at === -1) return null
    found.push(start, at)
  }
  if (slots.length > 0 && !isLiteralAt(words, at, last)) return null
  found.push(at + last.bytes.length)
  return found
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
