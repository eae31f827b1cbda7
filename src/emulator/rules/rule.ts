// One rule of Copilot: the endpoints and models that it applies to, what it refuses, and the form of the refusal. The
// emulator states each rule independently: it shares no code and no table with the gateway.
import type { Ask } from '../ask.ts'
import type { Fields } from '../json.ts'
import type { ModelEntry } from '../model-entry.ts'
import type { Dialect } from '../types.ts'
import type { Envelope } from './envelope.ts'
import type { Switch } from '../strictness.ts'
import type { World } from '../world.ts'

/**
 * `live`: a report or a recorded probe of Copilot's answer. `read`: GitHub's own client code or documentation. `guess`:
 * inferred, or a provider's rule that was seen only at the provider.
 */
export type Mark = 'live' | 'read' | 'guess'

export interface Rule {
  readonly id: string
  readonly on: readonly Dialect[]
  readonly mark: Mark
  /** The report or the file that shows the rule. */
  readonly source: string
  /** The key of `strict` that turns the rule on. */
  readonly by: Switch
  /** The models that the rule applies to; all by default. */
  readonly models?: (model: ModelEntry) => boolean
  /** If there are several, chance chooses one, because Copilot's backends differ. */
  readonly envelope:
    | Envelope
    | readonly Envelope[]
  /** The message of the refusal. Of several, one is chosen by chance. Null: the request breaks no rule. */
  readonly check: (seen: Seen) => string | readonly string[] | null
}

/** The input of a rule. */
export interface Seen {
  readonly ask: Ask
  readonly body: Fields
  readonly model: ModelEntry
  readonly world: World
}

export const everywhere: readonly Dialect[] = ['chat', 'responses', 'messages']

/** The first problem in a list, or null. */
export function firstOf<T> (values: Iterable<T>, check: (value: T, index: number) => string | null): string | null {
  let index = 0
  for (const value of values) {
    const problem = check(value, index++)
    if (problem !== null) return problem
  }
  return null
}
