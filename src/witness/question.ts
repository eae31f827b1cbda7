// The types of the witness's questions and report. A question is one request to a seat; its facts state what docs/spec
// says about the answer.
import type { JsonObject } from '../json.ts'
import type { Model } from '../model-entry.ts'

/** One request to Copilot, or to GitHub for the seat. */
export interface Request {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body: JsonObject | null
}

/** One answer, as far as facts read it. */
export interface Observation {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Null if the text is no JSON object. */
  readonly json:
    | JsonObject
    | null
  /** The events of a stream without `[DONE]`; null if the answer is no stream. */
  readonly events: readonly JsonObject[] | null
}

export interface Fact {
  /** Unique over all questions. */
  readonly id: string
  /** One sentence that is true while Copilot behaves as the spec says. */
  readonly says: string
  /** The place in the spec, such as `docs/spec/copilot.md#models`. */
  readonly spec: string
  /** Null when the fact holds. Otherwise the actual statuses, codes, names and types, never content. */
  readonly check: (seen: Observation, seat: Seat) => string | null
}

export interface News {
  readonly models: readonly string[]
  readonly fields: readonly string[]
  readonly headers: readonly string[]
}

export interface Question {
  readonly id: string
  /** Describes the question to the person who decides. */
  readonly asks: string
  /** `nothing`: a list, or a request that Copilot refuses. `free`: one short answer of a free model. */
  readonly cost:
    | 'nothing'
    | 'free'
  /** Gives the reason to skip if the seat has no model for it. */
  readonly request: (seat: Seat) => Request | { readonly skip: string }
  readonly facts: readonly Fact[]
  readonly news?: (seen: Observation) => Partial<News>
}

/** The models that questions choose from. */
export interface Seat {
  readonly models: readonly Model[]
  /** A free chat model that the endpoint serves, or null. */
  readonly freeOn: (path: '/chat/completions' | '/responses') =>
    | Model
    | null
  /** A free chat model that `/v1/messages` does not serve, or null. */
  readonly notOnMessages: Model | null
  readonly embedding: Model | null
}

/** Contains no prompt, answer, id, secret or name of a person, so it can be attached to issues as it is. */
export interface Report {
  readonly object: 'witness'
  readonly version: string
  /** Day in UTC. */
  readonly day: string
  readonly asked: readonly string[]
  readonly holds: readonly string[]
  readonly differs: ReadonlyArray<
    { readonly fact: string, readonly says: string, readonly spec: string, readonly seen: string }
  >
  readonly skipped: ReadonlyArray<{ readonly question: string, readonly why: string }>
  readonly new: News
}
