// Counts each user's model calls through this process, by model. Kept in memory only, so the counts restart with the
// process.
import { LRUCache } from 'lru-cache'
import type { Usage } from '../dialects/contract/dialect.ts'
import { noMeter, type Meter } from '../meter.ts'

export interface ModelCount {
  readonly model: string
  readonly requests: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  /** AI credits in units of 10⁻⁹. */
  readonly nanoCredits: number
}

export interface Tally {
  /** Adds one model call, with its cost if upstream named one. */
  readonly add: (username: string, model: string, usage: Usage | null) => void
  readonly of: (username: string) => readonly ModelCount[]
  /** For the operator: the users whom this process has counted, the last ones first. */
  readonly users: () => readonly string[]
  /** The next user of this name starts at zero. */
  readonly forget: (username: string) => void
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const modelsPerUser = 200

/** @param meter keeps the same counts by model, without the users */
export function createTally (meter: Meter = noMeter): Tally {
  const users = new LRUCache<string, Map<string, Writable<ModelCount>>>({ max: 10_000 })
  return {
    add (username, model, usage) {
      meter.modelCall(model, usage)
      const count = countOf(username, model)
      if (count === null) return
      count.requests++
      if (usage === null) return
      count.inputTokens += usage.input
      count.cachedTokens += usage.cacheRead
      count.outputTokens += usage.output
      count.nanoCredits += usage.nanoCredits
    },
    of: username => Array.from(users.get(username)?.values() ?? [], count => ({ ...count })),
    users: () => [...users.keys()],
    forget (username) {
      users.delete(username)
    },
  }

  /** Null if the user has too many models. */
  function countOf (username: string, model: string): Writable<ModelCount> | null {
    const models = users.get(username) ?? new Map<string, Writable<ModelCount>>()
    const known = models.get(model)
    if (known !== undefined) return known
    if (models.size >= modelsPerUser) return null
    const count = { model, requests: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, nanoCredits: 0 }
    users.set(username, models.set(model, count))
    return count
  }
}
