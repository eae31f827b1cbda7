// One request on undici's dispatcher, and the body of its answer. Undici's own streams stand on the same calls; here
// they reach the reader as they come.
import type { Dispatcher } from 'undici'
import type { BodyReader, UpstreamBody } from '../body.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { pieceFollows } from './internals/piece-follows.ts'

/** What came before anybody read it may be so much; then the connection waits. */
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
    dispatcher.dispatch(options, new Exchange(signal, resolve, reject))
  })
}

/**
 * A class, for undici calls its methods by the thousand, and each stream has one: closures would be made anew for each.
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
  /** Told to the reader who comes later. */
  #failure: { readonly reason: unknown } | null = null

  constructor (signal: AbortSignal, resolve: (answer: Answered) => void, reject: (reason: unknown) => void) {
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    signal.addEventListener('abort', this, { once: true })
  }

  /** Of the signal. One that aborts while the request waits for a connection is heeded at once. */
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
    if (this.#isOver) return // a proxy's own refusal: told already, and its body is nobody's
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
    this.#reject(reason) // of no consequence once there was an answer
    this.#reader?.fail(reason)
  }

  #close (): void {
    this.#isOver = true
    this.#signal.removeEventListener('abort', this)
  }

  decode (piece: Uint8Array, from = 0, to = piece.length): string {
    return (Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length)).toString('utf8',
      from, to)
  }

  start (reader: BodyReader): void {
    const held = this.#held
    this.#held = []
    this.#reader = reader
    // and the rest, if it is there by then; who cancels in the middle is told no more
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
    this.#reader = nobody
    if (!this.#isOver) this.#controller?.abort(unwanted)
  }
}

const nobody: BodyReader = { bytes () {}, end () {}, fail () {} }
const unwanted = new Error('Nobody reads on.')
