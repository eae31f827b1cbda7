// A dialect that is spoken over WebSocket too: its messages instead of bodies, and messages instead of events.
import type { Reply } from '../../contract.ts'
import type { JsonObject } from '../../json.ts'

export interface SocketForm {
  /**
   * The body that a POST would have, and the lane that the answer belongs to.
   * @throws {GatewayError} `invalid_request` for a message that asks for no answer
   */
  readonly read: (message: JsonObject) => { readonly body: JsonObject, readonly lane: string | null }
  /** An event of an answer as a message. @param data the event's JSON */
  readonly event: (data: string, lane: string | null) => string
  /** @param reply what the dialect's `renderError` made of it */
  readonly error: (reply: Reply, lane: string | null) => string
  /** A sign of life, where the platform has no ping. */
  readonly keepAlive: string
  /** The codes of two refusals that clients act on. */
  readonly limitReached: string
}
