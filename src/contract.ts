// The only types that a runtime and the core exchange. They use the terms of Fetch, but are plain data. A body that is
// made while it is sent is a Flow, which writes directly into the runtime's response, so that no stream wraps another.
import type { GatewayError } from './errors.ts'
import type { Account } from './auth/account.ts'

export type Headers = Readonly<Record<string, string>>
/** Lower-case names. A header that was not sent is undefined. */
export type ReceivedHeaders = Readonly<Record<string, string | undefined>>
export type Bytes = Uint8Array<ArrayBuffer>
export type Body =
  | string
  | Bytes
  | Flow
  | null

/** A body that is made while it is sent. When the client leaves, the call's signal fires, and the flow ends. */
export interface Flow {
  /** Called once. The flow writes each piece as it arrives, and always calls `end`. */
  readonly start: (sink: Sink) => void
  /** Continues after a `write` that returned false. */
  readonly resume: () => void
}
/** The runtime's response body. */
export interface Sink {
  /** @returns false when the buffer is full: the flow may write a few more pieces, then none until `resume` */
  readonly write: (piece: Uint8Array | string) => boolean
  /** @param last the last piece; it is written together with the end of the answer */
  readonly end: (last?: Uint8Array | string) => void
}

/** A request as a handler sees it: matched to a route, authenticated if the route requires it, with its body read. */
export interface Call {
  readonly method: string
  /** Request id, on every log line and reply. */
  readonly id: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The client's address, after trusted proxies. */
  readonly address: string
  /** The host that people see, after trusted proxies. `Origin` is compared with it. */
  readonly host: string
  /** How people reach that host, after trusted proxies. */
  readonly protocol: 'http' | 'https'
  readonly headers: ReceivedHeaders
  /** The body as received, ready to be sent on unchanged; empty if there was none. */
  readonly bytes: Bytes
  /** Null on public routes. */
  readonly account:
    | Account
    | null
  /** Fires when the client leaves. */
  readonly signal: AbortSignal
  /** Adds work that may continue after the reply. It must not throw: failures are only logged. */
  readonly defer: (work: Promise<unknown>) => void
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export type Handler = (call: Call) => Promise<Reply>

/** Shapes an error for the client of a route: each dialect has its own form, and the account routes have another. */
export type ErrorRenderer = (error: GatewayError, request: Pick<Call, 'id' | 'headers'>) => Reply

/** The core's time, in milliseconds. Tests set it by hand. */
export interface Clock {
  /** Since the epoch. May jump. */
  readonly now: () => number
  /** Since any fixed moment. Never steps back. */
  readonly monotonic: () => number
  /** Calls `work` once, after `ms`. @returns a function that cancels the call */
  readonly setTimer: (work: () => void, ms: number) => () => void
}

/** The core's log for the operator. Each field is named here: no object is logged as a whole. */
export interface Log {
  readonly debug: (fields: LogFields, message: string) => void
  readonly info: (fields: LogFields, message: string) => void
  readonly warn: (fields: LogFields, message: string) => void
  readonly error: (fields: LogFields, message: string) => void
}
export interface LogFields {
  readonly reqId?: string
  readonly user?: string
  readonly method?: string
  /** The route's pattern, never the actual path. */
  readonly route?: string
  readonly code?: string
  readonly status?: number
  readonly event?: string
  /** For an audit line: the attempted action. */
  readonly action?: string
  readonly outcome?: string
  /** The id of an invite. */
  readonly invite?: string
  /** The name of a seat. */
  readonly seat?: string
  readonly address?: string
  readonly upstreamStatus?: number
  readonly ms?: number
  readonly detail?: string
  /** The runtime logs its type, message and stack, after a filter that recognises secrets. */
  readonly err?: unknown
}
