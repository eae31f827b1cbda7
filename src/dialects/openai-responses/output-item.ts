// The items of an answer while they grow: each says its own events, in the order that the vendor's accumulators demand.
// `translation.md` 1.2.5, 3.1.2.
import type { JsonObject } from '../../json.ts'

/** Says an event of the item; `type` without its `response.`. */
export interface Emit {
  (type: string, payload: JsonObject): void
  /** A piece of a message's text: most of an answer is that. @param place as `placeOf` gave it */
  readonly textDelta: (place: string, text: string) => void
  /** Where text belongs, as the fields of an event in JSON. */
  readonly placeOf: (id: string, contentIndex: number) => string
}
export type ItemStatus = 'completed' | 'incomplete'

export interface OutputItem {
  /** The item as far as it has come. @param otherwise its status while it is not done */
  readonly snapshot: (otherwise: ItemStatus) => JsonObject
  /** Ends it; a second time does nothing. */
  readonly done: (status: ItemStatus) => void
}
