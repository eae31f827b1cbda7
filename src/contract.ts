// The only shapes that cross from a runtime to the core and back. Fetch's words, but plain data: a body that is made while
// it is sent is a Flow, which writes into whatever the runtime sends with, so that no stream is wrapped in another.
import type { GatewayError } from './errors.ts'
import type { Account } from './auth/account.ts'

export type Headers = Readonly<Record<string, string>>
/** Lower-case names; a name that was not sent is undefined. */
export type ReceivedHeaders = Readonly<Record<string, string | undefined>>
export type Bytes = Uint8Array<ArrayBuffer>
export type Body = string | Bytes | Flow | null

/** A body that is made while it is sent. It hears of a client that leaves by the call's signal, and ends then. */
export interface Flow {
  /** Once. What comes is written at once, and `end` is called whatever happens. */
  readonly start: (sink: Sink) => void
  /** There is room again, after a `write` that said no. */
  readonly resume: () => void
}
/** What a runtime sends with. */
export interface Sink {
  /** @returns false when enough waits to be sent: a few more pieces may come, then none until `resume` */
  readonly write: (piece: Uint8Array | string) => boolean
  /** @param last what is still to be sent; it and the end of the answer are one write then */
  readonly end: (last?: Uint8Array | string) => void
}

/** A request as a handler sees it: matched, authenticated where the route asks for it, its body read. */
export interface Call {
  readonly method: string
  /** Request id: on every log line and reply. */
  readonly id: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The client's address, after trusted proxies. */
  readonly address: string
  /** The host that people see, after trusted proxies: what an `Origin` is compared with. */
  readonly host: string
  readonly headers: ReceivedHeaders
  /** The body as received, to be sent on unchanged; empty where there was none. */
  readonly bytes: Bytes
  /** Null on public routes. */
  readonly account: Account | null
  /** Fires when the client leaves. */
  readonly signal: AbortSignal
  /** Work that may go on after the reply. It must not throw: what fails in it is logged, and nobody hears of it. */
  readonly defer: (work: Promise<unknown>) => void
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export type Handler = (call: Call) => Promise<Reply>

/** Shapes an error for whoever called the route: each dialect has its own, the account routes another. */
export type ErrorRenderer = (error: GatewayError, request: Pick<Call, 'id' | 'headers'>) => Reply

/** Time as the core sees it; tests move it by hand. Milliseconds. */
export interface Clock {
  /** Since the epoch; may step. */
  readonly now: () => number
  /** Since some fixed moment; never steps back. */
  readonly monotonic: () => number
}

/** What the core has to say to an operator. Fields are named one by one: nothing is logged by handing over an object. */
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
  /** The route's pattern, never the path itself. */
  readonly route?: string
  readonly code?: string
  readonly status?: number
  readonly event?: string
  /** Of an audit line: what was attempted. */
  readonly action?: string
  readonly outcome?: string
  readonly address?: string
  readonly upstreamStatus?: number
  readonly ms?: number
  readonly detail?: string
  /** Its type, message and stack are logged, after a filter that knows what secrets look like. */
  readonly err?: unknown
}
