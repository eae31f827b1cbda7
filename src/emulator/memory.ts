// What the models gave out that must come back as it was: opaque reasoning state, signatures, encrypted reasoning.
export interface Issued {
  readonly model: string
  /** The readable reasoning that went with it. */
  readonly text: string
}

export interface Memory {
  /** By the opaque value itself: `reasoning_opaque`, a signature or `encrypted_content`. */
  readonly issued: Map<string, Issued>
  /** Tool call id to the `reasoning_opaque` that went with it. */
  readonly opaqueOfCall: Map<string, string>
}

export function createMemory (): Memory {
  return { issued: new Map(), opaqueOfCall: new Map() }
}
