// Remembers which model made the encrypted reasoning that a client sends back. Upstream refuses another model's, and a
// user may switch models in the middle of a conversation. Kept in memory for an hour, per user.
import { LRUCache } from 'lru-cache'

export interface ReasoningOrigin {
  readonly note: (owner: string, state: string, model: string) => void
  /** Undefined if it is not known, or no longer. */
  readonly makerOf: (owner: string, state: string) => string | undefined
}

export function createReasoningOrigin (): ReasoningOrigin {
  const models = new LRUCache<string, string>({ max: 10_000, ttl: 3_600_000 })
  const keyOf = (owner: string, state: string) => `${owner}:${state.length}:${state.slice(0, 48)}:${state.slice(-48)}`
  return {
    note (owner, state, model) {
      models.set(keyOf(owner, state), model)
    },
    makerOf: (owner, state) => models.get(keyOf(owner, state)),
  }
}
