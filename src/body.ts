// Upstream's bytes. A reader gets each piece by a call and not by a promise: a stream of tokens has thousands of small
// pieces, and every promise would cost several turns of the event loop's queue. A leaf.

export interface BodyReader {
  /**
   * The next piece. None of the three functions may throw.
   * @param hasMore whether more pieces may come in this turn of the event loop, before any promise runs
   */
  readonly bytes: (piece: Uint8Array, hasMore: boolean) => void
  /** The body is complete. Either `end` or `fail` is called, once, and neither after `cancel`. */
  readonly end: () => void
  /** The connection broke, was silent for too long, or was aborted. */
  readonly fail: (reason: unknown) => void
}

/** Decodes UTF-8 that ends on a whole character. Keeps a byte order mark. */
export type Decode = (piece: Uint8Array, from?: number, to?: number) => string

export interface UpstreamBody {
  /** The runtime's own decoder, if it has a faster one than `TextDecoder`. */
  readonly decode?: Decode
  /** Starts the reader: it first gets the pieces that have already arrived. Call it once. */
  readonly start: (reader: BodyReader) => void
  /** Stops reading from the connection until `resume`. Pieces that were already read may still arrive. */
  readonly pause: () => void
  readonly resume: () => void
  /** Discards the rest: closes the connection, unless the whole body was read. */
  readonly cancel: () => void
}

/** Makes a body of a runtime's (or a test's) pieces. */
export function bodyOf (pieces: AsyncIterable<Uint8Array>): UpstreamBody {
  const steps = pieces[Symbol.asyncIterator]()
  let reader: BodyReader | null = null
  let isPaused = false
  let isWaiting = false
  let isOver = false

  const next = (): void => {
    if (reader === null || isPaused || isWaiting || isOver) return
    isWaiting = true
    steps.next().then(step => {
      isWaiting = false
      if (isOver) return
      if (step.done !== true) {
        reader?.bytes(step.value, false)
        return next()
      }
      isOver = true
      reader?.end()
    }, (reason: unknown) => {
      if (isOver) return
      isOver = true
      reader?.fail(reason)
    })
  }
  return {
    start (given) {
      reader = given
      next()
    },
    pause () {
      isPaused = true
    },
    resume () {
      isPaused = false
      next()
    },
    cancel () {
      if (isOver) return
      isOver = true
      steps.return?.()?.catch(() => {})
    },
  }
}
