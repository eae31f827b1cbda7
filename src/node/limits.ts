// What one process takes from strangers before it says no. `reliability-security.md` 6.1; only tests choose others.
export interface NodeLimits {
  readonly headerPairs: number
  readonly urlLength: number
  readonly connections: number
  readonly inFlight: number
  /** Of all requests together, until each is answered whole. */
  readonly bufferedBytes: number
  readonly headersMs: number
  /** So much of a body, or all of it, must have come after `firstBodyMs`; then a floor holds, looked at every `checkMs`. */
  readonly firstBodyBytes: number
  readonly firstBodyMs: number
  readonly bodyBytesPerSecond: number
  readonly checkMs: number
  /** A client that takes nothing for so long has left, whatever its socket says. */
  readonly writeStallMs: number
  /** How long a client that was refused may go on sending before its connection is cut. */
  readonly lingerMs: number
}

export const nodeLimits: NodeLimits = {
  headerPairs: 100,
  urlLength: 2_048,
  connections: 10_000,
  inFlight: 2_000,
  bufferedBytes: 134_217_728,
  headersMs: 10_000,
  firstBodyBytes: 1_048_576,
  firstBodyMs: 60_000,
  bodyBytesPerSecond: 65_536,
  checkMs: 5_000,
  writeStallMs: 60_000,
  lingerMs: 500,
}
