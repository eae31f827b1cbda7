// What a chunk becomes: the parts of it that stay, as they came, and what takes the place of the others.
import { createTarget, takeWritten, writeBytes, writeText, type Target } from './fast-text/target.ts'

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
  /** Texts that are not yet in the target: together they cost one encoding, or none if nothing else goes out. */
  let texts = ''

  return {
    target,
    skip (from, to) {
      flush(from)
      keptFrom = to
    },
    replace (from, to, by) {
      if (from > keptFrom || typeof by !== 'string') flush(from)
      keptFrom = to
      if (typeof by === 'string') texts += by
      else writeBytes(target, by)
    },
    end (to) {
      const isKept = target.used === 0 && texts === ''
      if (isKept) return to === keptFrom ? null : to - keptFrom === bytes.length ? bytes : bytes.subarray(keptFrom, to)
      if (target.used === 0 && to === keptFrom) return texts
      flush(to)
      return takeWritten(target)
    },
  }

  /** Writes the texts that wait, and the part up to `to` that stays. */
  function flush (to: number): void {
    if (texts !== '') writeText(target, texts)
    texts = ''
    if (to > keptFrom) writeBytes(target, bytes.subarray(keptFrom, to))
  }
}
