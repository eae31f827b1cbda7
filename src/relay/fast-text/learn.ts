// Learns a shape from one event: from the event as it came, what the slow path made of it, and what the dialect says
// may differ in the next one.
import { utf8 } from '../../bytes.ts'
import type { PlainEvent, VaryingValue } from '../../dialects/contract/plain-event.ts'
import { toLiteral } from './literal.ts'
import { locateValues, type Range } from './locate.ts'
import { counterAt, type Output, type Shape, type Slot } from './shape.ts'

/** An event as text. */
export interface Example {
  /** All of it: perhaps a line with its name, one line of data, a blank line. */
  readonly event: string
  readonly data: string
}

interface Placed<Of> extends Range {
  readonly of: Of
}
type Values = ReadonlyArray<Placed<VaryingValue>>

/**
 * @param out what the client gets: null for the event as it came
 * @param shapes what is known: a shape that differs only in steady values gives way to the new one
 * @returns all shapes with the new one, the latest first
 */
export function learnShape (
  example: Example,
  plain: PlainEvent,
  out: string | null,
  shapes: readonly Shape[],
): readonly Shape[] {
  const { event, data } = example
  const placed = place(plain.values, plain.values.map(({ path }) => path), data)
  if (placed === null) return shapes
  const hasSteady = placed.some(({ of }) => of.isSteady === true)
  const skeleton = hasSteady ? cutText(event, placed, event.length - data.length - 2).join('\0') : ''
  const similar = hasSteady ? shapes.find(shape => shape.skeleton === skeleton) : undefined
  const isSteady = ({ of, from, to }: Placed<VaryingValue>): boolean =>
    of.isSteady === true && (similar === undefined || similar.steady.get(of.path) === data.slice(from, to))
  const shape = toShape(example, plain, out, placed.filter(value => !isSteady(value)), {
    skeleton,
    steady: new Map(placed.filter(isSteady).map(({ of, from, to }) => [of.path, data.slice(from, to)])),
  })
  return shape === null ? shapes : [shape, ...shapes.filter(other => other !== similar)]
}

/** Null if nothing can be learned. */
function toShape (
  { event, data }: Example,
  plain: PlainEvent,
  out: string | null,
  values: Values,
  known: Pick<Shape, 'skeleton' | 'steady'>,
): Shape | null {
  const output = outputOf(values, data, out, plain.counter?.path ?? null)
  if (output === undefined) return null
  const isWritten = output !== null && output !== 'dropped' && !output.isVerbatim
  const literals = cut(event, values, event.length - data.length - 2)
  const slots = values.map(({ of }, nth) => toSlot(of, literals[nth] ?? utf8('')))
  return {
    slots,
    last: toLiteral(literals.at(-1) ?? utf8('')),
    output,
    read: slots.flatMap((slot, nth) =>
      slot.takeText !== null || slot.takeInteger !== null || (isWritten && slot.isSent && isString(slot)) ? [nth] : []
    ),
    nextNumber: plain.counter?.next ?? null,
    seen: plain.seen ?? null,
    ...known,
  }
}

function toSlot (value: VaryingValue, before: Uint8Array): Slot {
  const { kind, sent } = value
  const isText = kind === 'text' || kind === 'string'
  return {
    before: toLiteral(before),
    kind,
    except: isText && value.except !== undefined ? utf8(JSON.stringify(value.except).slice(1, -1)) : null,
    accepts: kind === 'integer' ? value.accepts ?? null : null,
    takeText: isText ? value.take ?? null : null,
    takeInteger: kind === 'integer' ? value.take ?? null : null,
    isSent: sent.length > 0,
  }
}

/** Undefined if the client's event is not the example's, with the values in the places that the dialect names. */
function outputOf (
  values: Values,
  data: string,
  out: string | null,
  counterPath: string | null,
): Output | 'dropped' | null | undefined {
  if (out === null) return null
  if (out === '') return values.every(({ of }) => of.sent.length === 0) ? 'dropped' : undefined
  const start = out.startsWith('data: ') ? 6 : out.indexOf('\ndata: ') + 7
  const hasData = out.startsWith('data: ') || start > 6
  if (!hasData || out.indexOf('\n\n') !== out.length - 2 || out.indexOf('\n', start) !== out.length - 2) {
    return undefined
  }
  const sent = out.slice(start, -2)
  // The slow path writes an event again, or puts fields in front of its text.
  const isVerbatim = sent.length > data.length && sent.endsWith(data.slice(1))
  const placed = isVerbatim ? shift(values, sent.length - data.length) : placeFills(values, sent, counterPath)
  const isSame = placed?.every(({ from, to, of }) => {
    const value = values[of]
    return value === undefined || sent.slice(from, to) === writtenAs(value, data, isVerbatim)
  })
  if (placed === null || isSame !== true) return undefined
  const literals = cut(out, placed, start)
  return { literals, length: literals.reduce((sum, { length }) => sum + length, 0), fills: placed.map(({ of }) => of),
    isVerbatim }
}

/** The values that the client gets, each by its slot. */
function placeFills (values: Values, sent: string, counterPath: string | null): Array<Placed<number>> | null {
  const fills = values.flatMap(({ of }, nth) => of.sent.map(path => ({ path, nth })))
  if (counterPath !== null) fills.push({ path: counterPath, nth: counterAt })
  return place(fills.map(({ nth }) => nth), fills.map(({ path }) => path), sent)
}

/** The values of an event that goes out as it came behind other fields. Null if one of them must not be sent. */
function shift (values: Values, by: number): Array<Placed<number>> | null {
  return values.every(({ of }) => of.sent.length === 1 && of.sent[0] === of.path)
    ? values.map(({ from, to }, nth) => ({ from: from + by, to: to + by, of: nth }))
    : null
}

/** Null for a value that may change its form when it is written again. */
function writtenAs ({ of, from, to }: Placed<VaryingValue>, data: string, isVerbatim: boolean): string | null {
  const text = data.slice(from, to)
  return isVerbatim ? text : of.kind === 'json' ? null : isString(of) ? rewritten(text) : text
}

/** Each entry with its place, in the order of the text; null if one has none, or two touch. */
function place<Of> (entries: readonly Of[], paths: readonly string[], json: string): Array<Placed<Of>> | null {
  const ranges = locateValues(json, paths)
  if (ranges === null) return null
  const placed = entries.flatMap((of, nth) => {
    const range = ranges[nth]
    return range === undefined ? [] : [{ ...range, of }]
  }).sort((a, b) => a.from - b.from)
  return placed.every(({ from }, nth) => nth === 0 || from > (placed[nth - 1]?.to ?? 0)) ? placed : null
}

/** The text around the ranges, which count from `start`. */
function cutText (text: string, ranges: readonly Range[], start: number): string[] {
  let at = 0
  return [...ranges, { from: text.length - start, to: 0 }].map(({ from, to }) => {
    const literal = text.slice(at, start + from)
    at = start + to
    return literal
  })
}

/** The same in bytes, which share one buffer. */
function cut (text: string, ranges: readonly Range[], start: number): Uint8Array[] {
  const bytes = utf8(text)
  if (bytes.length !== text.length) return cutText(text, ranges, start).map(utf8)
  let at = 0
  return [...ranges, { from: text.length - start, to: 0 }].map(({ from, to }) => {
    const literal = bytes.subarray(at, start + from)
    at = start + to
    return literal
  })
}

function isString ({ kind }: { readonly kind: VaryingValue['kind'] }): boolean {
  return kind === 'text' || kind === 'string'
}

/** The body of a JSON string, as `JSON.stringify` writes it. */
export function rewritten (body: string): string {
  return body.includes('\\') ? JSON.stringify(JSON.parse(`"${body}"`)).slice(1, -1) : body
}
