// Learns what an event becomes for the client.
import { pooledUtf8 } from '../../bytes.ts'
import type { VaryingValue } from '../../dialects/contract/plain-event.ts'
import { cut, place, type Placed, type Values } from './place.ts'
import { counterAt, type Prefixed, type Shape, type Written } from './shape.ts'

type Output = Pick<Shape, 'written' | 'prefixed' | 'isDropped'>
const asItCame: Output = { written: null, prefixed: null, isDropped: false }

/** Null if the client's event is not the example's, with the values in the places that the dialect names. */
export function outputOf (
  values: Values,
  event: string,
  data: string,
  out: string | null,
  counterPath: string | null,
): Output | null {
  if (out === null) return asItCame
  if (out === '') return values.every(({ of }) => of.sent.length === 0) ? { ...asItCame, isDropped: true } : null
  const start = out.startsWith('data: ') ? 6 : out.indexOf('\ndata: ') + 7
  const hasData = out.startsWith('data: ') || start > 6
  if (!hasData || out.indexOf('\n\n') !== out.length - 2 || out.indexOf('\n', start) !== out.length - 2) return null
  // The slow path writes an event again, or puts fields in front of its text.
  const sent = out.slice(start, -2)
  if (sent.length > data.length && sent.endsWith(data.slice(1))) {
    const prefixed = prefixedBy(values, event, data, out, counterPath)
    return prefixed === null ? null : { ...asItCame, prefixed }
  }
  const written = writtenOf(values, data, out, start, counterPath)
  return written === null ? null : { ...asItCame, written }
}

/** An event that goes out as it came behind other fields. Null if one of its values must not be sent. */
function prefixedBy (
  values: Values,
  event: string,
  data: string,
  out: string,
  counterPath: string | null,
): Prefixed | null {
  const isAllSent = values.every(({ of }) => of.sent.length === 1 && of.sent[0] === of.path)
  if (!isAllSent || counterPath !== null) return null
  const kept = data.length + 1 // without its brace, with the blank line
  return { prefix: pooledUtf8(out.slice(0, -kept)), skipped: pooledUtf8(event.slice(0, -kept)).length }
}

function writtenOf (
  values: Values,
  data: string,
  out: string,
  start: number,
  counterPath: string | null,
): Written | null {
  const placed = placeFills(values, out.slice(start, -2), counterPath)
  const isSame = placed?.every(({ from, to, of }) => {
    const value = values[of]
    return value === undefined || out.slice(start + from, start + to) === writtenAs(value, data)
  })
  if (placed === null || isSame !== true) return null
  const { bytes, literals } = cut(out, placed, start)
  return { literals: literals.map(({ from, to }) => bytes.subarray(from, to)), fills: placed.map(({ of }) => of),
    length: literals.reduce((sum, { from, to }) => sum + to - from, 0) }
}

/** The values that the client gets, each by its slot. */
function placeFills (values: Values, sent: string, counterPath: string | null): Array<Placed<number>> | null {
  const fills = values.flatMap(({ of }, nth) => of.sent.map(path => ({ path, nth })))
  if (counterPath !== null) fills.push({ path: counterPath, nth: counterAt })
  return place(fills.map(({ nth }) => nth), fills.map(({ path }) => path), sent)
}

/** Null for a value that may change its form when it is written again. */
function writtenAs ({ of, from, to }: Placed<VaryingValue>, data: string): string | null {
  const text = data.slice(from, to)
  return of.kind === 'json' ? null : isString(of) ? rewritten(text) : text
}

export function isString ({ kind }: { readonly kind: VaryingValue['kind'] }): boolean {
  return kind === 'text' || kind === 'string'
}

/** The body of a JSON string, as `JSON.stringify` writes it. */
export function rewritten (body: string): string {
  return body.includes('\\') ? JSON.stringify(JSON.parse(`"${body}"`)).slice(1, -1) : body
}
