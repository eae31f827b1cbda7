// Rules learned from Copilot's refusals, for each account, model and endpoint. One refusal proves little, because the
// same model runs on several backends: a rule is on after the second refusal that its fix answered, for an hour. One
// user's refusals change no other user's requests.
import { LRUCache } from 'lru-cache'
import type { LearnedKey } from '../rules/rule.ts'

export interface Place {
  readonly seat: string
  readonly accountType: string | null
  readonly model: string
  readonly endpoint: string
}

export interface LearnedRules {
  /** Keys for `ApplyOptions.learned`. */
  readonly known: (place: Place) => ReadonlySet<LearnedKey>
  /** A refusal called for these rules, and Copilot accepted the changed request. */
  readonly helped: (place: Place, keys: readonly LearnedKey[]) => void
}

interface Lesson {
  times: number
  until: number
}

const rememberedMs = 3_600_000
const maxPlaces = 10_000
const maxLessons = 64
const nothing: ReadonlySet<LearnedKey> = new Set()

export function createLearnedRules (monotonic: () => number): LearnedRules {
  const places = new LRUCache<string, Map<LearnedKey, Lesson>>({ max: maxPlaces })
  const nameOf = ({ seat, accountType, model, endpoint }: Place) => `${seat} ${accountType ?? ''} ${endpoint} ${model}`

  return {
    known (place) {
      const lessons = places.size === 0 ? undefined : places.get(nameOf(place))
      if (lessons === undefined) return nothing
      const now = monotonic()
      return new Set([...lessons].filter(([, { times, until }]) => times > 1 && now < until).map(([key]) => key))
    },
    helped (place, keys) {
      const now = monotonic()
      const name = nameOf(place)
      const lessons = places.get(name) ?? new Map<LearnedKey, Lesson>()
      for (const key of keys) {
        const before = lessons.get(key)
        if (before === undefined && lessons.size >= maxLessons) continue
        const times = before !== undefined && now < before.until ? before.times + 1 : 1
        lessons.set(key, { times, until: now + rememberedMs })
      }
      places.set(name, lessons)
    },
  }
}
