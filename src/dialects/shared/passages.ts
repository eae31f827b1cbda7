// The growing text of an answer, for citations that point into it. A passage is read from the pieces around it: a slice
// of the whole would copy the whole text for each citation.

export interface Passages {
  readonly push: (text: string) => void
  readonly length: () => number
  /** At most `maxLength` characters, because a citation may point at the whole text. */
  readonly slice: (from: number, to: number) => string
}

const pieceLength = 4_096
const maxLength = 1_024

export function createPassages (): Passages {
  const pieces: string[] = []
  /** The start of each piece. */
  const starts: number[] = []
  let tail = ''
  let tailStart = 0

  return {
    push (text) {
      tail += text
      if (tail.length < pieceLength) return
      pieces.push(tail)
      starts.push(tailStart)
      tailStart += tail.length
      tail = ''
    },
    length: () => tailStart + tail.length,
    slice (from, to) {
      const end = Math.min(to, from + maxLength)
      let out = ''
      for (let nth = pieceAt(from); nth < pieces.length && (starts[nth] ?? 0) < end; nth++) {
        const start = starts[nth] ?? 0
        out += (pieces[nth] ?? '').slice(Math.max(0, from - start), end - start)
      }
      return end > tailStart ? out + tail.slice(Math.max(0, from - tailStart), end - tailStart) : out
    },
  }

  /** The last piece that begins at or before `at`. */
  function pieceAt (at: number): number {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}
