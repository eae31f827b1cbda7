// Places values in the text of an event, and cuts the text at them.
import { pooledUtf8, utf8 } from '../../bytes.ts'
import type { VaryingValue } from '../../dialects/contract/plain-event.ts'
import { locateValues, type Range } from './locate.ts'

export interface Placed<Of> extends Range {
  readonly of: Of
}
export type Values = ReadonlyArray<Placed<VaryingValue>>

export const none: Range = { from: 0, to: 0 }

/** Each entry with its place, in the order of the text; null if one has none, or two touch. */
export function place<Of> (entries: readonly Of[], paths: readonly string[], json: string): Array<Placed<Of>> | null {
  const ranges = locateValues(json, paths)
  if (ranges === null) return null
  const placed: Array<Placed<Of>> = []
  for (const [nth, of] of entries.entries()) {
    const { from, to } = ranges[nth] ?? none
    placed.push({ from, to, of })
  }
  placed.sort((a, b) => a.from - b.from)
  return placed.every(({ from }, nth) => nth === 0 || from > (placed[nth - 1]?.to ?? 0)) ? placed : null
}

/** The text around the ranges, which count from `start`. */
export function cutText (text: string, ranges: readonly Range[], start: number): string[] {
  let at = 0
  return [...ranges, { from: text.length - start, to: 0 }].map(({ from, to }) => {
    const literal = text.slice(at, start + from)
    at = start + to
    return literal
  })
}

/** The same as ranges of bytes. */
export function cut (
  text: string,
  ranges: readonly Range[],
  start: number,
): { readonly bytes: Uint8Array, readonly literals: readonly Range[] } {
  const bytes = pooledUtf8(text)
  const isAscii = bytes.length === text.length
  let at = 0
  const literals = [...ranges, { from: text.length - start, to: 0 }].map(({ from, to }) => {
    const literal = { from: at, to: start + from }
    at = start + to
    return isAscii ? literal : inBytes(text, literal)
  })
  return { bytes, literals }
}

function inBytes (text: string, { from, to }: Range): Range {
  const before = utf8(text.slice(0, from)).length
  return { from: before, to: before + utf8(text.slice(from, to)).length }
}
