// The emulator's interface for tests and the demo. Types only.
import type { Fault, FaultMatch } from './faults.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Script } from './script.ts'
import type { Wire } from './sse-writer.ts'
import type { Strictness } from './strictness.ts'
import type { RecordedRequest, Seat } from './types.ts'

export interface EmulatorOptions {
  /** 0, the default, picks a free port. */
  port?: number
  /** The server's own clock, in milliseconds since the epoch. */
  now?: () => number
  strict?: Partial<Strictness>
  /**
   * The number of polls for which a device code is pending before it approves itself. Infinity: approve by hand.
   * Default 2.
   */
  pendingPolls?: number
  /** Seconds between polls, possibly fractions. Default 5. */
  deviceInterval?: number
  /** Pause between events of a stream, in milliseconds. Default 0. */
  chunkDelayMs?: number
  /** Called with each line added to `problems`. */
  onProblem?: (message: string) => void
  /** Seed for the emulator's random choices: backends, and the wording of refusals. Default 1. */
  seed?: number
}

export interface Emulator {
  readonly origin: string
  readonly githubUrl: string
  readonly githubApiUrl: string
  readonly copilotUrl: string
  /** Contains the placeholder `{account}`. */
  readonly accountUrl: string
  readonly env: Record<string, string>
  readonly requests: RecordedRequest[]
  readonly problems: string[]
  /** Mutable: the rules that hold from the next request on. */
  readonly strict: Strictness
  readonly wire: Wire
  readonly answers: Answers
  /** The models of GET /models from the next request on, for models that no real list contains. */
  readonly models: ModelEntry[]
  /** Pause between events of a stream, in milliseconds. */
  chunkDelayMs: number
  readonly addSeat: (seat?: Partial<Seat>) => Seat
  readonly seat: (githubToken: string) =>
    | Seat
    | undefined
  /** @throws {Error} for a code that was never issued */
  readonly approve: (userCode: string, seat?: Partial<Seat>) => Seat
  /** @throws {Error} for a code that was never issued */
  readonly deny: (userCode: string) => void
  /** The next `times` matching requests get this fault. Of two faults, the older comes first. */
  readonly fault: (match: FaultMatch, fault: Fault, times?: number) => void
  readonly clearFaults: () => void
  /** From now on, refuses every Copilot token issued so far. */
  readonly expireTokens: () => void
  /** From now on, refuses every session of Auto issued so far. */
  readonly expireAutoSessions: () => void
  readonly close: () => Promise<void>
}

/** Scripts. The first model call that matches a script's `model` and `path` uses it up. */
export interface Answers {
  readonly push: (...scripts: Script[]) => void
  readonly clear: () => void
  readonly pending: number
}
