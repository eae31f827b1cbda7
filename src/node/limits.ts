// The limits of one process for unauthenticated clients. `docs/spec/limits.md#defaults`; only tests use other values.
export interface NodeLimits {
  readonly headerPairs: number
  readonly urlLength: number
  readonly connections: number
  /** After these, a connection closes, so that a balancer can spread its clients. */
  readonly requestsPerSocket: number
  readonly inFlight: number
  /** For all requests together, until each is completely answered. */
  readonly bufferedBytes: number
  readonly headersMs: number
  /**
   * This much of a body, or all of it, must arrive within `firstBodyMs`; then a minimum rate applies, checked every
   * `checkMs`.
   */
  readonly firstBodyBytes: number
  readonly firstBodyMs: number
  readonly bodyBytesPerSecond: number
  readonly checkMs: number
  /** How often the process looks for usage that is due to be written. */
  readonly flushMs: number
  /** If a client reads nothing for this long, it counts as gone, whatever its socket reports. */
  readonly writeStallMs: number
  /** How long a refused client may continue to send before its connection is cut. */
  readonly lingerMs: number
}

export const nodeLimits: NodeLimits = {
  headerPairs: 100,
  urlLength: 2_048,
  connections: 10_000,
  requestsPerSocket: 1_000,
  inFlight: 2_000,
  bufferedBytes: 134_217_728,
  headersMs: 10_000,
  firstBodyBytes: 1_048_576,
  firstBodyMs: 60_000,
  bodyBytesPerSecond: 65_536,
  checkMs: 5_000,
  flushMs: 1_000,
  writeStallMs: 60_000,
  lingerMs: 500,
}
