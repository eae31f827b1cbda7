// A streamed answer on its way out: from upstream's bytes, through the scanner, to whatever the runtime sends. It keeps a
// silent client alive, gives a silent upstream up, and never ends a broken answer as if it were whole.
import type { Dialect, StreamTidy } from '../dialects/dialect.ts'
import type { Headers, Reply } from '../contract.ts'
import { ClientGone, GatewayError, toGatewayError } from '../errors.ts'
import { createPace, silent, type Pace } from './pace.ts'
import { createScanner } from './scan.ts'

/** What upstream turned out to give: a stream to watch, or text that is ready. */
export type Opened =
  | { readonly headers: Headers, readonly body: AsyncIterable<Uint8Array>, readonly tidy: StreamTidy }
  | { readonly headers: Headers, readonly text: string }

export interface StreamOptions {
  /**
   * Begins the call. @param signal of the whole call: fires when the client leaves, and when this side has done with it;
   * a body that is waited for can be closed in no other way
   * @throws {GatewayError} while nothing was sent that is a status, afterwards an event
   */
  readonly open: (signal: AbortSignal) => Promise<Opened>
  readonly dialect: Dialect
  /** Headers of the reply that are known before upstream answers. */
  readonly headers: Headers
  readonly heartbeatMs: number
  readonly idleMs: number
  readonly signal: AbortSignal
  /** Hears of every end, once. Null for a good one. */
  readonly onEnd: (error: GatewayError | null, tidy: StreamTidy | null) => void
}

export const eventStreamHeaders: Headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** So long upstream may take to close after its last event; a connection that closed by itself can be used again. */
const drainMs = 250

/** No answer takes so long; a stream that never ends would hold its places for ever. Looked at with every piece and every heartbeat. */
const longestMs = 3_600_000

/** Waits a heartbeat for upstream's status; after that the client has its 200, and failures are told in the stream. */
export async function streamReply (options: StreamOptions): Promise<Reply> {
  const { open, heartbeatMs, headers, signal, onEnd } = options
  const pace = createPace(heartbeatMs)
  const closing = new AbortController()
  let isEnded = false
  const end: End = (error, tidy) => {
    if (isEnded) return
    isEnded = true
    pace.stop()
    closing.abort(new ClientGone())
    onEnd(error, tidy)
  }
  const opening = open(AbortSignal.any([signal, closing.signal]))
  opening.catch(() => {})   // a client that leaves before the body is read leaves nobody to hear of it
  try {
    const opened = await pace.wait(opening, Infinity, () => new Error('unreachable'))
    const known = opened === silent ? {} : opened.headers
    signal.throwIfAborted()
    let hasBegun = false
    // A body that nobody begins to read has no end of its own.
    signal.addEventListener('abort', () => { if (!hasBegun) end(toGatewayError(signal.reason), null) }, { once: true })
    return { status: 200, headers: { ...eventStreamHeaders, ...headers, ...known }, body: relay(opening, opened === silent, pace, options, () => { hasBegun = true }, end) }
  } catch (thrown) {
    end(toGatewayError(thrown), null)
    throw thrown
  }
}

type End = StreamOptions['onEnd']

async function * relay (opening: Promise<Opened>, isLate: boolean, pace: Pace, options: StreamOptions, begin: () => void, end: End): AsyncGenerator<Uint8Array | string> {
  const { dialect, signal } = options
  begin()
  let tidy: StreamTidy | null = null
  let failure: GatewayError | null = null
  try {
    if (isLate) yield dialect.ping
    let opened = await pace.wait(opening, Infinity, idle)
    while (opened === silent) {
      yield dialect.ping
      opened = await pace.wait(opening, Infinity, idle)
    }
    if ('text' in opened) yield opened.text
    else {
      tidy = opened.tidy
      yield * scanned(opened.body, tidy, pace, options)
    }
  } catch (thrown) {
    failure = toGatewayError(thrown)
    if (!(signal.reason instanceof ClientGone)) yield (tidy?.fail ?? dialect.failStream)(failure)   // whoever left needs no telling
  } finally { end(failure, tidy) }
}

async function * scanned (body: AsyncIterable<Uint8Array>, tidy: StreamTidy, pace: Pace, { dialect, idleMs }: StreamOptions): AsyncGenerator<Uint8Array | string> {
  const scanner = createScanner(tidy)
  const beganAt = performance.now()
  const upstream = body[Symbol.asyncIterator]()
  /** Until when upstream may go on after its last event, whatever it sends. */
  let drainsUntil = Infinity
  try {
    while (performance.now() < drainsUntil) {
      if (performance.now() - beganAt > longestMs) throw tooLong()
      const next = upstream.next()
      let step = await pace.wait(next, tidy.isDone() ? drainMs : idleMs, idle)
      while (step === silent) {
        if (!tidy.isDone()) yield dialect.ping
        if (performance.now() - beganAt > longestMs) throw tooLong()
        step = await pace.wait(next, tidy.isDone() ? drainMs : idleMs, idle)
      }
      if (step.done === true) break
      const out = scanner.push(step.value)
      if (out !== null) {
        yield out
        pace.sign()
      }
      scanner.assertSound()
      if (tidy.isDone()) drainsUntil = Math.min(drainsUntil, performance.now() + drainMs)
    }
    const rest = scanner.end()
    if (rest !== '') yield rest
  } catch (thrown) {
    if (!tidy.isDone()) throw thrown instanceof GatewayError ? thrown : broken(thrown)   // what breaks after the end breaks nothing
  } finally {
    // Not awaited: a body that hangs must not hold the client, and it is closed by the signal. Closing one that has ended does nothing.
    upstream.return?.()?.catch(() => {})
  }
}

function idle (): GatewayError {
  return new GatewayError('upstream_timeout', 'Copilot stopped sending in the middle of its answer.')
}

function tooLong (): GatewayError {
  return new GatewayError('upstream_timeout', 'The answer took longer than an hour and was broken off.')
}

function broken (cause: unknown): GatewayError {
  return new GatewayError('upstream_error', 'The connection to Copilot broke in the middle of its answer.', { cause })
}
