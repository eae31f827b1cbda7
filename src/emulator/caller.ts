import type { Ask, Reading } from './ask.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

/** One model endpoint: how to read its requests and write its answers. */
export interface Caller {
  readonly read: (request: RecordedRequest, seat: Seat, model: ModelEntry) => Reading
  readonly answer: (world: World, ask: Ask) => Reply
}
