// What decoders of output items have in common.
import type { JsonObject } from '../../json.ts'
import type { Part } from '../part.ts'

/** One item of the answer. All of its methods give the parts that follow, in order. */
export interface ItemDecoder {
  /** A piece of the part `index`; of a call's arguments, `index` means nothing. */
  readonly delta: (kind: PartKind, index: number, delta: string, logprobs: readonly JsonObject[]) => Part[]
  /** The whole of the part, once it is complete. */
  readonly whole: (kind: PartKind, index: number, whole: string | null, part: JsonObject) => Part[]
  readonly annotation: (index: number, annotation: unknown) => Part[]
  /** A part of a message is complete, and its block ends. */
  readonly endPart: (index: number, part: JsonObject) => Part[]
  /** Begins the block of an item that shows nothing yet, so that it keeps its place. */
  readonly begin: () => Part[]
  /** @param item as upstream gave it at its end, or an empty object when it never did */
  readonly end: (item: JsonObject) => Part[]
}
export type PartKind = 'text' | 'refusal' | 'summary' | 'reasoning' | 'input'
