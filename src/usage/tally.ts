// Counts the model calls of each user's seats through this process, by model. Kept in memory only, so the counts
// restart with the process.
import { LRUCache } from 'lru-cache'
import type { Usage } from '../dialects/contract/dialect.ts'
import { noMeter, type Meter } from '../meter.ts'
import { userOf } from '../seat-names.ts'

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
  readonly add: (owner: string, model: string, usage: Usage | null) => void
  readonly of: (owner: string) => readonly ModelCount[]
  /** Forgets all seats of the user: the next user of this name starts at zero. */
  readonly forget: (username: string) => void
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const modelsPerSeat = 200

/** @param meter keeps the same counts by model, without the users */
export function createTally (meter: Meter = noMeter): Tally {
  const owners = new LRUCache<string, Map<string, Writable<ModelCount>>>({ max: 10_000 })
  return {
    add (owner, model, usage) {
      meter.modelCall(model, usage)
      const count = countOf(owner, model)
      if (count === null) return
      count.requests++
      if (usage === null) return
      count.inputTokens += usage.input
      count.cachedTokens += usage.cacheRead
      count.outputTokens += usage.output
      count.nanoCredits += usage.nanoCredits
    },
    of: owner => Array.from(owners.get(owner)?.values() ?? [], count => ({ ...count })),
    forget (username) {
      for (const owner of owners.keys()) if (userOf(owner) === username) owners.delete(owner)
    },
  }

  /** Null if the seat has too many models. */
  function countOf (owner: string, model: string): Writable<ModelCount> | null {
    const models = owners.get(owner) ?? new Map<string, Writable<ModelCount>>()
    const known = models.get(model)
    if (known !== undefined) return known
    if (models.size >= modelsPerSeat) return null
    const count = { model, requests: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, nanoCredits: 0 }
    owners.set(owner, models.set(model, count))
    return count
  }
}
