// The gateway's memory of one user's earlier answers, kept in memory for an hour at most. A dialect's hooks read and
// write it; `relay/` implements it.
import type { JsonObject } from '../../json.ts'
import type { Carrier } from './prompt.ts'

/** Sizes are approximate bytes of JSON. */
export interface RememberedItem {
  readonly item: JsonObject
  readonly size: number
}
export interface RememberedResponse {
  /** The items of its request, followed by those of its answer. */
  readonly items: readonly JsonObject[]
  /** How many of the items are those of its request. */
  readonly inputLength: number
  /** As the client got it. */
  readonly response: JsonObject
  readonly size: number
}

export interface RememberedResponses {
  readonly response: (id: string) => RememberedResponse | undefined
  readonly item: (id: string) => RememberedItem | undefined
  readonly keepResponse: (id: string, response: RememberedResponse) => void
  readonly keepItem: (id: string, item: RememberedItem) => void
  /** Keeps an answer that the client wants stored nowhere, for its connection alone. Absent over HTTP. */
  readonly keepForConnection?: (id: string, response: RememberedResponse) => void
  /** Forgets a response with the items of its answer. @returns false for an unknown one */
  readonly forget: (id: string) => boolean
}

/** What a request refers to: ids of responses and of items. */
export interface References {
  readonly responses: readonly string[]
  readonly items: readonly string[]
}
/**
 * What a request would need of earlier reasoning: the ids of first calls whose state it leaves out, and the encrypted
 * states that it contains. In the order of the request.
 */
export interface ReasoningReferences {
  readonly calls: readonly string[]
  readonly states: readonly string[]
}

export interface RememberedReasoning {
  /** The reasoning state of an answer, by the id of its first call. */
  readonly carriers: (callId: string) => readonly Carrier[]
  /** The model that made an encrypted state; undefined if the gateway does not know it. */
  readonly makerOf: (state: string) => string | undefined
}
