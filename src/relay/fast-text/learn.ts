// Learns a shape from one event: from the event as it came, what the slow path made of it, and what the dialect says
// may differ in the next one.
import { utf8 } from '../../bytes.ts'
import type { PlainEvent, VaryingValue } from '../../dialects/contract/plain-event.ts'
import type { Range } from './locate.ts'
import { isString, outputOf } from './output.ts'
import { cut, cutText, none, place, type Placed, type Values } from './place.ts'
import type { Shape, Slot } from './shape.ts'
import { toWords } from './words.ts'

/** An event as text. */
export interface Example {
  /** All of it: perhaps a line with its name, one line of data, a blank line. */
  readonly event: string
  readonly data: string
}

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
  const output = outputOf(values, event, data, out, plain.counter?.path ?? null)
  if (output === null) return null
  const { bytes, literals } = cut(event, values, event.length - data.length - 2)
  const slots = values.map(({ of }, nth) => toSlot(of, literals[nth] ?? none))
  const isWritten = output.written !== null
  return {
    slots,
    words: toWords(bytes),
    last: literals.at(-1) ?? none,
    ...output,
    read: slots.flatMap((slot, nth) =>
      slot.takeText !== null || slot.takeInteger !== null || (isWritten && slot.isSent && isString(slot)) ? [nth] : []
    ),
    nextNumber: plain.counter?.next ?? null,
    seen: plain.seen ?? null,
    ...known,
  }
}

function toSlot (value: VaryingValue, { from, to }: Range): Slot {
  const { kind, sent } = value
  const isText = kind === 'text' || kind === 'string'
  return {
    from,
    length: to - from,
    kind,
    except: isText && value.except !== undefined ? utf8(JSON.stringify(value.except).slice(1, -1)) : null,
    accepts: kind === 'integer' ? value.accepts ?? null : null,
    takeText: isText ? value.take ?? null : null,
    takeInteger: kind === 'integer' ? value.take ?? null : null,
    isSent: sent.length > 0,
  }
}
