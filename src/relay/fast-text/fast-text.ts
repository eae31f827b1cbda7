// The fast path of a stream. It learns by example: one event takes the slow path, and the next ones with the same shape
// get the same answer with their own values. It keeps a few shapes, forgets them when the gateway's state may have
// changed, and stops learning while that does not pay. `docs/decisions/fast-path.md`.
import type { Decode } from '../../body.ts'
import type { StreamRepair } from '../../dialects/contract/dialect.ts'
import { parseObjectWithin, type JsonObject } from '../../json.ts'
import { streamEvents } from '../../meter.ts'
import { learnShape, type Example } from './learn.ts'
import { sendEvent } from './send.ts'
import { isKept, matchShape, type Shape } from './shape.ts'
import type { Target } from './target.ts'
import type { Words } from './words.ts'

export interface FastText {
  /** The end of the event that begins at `from`, or -1 if its shape is not known. Changes nothing. */
  readonly match: (chunk: Words, from: number) => number
  /** Whether the event of the last match goes out as it came. */
  readonly isKept: () => boolean
  /** Writes the answer to the event of the last match into the target; nothing if it goes out as it came. */
  readonly send: (chunk: Words, from: number, end: number, target: Target) => void
  /** Answers an event on the slow path, as `StreamRepair.event` does, and learns from it. */
  readonly learn: (example: Example, name: string) =>
    | string
    | null
  /** Answers an event that teaches nothing. */
  readonly skip: (data: string, name: string) => string | null
}

const maxShapes = 8
const maxLearnedLength = 8_192
/** The scanner refuses longer events. */
const maxMatchedLength = 1_048_576
/** A stream of a few events is over before a shape would be of use. */
const unlearnedEvents = 2
/** Learning costs a few slow events, and asking in vain a part of one. Each hit pays for it, each miss for a little. */
const price = 4
const maxCredit = 4 * price
const creditOfMiss = 1 / 8

/**
 * When a stream began to say something. Two events come before that, such as `response.created` or the role, and the
 * third is always slow, so knowing the moment costs the fast path nothing.
 */
export interface FirstToken {
  /** Of the clock's `monotonic`; NaN before it, and for a stream of fewer events. */
  at: number
  readonly monotonic: () => number
}

/** @param first is given the moment */
export function createFastText (repair: StreamRepair, decode: Decode, first: FirstToken | null = null): FastText {
  /** The latest one first. */
  let shapes: readonly Shape[] = []
  /** The shape of the last match, and the places of its values. One list serves all events. */
  let matched: Shape | null = null
  const found: number[] = []
  let credit = maxCredit
  let slowEvents = 0

  return {
    match (chunk, from) {
      // Nearly all events resemble the one before.
      const end = matched === null ? -1 : tryShape(matched, chunk, from)
      if (end !== -1) return end
      const last = matched
      for (const shape of shapes) {
        const end = shape === last ? -1 : tryShape(shape, chunk, from)
        if (end !== -1) return end
      }
      return -1
    },
    isKept: () => matched !== null && isKept(matched),
    send (chunk, from, end, target) {
      if (matched === null) return
      streamEvents.fast++
      if (credit < maxCredit) credit++
      sendEvent(matched, { bytes: chunk.bytes, from, end, found }, decode, target)
    },
    learn (example, name) {
      const mayLearn = credit >= price && slowEvents >= unlearnedEvents
      const { data } = example
      const isAsked = (mayLearn || shapes.length > 0) && data.startsWith('{') && data.length <= maxLearnedLength
      const event = isAsked ? parseObjectWithin(data) : null
      const plain = event === null ? null : repair.plain?.(event, name) ?? null
      const out = skip(data, name, plain !== null, event)
      if (isAsked && plain === null) credit--
      if (plain === null || !mayLearn) return out
      credit -= price
      shapes = learnShape(example, plain, out, shapes).slice(0, maxShapes)
      return out
    },
    skip: (data, name) => skip(data, name, false, null),
  }

  function tryShape (shape: Shape, chunk: Words, from: number): number {
    const end = matchShape(shape, chunk, from, found)
    if (end === -1 || end - from > maxMatchedLength) return -1
    matched = shape
    return end
  }

  function skip (data: string, name: string, isPlain: boolean, event: JsonObject | null): string | null {
    streamEvents.slow++
    if (++slowEvents === unlearnedEvents + 1 && first !== null) first.at = first.monotonic()
    matched = null
    credit = Math.min(maxCredit, credit + creditOfMiss)
    if (!isPlain) shapes = []
    return repair.event(data, name, event)
  }
}
