// What a chunk becomes: the parts of it that stay, as they came, and what takes the place of the others.
import { utf8 } from '../bytes.ts'
import { createTarget, reserve, takeWritten, type Target } from './fast-text/target.ts'

export interface Pieces {
  /** Keeps all before `from`, so that an event can be written into the target; what follows begins at `to`. */
  readonly skip: (from: number, to: number) => void
  readonly target: Target
  /** Puts a text in the place of a part. */
  readonly replace: (from: number, to: number, by: Uint8Array | string) => void
  /** All up to `to`: the chunk itself if nothing was replaced, and null if nothing is left. */
  readonly end: (to: number) => Uint8Array | string | null
}

export function createPieces (bytes: Uint8Array): Pieces {
  // Repaired events are a little longer than they came.
  const target = createTarget(bytes.length + (bytes.length >> 2))
  /** Where the part begins that stays so far. */
  let keptFrom = 0
  /** A text that is not yet in the target: it goes out as it is if nothing else does. */
  let only = ''

  return {
    target,
    skip (from, to) {
      flush(from)
      keptFrom = to
    },
    replace (from, to, by) {
      flush(from)
      keptFrom = to
      if (typeof by === 'string' && target.used === 0) only = by
      else write(typeof by === 'string' ? utf8(by) : by)
    },
    end (to) {
      const isKept = target.used === 0 && only === ''
      if (isKept) return to === keptFrom ? null : to - keptFrom === bytes.length ? bytes : bytes.subarray(keptFrom, to)
      if (target.used === 0 && to === keptFrom) return only
      flush(to)
      return takeWritten(target)
    },
  }

  /** Writes the text that waits, and the part up to `to` that stays. */
  function flush (to: number): void {
    if (only !== '') write(utf8(only))
    only = ''
    if (to > keptFrom) write(bytes.subarray(keptFrom, to))
  }

  function write (piece: Uint8Array): void {
    const at = reserve(target, piece.length)
    target.bytes.set(piece, at)
  }
}
