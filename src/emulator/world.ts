// The emulator's state, which every handler gets: one for each server.
import { createAnswers } from './script.ts'
import { createMemory } from './memory.ts'
import { models } from './model-list.ts'
import { createAutoSessions } from './auto-sessions.ts'
import { createChance } from './chance.ts'
import { createConversations } from './conversations.ts'
import { createSeats } from './seats.ts'
import { strictByDefault } from './strictness.ts'
import type { ScriptQueue } from './script.ts'
import type { AutoSessions } from './auto-sessions.ts'
import type { Chance } from './chance.ts'
import type { Conversations } from './conversations.ts'
import type { Memory } from './memory.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Seats } from './seats.ts'
import type { Strictness } from './strictness.ts'
import type { EmulatorOptions } from './interface.ts'

export interface World {
  /** Set once the port is known. */
  origin: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly strict: Strictness
  readonly seats: Seats
  readonly answers: ScriptQueue
  readonly memory: Memory
  readonly models: ModelEntry[]
  readonly random: Chance
  readonly conversations: Conversations
  readonly auto: AutoSessions
}

export function createWorld (options: EmulatorOptions): World {
  const now = options.now ?? Date.now
  const strict = { ...strictByDefault, ...options.strict }
  const world: World = {
    origin: '',
    now,
    strict,
    seats: createSeats({ now, strict, origin: () => world.origin }),
    answers: createAnswers(),
    memory: createMemory(),
    models: [...models],
    random: createChance(options.seed ?? 1),
    conversations: createConversations(),
    auto: createAutoSessions(now),
  }
  return world
}
