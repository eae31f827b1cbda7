// Remembers which model made the encrypted reasoning that a client sends back. Upstream refuses another model's, and a
// user may switch models in the middle of a conversation. Kept in memory for an hour, per user.
import { LateCache } from '../late-cache.ts'

export interface ReasoningOrigin {
  readonly note: (owner: string, state: string, model: string) => void
  /** Undefined if it is not known, or no longer. */
  readonly makerOf: (owner: string, state: string) =>
    | string
    | undefined
  /** As `note`, by the state's id. */
  readonly noteId: (owner: string, id: string, model: string) => void
  /** What identifies a state. */
  readonly idOf: (state: string) => string
}

export function createReasoningOrigin (): ReasoningOrigin {
  const models = new LateCache<string, string>({ max: 10_000, ttl: 3_600_000 })
  const idOf = (state: string) => `${state.length}:${state.slice(0, 48)}:${state.slice(-48)}`
  const keyOf = (owner: string, state: string) => `${owner}:${idOf(state)}`
  return {
    idOf,
    noteId (owner, id, model) {
      models.set(`${owner}:${id}`, model)
    },
    note (owner, state, model) {
      models.set(keyOf(owner, state), model)
    },
    makerOf: (owner, state) => models.get(keyOf(owner, state)),
  }
}
