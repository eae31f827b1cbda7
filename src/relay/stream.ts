// Streams an answer: upstream's bytes go through the scanner to the runtime's sink. A waiting client gets heartbeats, a
// silent upstream is given up, and a broken answer never ends as if it were whole.
//
// Each piece is a chain of plain calls: there is no promise, iterator or stream between the two sockets.
import { concatBytes } from '../bytes.ts'
import type { Clock, Flow, Headers, Reply, Sink } from '../contract.ts'
import type { ClientDialect, StreamRepair } from '../dialects/contract/dialect.ts'
import { ClientGone, GatewayError, toGatewayError } from '../errors.ts'
import type { UpstreamBody } from '../body.ts'
import type { FirstToken } from './fast-text/fast-text.ts'
import { brokeOff, fellSilent } from './failures.ts'
import { createScanner } from './scan.ts'
import { createWatch } from './watch.ts'

/** Upstream's answer: a stream, or text that is complete. */
export type Opened = { readonly headers: Headers, readonly body: UpstreamBody, readonly repair: StreamRepair } | {
  readonly headers: Headers,
  readonly text: string,
}

export interface StreamOptions {
  /**
   * Begins the call. @param hasStatus whether the client has its status and headers already
   * @throws {GatewayError} which becomes the reply's error, or an event if the client has its status
   */
  readonly open: (hasStatus: () => boolean) => Promise<Opened>
  readonly dialect: Pick<ClientDialect, 'ping' | 'failStream'>
  /** Headers of the reply that are known before upstream answers. */
  readonly headers: Headers
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>
  readonly heartbeatMs: number
  readonly idleMs: number
  /** Fires when the client leaves, and ends the stream. `open` must watch it too. */
  readonly signal: AbortSignal
  /**
   * Called once, at the end. The error is null if the answer was complete.
   * @param firstTokenAt of the clock's `monotonic`; NaN without one
   * @returns what the end of a complete answer waits for, if anything; it must not reject
   */
  readonly onEnd: (
    error: GatewayError | null,
    repair: StreamRepair | null,
    firstTokenAt: number,
  ) => Promise<void> | null | void
}

export const eventStreamHeaders: Headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** How long upstream may take to close after its last event: a connection that closes by itself can be used again. */
const drainMs = 250

/**
 * The longest time of an answer: a stream that never ends would hold its places for ever. Checked with every piece and
 * every heartbeat.
 */
const longestMs = 3_600_000

/** Waits one heartbeat for upstream's status. After that the client gets a 200, and a failure becomes an event. */
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
    const first: FirstToken = { at: NaN, monotonic: clock.monotonic }
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
        if (pendingFailure !== null) return sendFailure(pendingFailure)
        if (isOver) return given.end()
        if (opened === null) write(dialect.ping) // a heartbeat has passed without an answer
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

    /** Scans pieces that arrive together at once: the HTTP parser gives each chunk separately. */
    function createReceiver (repair: StreamRepair, decode: UpstreamBody['decode']) {
      const scanner = createScanner(repair, decode, first)
      let waiting: Uint8Array[] = []
      let hasEnded = false
      const scan = (): void => {
        if (isOver || waiting.length === 0) return
        const now = watch.onUpstream()
        try {
          const [first] = waiting
          const piece = waiting.length === 1 && first !== undefined ? first : concatBytes(waiting)
          waiting = []
          const out = scanner.push(piece)
          if (repair.isDone() || !scanner.isSound()) return close(out)
          if (out !== null) write(out, now)
        } catch (thrown) {
          return finish(toGatewayError(thrown))
        } // a bug: only its own request fails
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
          if (!hasMore) scan()
          else if (waiting.length === 1) void settled.then(scan)
        },
        hasEnded: () => hasEnded,
        end (): void {
          hasEnded = true
          scan()
          if (!isOver) close(null)
        },
        fail (reason: unknown): void {
          hasEnded = true
          scan()
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

    /** @param last the rest of a complete answer */
    function finish (failure: GatewayError | null, last?: Uint8Array | string): void {
      if (isOver) return
      isOver = true
      watch.stop()
      signal.removeEventListener('abort', onAbort)
      if (opened !== null && 'body' in opened) {
        if (failure === null && receive?.hasEnded() === false) letEnd(opened.body, clock)
        else opened.body.cancel()
      }
      let settling: ReturnType<typeof onEnd> = null
      try {
        settling = onEnd(failure, repair, first.at)
      } finally {
        if (!hasStatus) {
          reject(failure?.cause instanceof ClientGone ? failure.cause : failure ?? new Error('an end before a status'))
        } else if (failure === null) endAfter(settling ?? null, last)
        else if (sink === null) pendingFailure = failure
        else sendFailure(failure)
      }
    }

    function endAfter (settling: Promise<void> | null, last: Uint8Array | string | undefined): void {
      if (settling === null) return sink?.end(last)
      void settling.then(() => {
        sink?.end(last)
      })
    }

    function sendFailure (failure: GatewayError): void {
      try {
        // A client that has left gets nothing.
        if (!(signal.reason instanceof ClientGone)) sink?.write((repair?.fail ?? dialect.failStream)(failure))
      } finally {
        sink?.end()
      }
    }
  })
}

/** `queueMicrotask` does the same, but makes an object for each call on Node. */
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
