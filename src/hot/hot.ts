// Everything that a gateway does with hot state, made once. A gateway without an engine has none of it.
import type { Clock, Log } from '../contract.ts'
import type { HotState } from '../store/hot-state.ts'
import { createEngine, type Engine } from './engine.ts'
import { createOutbox, type Outbox } from './outbox.ts'

export interface Hot {
  readonly engine: Engine
  readonly outbox: Outbox
  /** Names this process in the engine. */
  readonly holder: string
}

export function createHot (state: HotState, clock: Clock, log: Log): Hot {
  const engine = createEngine(state, clock, log)
  return { engine, outbox: createOutbox(engine, clock.monotonic), holder: crypto.randomUUID() }
}
