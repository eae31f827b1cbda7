import type { Log } from '../contract.ts'

export interface RunningServer {
  readonly origin: string
  /** The kind of the store in use; null if none is configured. */
  readonly store: string | null
  readonly log: Log
  /** Reports that the server is no longer ready, and closes each connection after its next answer. Still serves. */
  readonly leave: () => void
  /**
   * Refuses new requests, and gives streams time to end. The rest get an error in their dialect and are cut.
   */
  readonly close: () => Promise<void>
  /** Ends a `close` that waits. */
  readonly hurry: () => void
}
