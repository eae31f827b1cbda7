// A dialect in which a client can have its conversation made into one opaque item, and whose upstream can do that.
import type { JsonObject } from '../../json.ts'

export interface Compactions {
  /** Whether the request wants its conversation compacted, and no answer to it. */
  readonly isRequested: (body: JsonObject) => boolean
  /** Makes a conversation into such a request. */
  readonly request: (body: JsonObject) => JsonObject
  /** The request as an ordinary question for a summary, which every model can answer. */
  readonly askSummary: (body: JsonObject) => JsonObject
  /** A question with less of the conversation, if it was too long; null if nothing can go. */
  readonly shorten: (question: JsonObject) =>
    | JsonObject
    | null
  /** Upstream's own state in an answer; null if there is none. Of several, the last one covers everything. */
  readonly stateOf: (answer: JsonObject) =>
    | string
    | null
  /** The state that a summary makes; null if the answer has no text. */
  readonly summaryOf: (answer: JsonObject) =>
    | string
    | null
  /** An answer that has the state as its only item. @param answer gives the other fields */
  readonly response: (answer: JsonObject, state: string, newId: () => string) => JsonObject
  readonly stream: (response: JsonObject) => string
  /** The request as it is kept for `previous_response_id`: the compacted state replaces its conversation. */
  readonly replaced: (body: JsonObject) => JsonObject
  /** The answer of the dialect's own route for it: what of the input stays, and the state. */
  readonly compacted: (answer: JsonObject, state: string, input: unknown, newId: () => string) => JsonObject
}
