// Everything that a gateway does with hot state, made once. A gateway without an engine has none of it.
import type { Clock, Log } from '../contract.ts'
import type { HotState } from '../store/hot-state.ts'
import { createEngine, type Engine } from './engine.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createHotKey, type Digest, type HotKey } from './packed.ts'

export interface Hot {
  readonly engine: Engine
  readonly outbox: Outbox
  readonly keyOf: HotKey
  /** Names this process in the engine. */
  readonly holder: string
}

/** @param digest faster than WebCrypto's, if the runtime has one */
export function createHot (state: HotState, clock: Clock, log: Log, digest?: Digest): Hot {
  const engine = createEngine(state, clock, log)
  const keyOf = createHotKey(digest)
  return { engine, keyOf, outbox: createOutbox(engine, clock.monotonic, keyOf), holder: crypto.randomUUID() }
}
