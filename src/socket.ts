// What a runtime and a route that speaks WebSocket exchange. A message of the client becomes a Call, so it passes the
// same steps and the same handler as a request; the events of the answer become messages.
import type { Bytes, Call, Reply } from './contract.ts'
import { GatewayError } from './errors.ts'

/** The client's end of the connection. */
export interface Peer {
  /** Sends a message. @returns false if the client reads too slowly: send few more until `resume` */
  readonly send: (message: string) => boolean
  /** Shows a waiting client, and the proxies between, that the connection lives. Null if the runtime cannot ping. */
  readonly ping:
    | (() => void)
    | null
  /** Begins the closing handshake. Nothing can be sent after it. */
  readonly close: (code: number, reason: string) => void
}

/** A message that the runtime admitted. */
export interface Admitted {
  readonly call: Call
  /** Called once, when the answer has ended. @param status the one that a request over HTTP would have had */
  readonly end: (status: number) => void
}

/** A connection whose client proved who it is. */
export interface Opening {
  readonly username: string
  readonly peer: Peer
  /** Messages after which the connection ends; Infinity for no limit. */
  readonly maxMessages: number
  /**
   * Takes a message through the steps of a request: load, credentials, memory.
   * @param ending aborts the call. The runtime aborts it too when the process ends
   * @throws {GatewayError}
   */
  readonly admit: (message: Bytes, ending: AbortController) => Promise<Admitted>
  /** Logs an error, and shapes it for the client. */
  readonly fail: (thrown: unknown, isGone: boolean) => Reply
}

/** The runtime calls it, and it answers through the peer. */
export interface Session {
  /** @param release called once, when the message is no longer needed */
  readonly receive: (message: Bytes, release: () => void) => void
  /** After a `send` that returned false. */
  readonly resume: () => void
  /** The process is about to end: finishes the answer under way, then closes. */
  readonly drain: () => void
  /** The connection is closed. */
  readonly closed: () => void
}

export type SocketHandler = (opening: Opening) => Session

/** For a request to a route with a `socket` that asks for none. */
export function notWebSocket (): GatewayError {
  return new GatewayError('method_not_allowed', 'Send a POST to this address, or open a WebSocket.', {
    headers: { allow: 'POST, OPTIONS' },
  })
}

/** RFC 6455 section 7.4.1 and the registry that it begins. */
export const closeCode = { normal: 1000, policy: 1008, tooBig: 1009, restart: 1012, tryLater: 1013 } as const
