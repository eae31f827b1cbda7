// What the core has to say to whoever counts: numbers, outcomes and model ids, and nothing that a user wrote or is called.
// A runtime that counts hands in a Meter; without one all of it costs an empty call. A leaf.

/** What an answer cost, as upstream said it. */
export interface MeteredUsage {
  readonly input: number
  readonly cacheRead: number
  readonly output: number
  /** AI credits in 10⁻⁹. */
  readonly nanoCredits: number
}

export interface Meter {
  /** A streamed answer was promised to a client, and … */
  readonly streamBegan: () => void
  /** … however it ended, it is over. */
  readonly streamEnded: () => void
  /** A model answered. @param usage null where upstream told none */
  readonly modelCall: (model: string, usage: MeteredUsage | null) => void
  /** GitHub was asked for a Copilot token. @param outcome `ok`, or the code of the error */
  readonly exchange: (outcome: string) => void
  /** Somebody could not prove who they are, at one of a few places. */
  readonly authFailed: (action: string) => void
  /** A limit of this proxy was hit, at one of a few places. */
  readonly limited: (action: string) => void
}

const nothing = (): void => {}
export const noMeter: Meter = { streamBegan: nothing, streamEnded: nothing, modelCall: nothing, exchange: nothing, authFailed: nothing, limited: nothing }
