import type { Log } from '../contract.ts'

export interface RunningServer {
  readonly origin: string
  readonly log: Log
  /** Readiness goes, and connections end with their next answer; whoever comes is served. */
  readonly leave: () => void
  /** Readiness goes first, then streams may end by themselves; what is left is told so, in its dialect, and cut. */
  readonly close: () => Promise<void>
  /** Ends a `close` that waits. */
  readonly hurry: () => void
}
