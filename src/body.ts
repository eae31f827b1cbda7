// Upstream's bytes on their way in. A reader is told of each piece by a call, not by a promise that it waits for: a
// stream of tokens is thousands of small pieces, and each would cost several turns of the event loop's queue. A leaf.

export interface BodyReader {
  /**
   * A piece, in order. None of the three may throw.
   * @param hasMore whether more may come in this turn, before any promise is heard of
   */
  readonly bytes: (piece: Uint8Array, hasMore: boolean) => void
  /** Nothing follows. Of `end` and `fail` one is called, once; neither after `cancel`. */
  readonly end: () => void
  /** The connection broke, was silent for too long, or was aborted. */
  readonly fail: (reason: unknown) => void
}

/** UTF-8 to text, of whole characters; a byte order mark is kept. */
export type Decode = (piece: Uint8Array, from?: number, to?: number) => string

export interface UpstreamBody {
  /** A runtime's own way, where it has a faster one than `TextDecoder`. */
  readonly decode?: Decode
  /** From now on `reader` is told: first of what came meanwhile. Once. */
  readonly start: (reader: BodyReader) => void
  /** Enough for now: nothing is read from the connection until `resume`. A piece that was read already may still come. */
  readonly pause: () => void
  readonly resume: () => void
  /** Nobody wants the rest: the connection is closed, unless all of it was read. */
  readonly cancel: () => void
}

/** A body of a runtime, or of a test, that gives its pieces one at a time. */
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
    pause () { isPaused = true },
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
