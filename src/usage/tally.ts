// What each user had through this process, by model. Counts only, in memory: they begin anew with the process.
import { LRUCache } from 'lru-cache'
import type { Usage } from '../dialects/dialect.ts'
import { noMeter, type Meter } from '../meter.ts'

export interface ModelCount {
  readonly model: string
  readonly requests: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  /** AI credits in 10⁻⁹. */
  readonly nanoCredits: number
}

export interface Tally {
  /** One model call, with what it cost where upstream said so. */
  readonly add: (username: string, model: string, usage: Usage | null) => void
  readonly of: (username: string) => readonly ModelCount[]
  /** Whoever takes the name next begins at nothing. */
  readonly forget: (username: string) => void
}

const modelsPerUser = 200

/** @param meter counts the same by model, without the users */
export function createTally (meter: Meter = noMeter): Tally {
  const users = new LRUCache<string, Map<string, ModelCount>>({ max: 10_000 })
  return {
    add (username, model, usage) {
      meter.modelCall(model, usage)
      const models = users.get(username) ?? new Map<string, ModelCount>()
      const { requests, inputTokens, cachedTokens, outputTokens, nanoCredits } = models.get(model) ?? { requests: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, nanoCredits: 0 }
      if (models.size >= modelsPerUser && !models.has(model)) return
      models.set(model, {
        model,
        requests: requests + 1,
        inputTokens: inputTokens + (usage?.input ?? 0),
        cachedTokens: cachedTokens + (usage?.cacheRead ?? 0),
        outputTokens: outputTokens + (usage?.output ?? 0),
        nanoCredits: nanoCredits + (usage?.nanoCredits ?? 0),
      })
      users.set(username, models)
    },
    of: username => [...users.get(username)?.values() ?? []],
    forget (username) { users.delete(username) },
  }
}
