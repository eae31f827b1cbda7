// Values that the models issued and that must come back unchanged: opaque reasoning state, signatures, encrypted
// reasoning.
export interface Issued {
  readonly model: string
  /** The readable reasoning that belongs to it. */
  readonly text: string
}

export interface Memory {
  /** By the opaque value itself: `reasoning_opaque`, a signature or `encrypted_content`. */
  readonly issued: Map<string, Issued>
  /** The `reasoning_opaque` that belongs to a tool call, by the call's id. */
  readonly opaqueOfCall: Map<string, string>
}

export function createMemory (): Memory {
  return { issued: new Map(), opaqueOfCall: new Map() }
}
