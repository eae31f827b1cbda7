// The interface that decoders of output items share.
import type { JsonObject } from '../../../json.ts'
import type { Part } from '../../contract/part.ts'
import type { PlainDelta } from '../../contract/plain-event.ts'

/** Decodes one item of the answer. Each method returns the next parts in order. */
export interface ItemDecoder {
  /** A piece of the part `index`. For a call's arguments, `index` has no meaning. */
  readonly delta: (kind: PartKind, index: number, delta: string, logprobs: readonly JsonObject[]) => Part[]
  /** The block that such a piece only adds text to; null if it may do more. Changes nothing. */
  readonly continued: (kind: PartKind, index: number) =>
    | Pick<PlainDelta, 'type' | 'block' | 'take'>
    | null
  /** The whole of a part, when it is complete. */
  readonly whole: (kind: PartKind, index: number, whole: string | null, part: JsonObject) => Part[]
  readonly annotation: (index: number, annotation: unknown) => Part[]
  /** A part of a message is complete, and its block ends. */
  readonly endPart: (index: number, part: JsonObject) => Part[]
  /** Begins the block of an item that has no content yet, so that it keeps its place. */
  readonly begin: () => Part[]
  /** @param item upstream's item at its end, or an empty object if it never sent one */
  readonly end: (item: JsonObject) => Part[]
}
export type PartKind = 'text' | 'refusal' | 'summary' | 'reasoning' | 'input'
