// What each dialect has to offer the rest of the core. A folder per dialect fulfils it, and knows no other dialect.
import type { ErrorRenderer } from '../contract.ts'
import type { GatewayError } from '../errors.ts'

export interface Dialect {
  readonly name: 'openai-chat' | 'openai-responses' | 'anthropic-messages'
  /** An error before the first byte of an answer. */
  readonly renderError: ErrorRenderer
  /** What keeps a silent stream alive without meaning anything to its reader. */
  readonly ping: string
  /** An error after the first byte; nothing may follow it. */
  readonly failStream: (error: GatewayError) => string
}

/** Tokens of one answer, in the common sense: `input` is the whole prompt, `cached` the part of it that was cached. */
export interface Usage {
  readonly input: number
  readonly cached: number
  readonly output: number
  /** AI credits in 10⁻⁹, where upstream said so. */
  readonly nanoCredits: number
}

/**
 * Puts right what upstream's stream gets wrong in its own dialect, event by event. Synchronous; one object serves one
 * stream.
 */
export interface StreamTidy {
  /**
   * @param data the event's data; @param name its `event:` line, or ''
   * @returns null to leave the event as it came, '' to drop it, or what to send in its place
   * @throws {GatewayError} when the event tells of a failure: the stream ends with it
   */
  readonly event: (data: string, name: string) => string | null
  /** What is missing at the end of upstream's stream. @throws {GatewayError} when it was cut off */
  readonly end: () => string
  /** True once the answer is complete; what upstream sends after it is not for the client. */
  readonly isDone: () => boolean
  readonly usage: () => Usage | null
}
