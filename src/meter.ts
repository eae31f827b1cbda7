// The events that the core counts: numbers, outcomes and model ids, and never a user's text or name. A runtime that
// counts passes in a Meter; without one, an event costs an empty call. A leaf.

/** The cost of an answer, as upstream reported it. */
export interface MeteredUsage {
  readonly input: number
  readonly cacheRead: number
  readonly output: number
  /** AI credits in units of 10⁻⁹. */
  readonly nanoCredits: number
}

export interface Meter {
  /** A streamed answer began. */
  readonly streamBegan: () => void
  /** A streamed answer ended, in whatever way. */
  readonly streamEnded: () => void
  /** A model answered. @param usage null if upstream reported none */
  readonly modelCall: (model: string, usage: MeteredUsage | null) => void
  /** The gateway searched the web for a model. @param outcome `ok`, or one of few words for the failure */
  readonly webSearch: (outcome: string) => void
  /**
   * A model call passed. @param ms until the gateway asks Copilot, with its waits for the user's gate, the store, an
   * unknown list of models and a session of Auto; and those after Copilot's last byte, if the answer is not streamed
   */
  readonly overhead: (ms: number) => void
  /**
   * A streamed answer has begun and ended. @param ms from the complete request to the first token
   * @param perSecond tokens from then on; null if upstream did not count them
   */
  readonly streamed: (model: string, ms: number, perSecond: number | null) => void
  /** Copilot refused a request, and took it as the rule changed it. */
  readonly ruleAnswered: (rule: string) => void
  /** The gateway asked GitHub for a Copilot token. @param outcome `ok`, or the code of the error */
  readonly exchange: (outcome: string) => void
  /** A caller failed to authenticate. `action` has only a few values. */
  readonly authFailed: (action: string) => void
  /** A limit of this proxy refused a request. `action` has only a few values. */
  readonly limited: (action: string) => void
}

const nothing = (): void => {}
export const noMeter: Meter = { streamBegan: nothing, streamEnded: nothing, modelCall: nothing, webSearch: nothing,
  overhead: nothing, streamed: nothing, ruleAnswered: nothing, exchange: nothing, authFailed: nothing,
  limited: nothing }

/**
 * The events of all streams of this process, by the path that they took through the relay. Counted here and not by a
 * Meter, because a call for each event would cost more than the fast path saves.
 */
export const streamEvents = { fast: 0, slow: 0 }
