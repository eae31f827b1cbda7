// Sends one request with undici's dispatcher, and hands over the body of its answer piece by piece. Undici builds its
// own streams from the same calls.
import type { Dispatcher } from 'undici'
import type { BodyReader, UpstreamBody } from '../body.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { createKeptShapes, imitateUpstream, requestMadeBy } from './internals/kept-shapes.ts'
import { pieceFollows } from './internals/piece-follows.ts'

/** Keeps this much before there is a reader. With more, the connection waits. */
const heldBytes = 65_536

export interface Answered {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: UpstreamBody
}

/** @throws what undici throws, or the signal's reason */
export function dispatch (
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const exchange = new Exchange(signal, resolve, reject)
    if (shapes.isDue()) exchange.imitated = requestMadeBy(() => dispatcher.dispatch(options, exchange))
    else dispatcher.dispatch(options, exchange)
  })
}

const shapes = createKeptShapes()

/**
 * A class, so that all streams share its methods: undici calls them thousands of times.
 */
class Exchange implements Dispatcher.DispatchHandler, UpstreamBody {
  readonly #signal: AbortSignal
  readonly #resolve: (answer: Answered) => void
  readonly #reject: (reason: unknown) => void
  #controller: Dispatcher.DispatchController | null = null
  #reader: BodyReader | null = null
  #held: Buffer[] = []
  #heldBytes = 0
  #isOver = false
  /** For a reader that starts after the failure. */
  #failure: { readonly reason: unknown } | null = null
  /** Undici's request, if objects with its shapes are to be kept. */
  imitated: object | null = null

  constructor (signal: AbortSignal, resolve: (answer: Answered) => void, reject: (reason: unknown) => void) {
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    signal.addEventListener('abort', this, { once: true })
  }

  /** The signal aborted. A request that still waits for a connection ends at once. */
  handleEvent (): void {
    if (this.#controller === null) this.#reject(this.#signal.reason)
    else this.#controller.abort(this.#signal.reason as Error)
  }

  onRequestStart (controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#signal.aborted) controller.abort(this.#signal.reason as Error)
  }

  onResponseStart (
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: UpstreamResponse['headers'],
  ): void {
    if (status >= 200) this.#resolve({ status, headers: headers, body: this })
  }

  onResponseData (controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#isOver) return // the body of a proxy's own refusal, after the refusal was reported
    if (this.#reader !== null) return this.#reader.bytes(piece, pieceFollows(piece))
    this.#held.push(piece)
    this.#heldBytes += piece.length
    if (this.#heldBytes > heldBytes) controller.pause()
  }

  onResponseEnd (): void {
    this.#close()
    this.#reader?.end()
  }

  onResponseError (_controller: Dispatcher.DispatchController | null, reason: unknown): void {
    this.#close()
    this.#failure = { reason }
    this.#reject(reason) // has no effect after an answer
    this.#reader?.fail(reason)
  }

  #close (): void {
    this.#isOver = true
    this.#signal.removeEventListener('abort', this)
    const { imitated } = this
    const controller = this.#controller
    this.imitated = null
    if (imitated === null || controller === null) return
    shapes.keep(() =>
      imitateUpstream(imitated, controller, new Exchange(new AbortController().signal, () => {}, () => {}))
    )
  }

  decode (piece: Uint8Array, from = 0, to = piece.length): string {
    return (Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length)).toString('utf8',
      from, to)
  }

  start (reader: BodyReader): void {
    const held = this.#held
    this.#held = []
    this.#reader = reader
    // The rest follows, unless the reader cancels in between: then `noReader` gets it.
    for (const piece of held) this.#reader.bytes(piece, true)
    if (!this.#isOver) return this.resume()
    if (this.#failure === null) this.#reader.end()
    else this.#reader.fail(this.#failure.reason)
  }

  pause (): void {
    if (!this.#isOver) this.#controller?.pause()
  }

  resume (): void {
    if (!this.#isOver) this.#controller?.resume()
  }

  cancel (): void {
    this.#reader = noReader
    if (!this.#isOver) this.#controller?.abort(unwanted)
  }
}

const noReader: BodyReader = { bytes () {}, end () {}, fail () {} }
const unwanted = new Error('The reader cancelled.')
