// A dialect in which a client can send the beginning of a conversation without a question. The gateway answers by
// itself with an id, to which the question refers.
import type { JsonObject } from '../../json.ts'

export interface WarmUp {
  readonly isRequested: (body: JsonObject) => boolean
  /** The empty answer. @param now in milliseconds since the epoch */
  readonly response: (body: JsonObject, model: string, newId: () => string, now: number) => JsonObject
  readonly stream: (response: JsonObject) => string
}
