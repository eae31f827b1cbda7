// The items of an answer while they grow. Each item emits its events in the order that the vendor's accumulators
// require. `docs/spec/translation.md#responses-events`, `docs/spec/translation.md#sdk-responses`.
import type { AnswerItem, ItemEvent, ItemPayload } from '../wire-answer.ts'

/** Emits an event of the item; `type` without its `response.`. */
export type Emit = <Name extends ItemEvent>(type: Name, payload: ItemPayload<Name>) => void
export type ItemStatus = 'completed' | 'incomplete'

export interface OutputItem {
  /** The item's current state. @param otherwise its status while it is not done */
  readonly snapshot: (otherwise: ItemStatus) => AnswerItem
  /** Ends it; a second call does nothing. */
  readonly done: (status: ItemStatus) => void
}
