// A streamed answer on its way out: from upstream's bytes, through the scanner, to whatever the runtime sends with. It
// keeps a silent client alive, gives a silent upstream up, and never ends a broken answer as if it were whole.
//
// All of it is calls, one into the next, for each piece: no promise, no iterator, no stream between the two sockets.
import { concatBytes } from '../bytes.ts'
import type { Clock, Flow, Headers, Reply, Sink } from '../contract.ts'
import type { Dialect, StreamRepair } from '../dialects/contract/dialect.ts'
import { ClientGone, GatewayError, toGatewayError } from '../errors.ts'
import type { UpstreamBody } from '../body.ts'
import { brokeOff, fellSilent } from './failures.ts'
import { createScanner } from './scan.ts'
import { createWatch } from './watch.ts'

/** What upstream turned out to give: a stream to watch, or text that is ready. */
export type Opened = { readonly headers: Headers, readonly body: UpstreamBody, readonly repair: StreamRepair } | {
  readonly headers: Headers,
  readonly text: string,
}

export interface StreamOptions {
  /**
   * Begins the call. Its argument tells whether the client has its status and headers already.
   * @throws {GatewayError} while nothing was sent that is a status, afterwards an event
   */
  readonly open: (hasStatus: () => boolean) => Promise<Opened>
  readonly dialect: Pick<Dialect, 'ping' | 'failStream'>
  /** Headers of the reply that are known before upstream answers. */
  readonly headers: Headers
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>
  readonly heartbeatMs: number
  readonly idleMs: number
  /** Of the client: it ends the stream. Whoever opens the call heeds it too. */
  readonly signal: AbortSignal
  /** Hears of every end, once. Null for a good one. */
  readonly onEnd: (error: GatewayError | null, repair: StreamRepair | null) => void
}

export const eventStreamHeaders: Headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** So long upstream may take to close after its last event; a connection that closed by itself can be used again. */
const drainMs = 250

/**
 * No answer takes so long; a stream that never ends would hold its places for ever. Looked at with every piece and
 * every heartbeat.
 */
const longestMs = 3_600_000

/** Waits a heartbeat for upstream's status; after that the client has its 200, and failures are told in the stream. */
export function streamReply (options: StreamOptions): Promise<Reply> {
  const { open, dialect, headers, clock, heartbeatMs, idleMs, signal, onEnd } = options
  return new Promise((resolve, reject) => {
    const beganAt = clock.monotonic()
    let sink: Sink | null = null
    let opened: Opened | null = null
    let repair: StreamRepair | null = null
    let receive: ReturnType<typeof createReceiver> | null = null
    let hasStatus = false
    let isOver = false
    /** The failure of a stream that ended before the runtime started its flow. */
    let pendingFailure: GatewayError | null = null
    const watch = createWatch({ clock, heartbeatMs, onSilent, onLimit: () => {
      finish(fellSilent())
    } })
    const onAbort = () => {
      finish(toGatewayError(signal.reason))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) return onAbort()
    open(() => hasStatus).then(onOpened, (thrown: unknown) => {
      finish(toGatewayError(thrown))
    })

    function onOpened (given: Opened): void {
      if (isOver) return 'body' in given ? given.body.cancel() : undefined
      opened = given
      give(given.headers)
      if (sink !== null) begin(given)
    }

    function give (known: Headers): void {
      if (hasStatus) return
      hasStatus = true
      resolve({ status: 200, headers: { ...eventStreamHeaders, ...headers, ...known }, body: flow })
    }

    function onSilent (): void {
      give({})
      if (sink !== null) write(dialect.ping)
      if (clock.monotonic() - beganAt > longestMs) finish(tooLong())
    }

    const flow: Flow = {
      start (given) {
        sink = given
        if (pendingFailure !== null) return tell(pendingFailure)
        if (isOver) return given.end()
        if (opened === null) write(dialect.ping) // only a heartbeat that passed brought us here
        else begin(opened)
      },
      resume () {
        watch.resume()
        if (!isOver && opened !== null && 'body' in opened) opened.body.resume()
      },
    }

    function begin (given: Opened): void {
      if ('text' in given) return finish(null, given.text)
      repair = given.repair
      receive = createReceiver(given.repair, given.body.decode)
      watch.limit(idleMs)
      given.body.start(receive)
    }

    /** Pieces that came in one go are looked at in one go: the parser of HTTP hands over each chunk by itself. */
    function createReceiver (repair: StreamRepair, decode: UpstreamBody['decode']) {
      const scanner = createScanner(repair, decode)
      let waiting: Uint8Array[] = []
      let hasEnded = false
      const look = (): void => {
        if (isOver || waiting.length === 0) return
        const now = watch.heard()
        try {
          const [first] = waiting
          const piece = waiting.length === 1 && first !== undefined ? first : concatBytes(waiting)
          waiting = []
          const out = scanner.push(piece)
          if (repair.isDone() || !scanner.isSound()) return close(out)
          if (out !== null) write(out, now)
        } catch (thrown) {
          return finish(toGatewayError(thrown))
        } // a bug, of which its own request alone shall die
        if (now - beganAt > longestMs) finish(tooLong())
      }
      const close = (last: Uint8Array | string | null): void => {
        let rest: string
        try {
          rest = scanner.end()
        } catch (thrown) {
          if (last !== null) write(last)
          return finish(toGatewayError(thrown))
        }
        if (last !== null && rest !== '') write(last)
        finish(null, rest === '' ? last ?? '' : rest)
      }
      return {
        bytes (piece: Uint8Array, hasMore: boolean): void {
          if (isOver) return
          waiting.push(piece)
          if (!hasMore) look()
          else if (waiting.length === 1) void settled.then(look)
        },
        hasEnded: () => hasEnded,
        end (): void {
          hasEnded = true
          look()
          if (!isOver) close(null)
        },
        fail (reason: unknown): void {
          hasEnded = true
          look()
          finish(reason instanceof GatewayError ? reason : brokeOff(reason))
        },
      }
    }

    function write (piece: Uint8Array | string, now?: number): void {
      watch.sign(now)
      if (sink?.write(piece) !== false) return
      watch.pause()
      if (opened !== null && 'body' in opened) opened.body.pause()
    }

    /** @param last of an answer that is whole: what is still to be sent of it */
    function finish (failure: GatewayError | null, last?: Uint8Array | string): void {
      if (isOver) return
      isOver = true
      watch.stop()
      signal.removeEventListener('abort', onAbort)
      if (opened !== null && 'body' in opened) {
        if (failure === null && receive?.hasEnded() === false) letEnd(opened.body, clock)
        else opened.body.cancel()
      }
      try {
        onEnd(failure, repair)
      } finally {
        if (!hasStatus) {
          reject(failure?.cause instanceof ClientGone ? failure.cause : failure ?? new Error('an end before a status'))
        } else if (failure === null) sink?.end(last)
        else if (sink === null) pendingFailure = failure
        else tell(failure)
      }
    }

    function tell (failure: GatewayError): void {
      try {
        // whoever left needs no telling
        if (!(signal.reason instanceof ClientGone)) sink?.write((repair?.fail ?? dialect.failStream)(failure))
      } finally {
        sink?.end()
      }
    }
  })
}

/** `queueMicrotask` does the same, and on Node makes an object of its own each time. */
const settled = Promise.resolve()

function letEnd (body: UpstreamBody, { setTimer }: Pick<Clock, 'setTimer'>): void {
  body.resume()
  setTimer(() => {
    body.cancel()
  }, drainMs)
}

function tooLong (): GatewayError {
  return new GatewayError('upstream_timeout', 'The answer took longer than an hour and was broken off.')
}
